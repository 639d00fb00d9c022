import { assertNever } from '../core/assert-never.ts';
import type { GateResult } from '../registry/gates.ts';
import { formatDelta, formatNumber } from './format.ts';
import { plainLine } from './terminal-text.ts';

/** What a gate asks for, as a column: `macro_f1 >= 0.75`. */
export function gateTitle(result: GateResult): string {
  switch (result.gate) {
    case 'loads':
      return 'loads in a fresh process';
    case 'example':
      return 'reproduces its example';
    case 'threshold':
      return `${result.metric} ${result.bound === 'min' ? '>=' : '<='} ${result.limit}`;
    case 'gain': {
      const former = result.against === null ? 'Production' : `v${result.against}`;
      if (result.minGain === 0) return `${result.metric} not worse than ${former}`;
      return `${result.metric} gain over ${former} >= ${result.minGain}`;
    }
    case 'latency':
      return `one prediction <= ${result.limitMs} ms`;
    default:
      return assertNever(result);
  }
}

/** What it measured; of a refusal, by how much it failed. */
export function gateMeasured(result: GateResult): string {
  switch (result.gate) {
    case 'loads':
      return result.milliseconds === null ? plainLine(result.problem ?? '') : milliseconds(result.milliseconds);
    case 'example':
      return exampleText(result);
    case 'threshold':
      return thresholdText(result);
    case 'gain':
      return gainText(result);
    case 'latency':
      return latencyText(result);
    default:
      return assertNever(result);
  }
}

type Gate<Name extends GateResult['gate']> = Extract<GateResult, { gate: Name }>;

function milliseconds(value: number): string {
  return `${value < 10 ? value.toFixed(2) : value.toFixed(0)} ms`;
}

function exampleText({ verdict, expected, got }: Gate<'example'>): string {
  if (expected === null || got === null) return 'not asked';
  const said = (answer: { label: string; probability: number }, digits: number): string =>
    `${plainLine(answer.label)} ${answer.probability.toFixed(digits)}`;
  if (verdict === 'passed') return said(got, 2);
  // Two probabilities that differ only far behind the point still show that they differ.
  const digits = Math.abs(expected.probability - got.probability) < 0.01 ? 9 : 2;
  return `${said(expected, digits)} became ${said(got, digits)}`;
}

function thresholdText({ verdict, bound, limit, value, metric }: Gate<'threshold'>): string {
  if (value === null) return `the run recorded no ${metric}`;
  if (verdict === 'passed' || Number.isNaN(value)) return formatNumber(value);
  return `${formatNumber(value)}, ${formatNumber(Math.abs(value - limit))} too ${bound === 'min' ? 'low' : 'high'}`;
}

function gainText({ verdict, gain, minGain, against, interval }: Gate<'gain'>): string {
  if (against === null) return 'nothing is in Production yet';
  if (gain === null) return 'not recorded for both';
  const short = verdict === 'refused' && minGain !== 0 ? `, ${formatNumber(minGain - gain)} short` : '';
  const range = interval === null ? '' : ` (95 %: ${formatDelta(interval[0])} to ${formatDelta(interval[1])})`;
  return `${formatDelta(gain)}${short}${range}`;
}

function latencyText({ verdict, limitMs, medianMs }: Gate<'latency'>): string {
  if (medianMs === null) return 'not asked';
  return `${milliseconds(medianMs)}${verdict === 'refused' ? `, ${milliseconds(medianMs - limitMs)} too slow` : ''}`;
}
