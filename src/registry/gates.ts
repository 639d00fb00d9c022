/** What a model must fulfil, as its pipeline says. */
export interface GateRules {
  /** `min`/`max` bound the recorded value; `minGain` is what it must win over production (0: not lose). */
  readonly thresholds: readonly ThresholdRule[];
  /** Milliseconds that one prediction may take, median. */
  readonly maxLatencyMs?: number;
}

export interface ThresholdRule {
  readonly metric: string;
  readonly min?: number;
  readonly max?: number;
  readonly minGain?: number;
}

/** What a metric won over the version in Production. */
export interface GainResult {
  readonly gate: 'gain';
  readonly metric: string;
  /** What it had to win at least; 0: not to lose. */
  readonly minGain: number;
  /** The version in Production, null when there is none. */
  readonly against: number | null;
  /** Positive is better, also for a metric of which less is better. */
  readonly gain: number | null;
  readonly value: number | null;
  readonly was: number | null;
  /** 95 % bootstrap interval of the gain; null when it comes from recorded metrics. */
  readonly interval: readonly [number, number] | null;
  /** Rows of the test set that both were asked about; null when the values are the recorded ones. */
  readonly rows: number | null;
}

/** What one gate measured and said. `skipped`: there was nothing to measure against; it neither passes nor refuses. */
export type GateResult = { readonly verdict: 'passed' | 'refused' | 'skipped' } & (
  | { readonly gate: 'loads'; readonly milliseconds: number | null; readonly problem: string | null }
  | {
      readonly gate: 'example';
      readonly expected: { readonly label: string; readonly probability: number } | null;
      readonly got: { readonly label: string; readonly probability: number } | null;
    }
  | {
      readonly gate: 'threshold';
      readonly metric: string;
      readonly bound: 'min' | 'max';
      readonly limit: number;
      /** Null when the run recorded no such metric. */
      readonly value: number | null;
    }
  | GainResult
  | { readonly gate: 'latency'; readonly limitMs: number; readonly medianMs: number | null }
);

export const isPassed = (gates: readonly GateResult[]): boolean => gates.every(({ verdict }) => verdict !== 'refused');

/** Gates that said something, and how many of them passed: `3/3`. */
export function gateCount(gates: readonly GateResult[]): { passed: number; of: number } {
  const asked = gates.filter(({ verdict }) => verdict !== 'skipped');
  return { passed: asked.filter(({ verdict }) => verdict === 'passed').length, of: asked.length };
}
