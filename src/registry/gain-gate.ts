import type { GainResult, GateRules } from './gates.ts';
import { isLabelMetric, pairedGain } from './paired-gain.ts';
import { isLowerBetter, primaryMetric } from './primary-metric.ts';
import type { ProbeReport } from './probe.ts';

export interface GainInput {
  readonly rules: GateRules;
  readonly report: ProbeReport;
  readonly candidate: Recorded;
  readonly production: (Recorded & { readonly version: number }) | null;
  readonly seed: number;
}

interface Recorded {
  readonly metrics: Readonly<Record<string, number>>;
}

type Judged = { readonly verdict: 'passed' | 'refused' | 'skipped' } & GainResult;
type Measured = Pick<GainResult, 'gain' | 'value' | 'was' | 'interval' | 'rows'>;

const unknown: Measured = { gain: null, value: null, was: null, interval: null, rows: null };
/** Below this two values of a metric are the same: what is left of rounding. */
const sameWithin = 1e-12;

/**
 * One result for the primary metric, and one for every further rule with `minGain`.
 * A gate refuses when the gain itself is below `minGain` (0 unless the rule says otherwise). The interval is there to judge by
 * and decides nothing: asking for a certain win would refuse most honest small steps, and asking only for no certain loss
 * would let a model slide down step by step.
 */
export function gainGates(input: GainInput): Judged[] {
  const rules = input.rules.thresholds.filter(({ minGain }) => minGain !== undefined);
  const asked = rules.map(({ metric, minGain }) => ({ metric, minGain: minGain ?? 0 }));
  if (asked.length === 0) asked.push({ metric: primaryMetric(input.rules), minGain: 0 });
  return asked.map((rule) => judge(input, rule));
}

function judge(input: GainInput, rule: { metric: string; minGain: number }): Judged {
  const against = input.production?.version ?? null;
  const measured = input.production === null ? unknown : measure(input, rule.metric);
  const result: GainResult = { gate: 'gain', ...rule, against, ...measured };
  if (result.gain === null) return { verdict: verdictUnmeasured(input, rule.metric), ...result };
  // Written so that not-a-number refuses.
  return { verdict: result.gain >= rule.minGain - sameWithin ? 'passed' : 'refused', ...result };
}

/** Without a version in Production there is nothing to lose against. A metric that the rules name must be there, though. */
function verdictUnmeasured(input: GainInput, metric: string): 'refused' | 'skipped' {
  const named = input.rules.thresholds.some((rule) => rule.metric === metric);
  return input.production !== null && named ? 'refused' : 'skipped';
}

function measure(input: GainInput, metric: string): Measured {
  return onTestSet(input, metric) ?? fromRecords(input, metric);
}

/** Both on the same rows, now: the only fair comparison. Undefined when one of them gave no answers or labels do not suffice. */
function onTestSet({ report, seed }: GainInput, metric: string): Measured | undefined {
  const { candidate, production, testSet } = report;
  if (testSet === undefined || testSet.truth.length === 0 || !isLabelMetric(metric)) return undefined;
  if (!candidate.loads || production?.loads !== true) return undefined;
  if (candidate.predictions === undefined || production.predictions === undefined) return undefined;
  const answers = { truth: testSet.truth, candidate: candidate.predictions, production: production.predictions };
  const paired = pairedGain(answers, metric, seed);
  return {
    gain: paired.gain,
    value: paired.candidate,
    was: paired.production,
    interval: paired.interval,
    rows: testSet.truth.length,
  };
}

function fromRecords({ rules, candidate, production }: GainInput, metric: string): Measured {
  const value = candidate.metrics[metric];
  const was = production?.metrics[metric];
  if (value === undefined || was === undefined) return unknown;
  const gain = isLowerBetter(rules, metric) ? was - value : value - was;
  return { ...unknown, gain, value, was };
}
