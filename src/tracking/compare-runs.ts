import type { RunId } from '../core/brands.ts';
import { sameJson } from '../core/json.ts';
import type { RunDetail } from './types.ts';

/** Runs side by side: what differs between them, and which is best. */
export interface Comparison {
  /** In the order given; the first is what the others are compared with. */
  readonly runs: readonly ComparedRun[];
  readonly params: {
    /** Sorted names of those that are not the same in all runs. */
    readonly differing: readonly string[];
    /** How many are. */
    readonly equal: number;
  };
  /** Sorted names of every metric that any of the runs has. */
  readonly metrics: readonly string[];
  /** Null when the runs have no metric to judge by. */
  readonly best: {
    readonly metric: string;
    readonly lowerIsBetter: boolean;
    /** More than one when they tie; none when there is but one run. */
    readonly runs: readonly RunId[];
  } | null;
}

export interface ComparedRun {
  readonly run: RunDetail;
  /** Null while it goes on. */
  readonly seconds: number | null;
  /** Value minus the first run's, for metrics that both have; empty for the first. */
  readonly deltas: Readonly<Record<string, number>>;
}

/** What best means, as far as it was said. */
export interface BestBy {
  readonly metric?: string;
  readonly lowerIsBetter?: boolean;
}

/** Metrics to judge by when none is named, best known first. */
const usualMetrics = ['macro_f1', 'f1', 'f1_macro', 'accuracy', 'auc', 'r2', 'rmse', 'loss'];
/** Words in a name that say that less is better. */
const lessIsBetter = /(^|[._/-])(loss|error|err|rmse|mse|mae|mape|brier|perplexity|latency|seconds|ms)([._/-]|$)/i;

/** Compares runs, of which there is at least one. */
export function compareRuns(runs: readonly RunDetail[], by: BestBy = {}): Comparison {
  const [first] = runs;
  const metrics = [...new Set(runs.flatMap((run) => Object.keys(run.metrics)))].sort();
  const names = [...new Set(runs.flatMap((run) => Object.keys(run.params)))].sort();
  const differing = names.filter((name) => runs.some((run) => !sameJson(run.params[name], first?.params[name])));
  return {
    runs: runs.map((run) => ({
      run,
      seconds: run.endedAt === null ? null : (run.endedAt - run.startedAt) / 1000,
      deltas: run === first ? {} : deltasOf(run.metrics, first?.metrics ?? {}),
    })),
    params: { differing, equal: names.length - differing.length },
    metrics,
    best: bestOf(runs, metrics, by),
  };
}

function deltasOf(
  metrics: Readonly<Record<string, number>>,
  baseline: Readonly<Record<string, number>>,
): Record<string, number> {
  return Object.fromEntries(
    Object.entries(metrics).flatMap(([name, value]) => {
      const was = baseline[name];
      return was === undefined ? [] : [[name, value - was]];
    }),
  );
}

function bestOf(runs: readonly RunDetail[], metrics: readonly string[], by: BestBy): Comparison['best'] {
  const metric = by.metric ?? usualMetrics.find((name) => metrics.includes(name)) ?? metrics[0];
  if (metric === undefined) return null;
  const lowerIsBetter = by.lowerIsBetter ?? lessIsBetter.test(metric);
  const values = runs.map((run) => run.metrics[metric]).filter((value) => value !== undefined && !Number.isNaN(value));
  const top = lowerIsBetter ? Math.min(...(values as number[])) : Math.max(...(values as number[]));
  const winners = runs.filter((run) => run.metrics[metric] === top).map(({ id }) => id);
  return { metric, lowerIsBetter, runs: runs.length > 1 ? winners : [] };
}
