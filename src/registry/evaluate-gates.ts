import { gainGates, type GainInput } from './gain-gate.ts';
import type { GateResult, GateRules, ThresholdRule } from './gates.ts';
import type { ProbedPackage } from './probe.ts';

/** Gates of a version on its way to Staging: does it work, and is it good enough by itself. */
export function stagingGates(input: Pick<GainInput, 'rules' | 'report' | 'candidate'>): GateResult[] {
  const { rules, report, candidate } = input;
  return [
    loads(report.candidate),
    example(report.candidate),
    ...rules.thresholds.flatMap((rule) => thresholds(rule, candidate.metrics)),
    ...latency(rules, report.candidate),
  ];
}

/** Gates of a version on its way to Production: those of Staging, and that nothing is lost against what serves now. */
export function productionGates(input: GainInput): GateResult[] {
  return [...stagingGates(input), ...gainGates(input)];
}

const verdictOf = (passed: boolean): 'passed' | 'refused' => (passed ? 'passed' : 'refused');

function loads(probed: ProbedPackage): GateResult {
  return {
    gate: 'loads',
    verdict: verdictOf(probed.loads),
    milliseconds: probed.loads ? probed.loadMs : null,
    problem: probed.loads ? null : probed.problem,
  };
}

/** Skipped when the package does not load: that was said already. */
function example(probed: ProbedPackage): GateResult {
  if (!probed.loads) return { gate: 'example', verdict: 'skipped', expected: null, got: null };
  const { same, expected, got } = probed.example;
  return { gate: 'example', verdict: verdictOf(same), expected, got };
}

/** On the metrics that the pipeline recorded. One that it did not record refuses, and so does not-a-number. */
function thresholds(rule: ThresholdRule, metrics: Readonly<Record<string, number>>): GateResult[] {
  const { metric, min, max } = rule;
  const value = metrics[metric] ?? null;
  const bounds: GateResult[] = [];
  const add = (bound: 'min' | 'max', limit: number, passed: boolean): void => {
    bounds.push({ gate: 'threshold', verdict: verdictOf(passed), metric, bound, limit, value });
  };
  if (min !== undefined) add('min', min, value !== null && value >= min);
  if (max !== undefined) add('max', max, value !== null && value <= max);
  return bounds;
}

function latency(rules: GateRules, probed: ProbedPackage): GateResult[] {
  const limitMs = rules.maxLatencyMs;
  if (limitMs === undefined) return [];
  if (!probed.loads) return [{ gate: 'latency', verdict: 'skipped', limitMs, medianMs: null }];
  return [{ gate: 'latency', verdict: verdictOf(probed.medianMs <= limitMs), limitMs, medianMs: probed.medianMs }];
}
