import type { StageName } from '../core/brands.ts';
import type { JsonValue } from '../core/json.ts';
import type { SourceRange } from '../core/source-range.ts';

/**
 * One pipeline file, validated and expanded: plain data, serialisable, every path relative to the workspace with `/` and normalised.
 * Nothing behind `config/` reads YAML.
 */
export interface PipelineConfig {
  /** The pipeline file; of several, the one that the command was called with. */
  readonly file: string;
  /** All pipeline files where there are several; the stages of those below the root have names such as `sub/dvc.yaml:train`. */
  readonly files?: readonly string[];
  /** What stands before the names of the stages in `file`: `sub/dvc.yaml:`, or nothing. */
  readonly home?: string;
  /** In order of declaration; instances of a group in the order of its items. */
  readonly stages: readonly StageConfig[];
  readonly models: readonly ModelConfig[];
  /** Files that top-level `params`, `metrics` and `plots` name for display; not dependencies. */
  readonly shown: {
    readonly params: readonly PathRef[];
    readonly metrics: readonly PathRef[];
    readonly plots: readonly PlotConfig[];
  };
  readonly artifacts: readonly ArtifactConfig[];
  /**
   * Further files that decided this value, because templates took values from them or looked whether they are there: params.yaml, files
   * under `vars`. Whoever remembers a parsed pipeline must look at them again. Absent when there are none.
   */
  readonly sources?: readonly string[];
}

export interface PathRef {
  readonly path: string;
  readonly at: SourceRange;
}

export interface StageConfig {
  readonly name: StageName;
  /** The `foreach` or `matrix` stage that this one was expanded from. */
  readonly group?: string;
  readonly at: SourceRange;
  readonly desc?: string;
  readonly meta?: JsonValue;
  /** One command a line, run in order; a failing one stops the rest. */
  readonly cmd: readonly string[];
  /** Folder the commands run in; `.` is the workspace. */
  readonly wdir: string;
  readonly deps: readonly PathRef[];
  readonly params: readonly ParamsRef[];
  readonly outs: readonly OutConfig[];
  /** What the stage adds to its environment; part of its fingerprint. */
  readonly env: readonly EnvConfig[];
  readonly frozen: boolean;
  readonly alwaysChanged: boolean;
  readonly timeoutSeconds?: number;
  /** Further attempts after a failing one. */
  readonly retries: number;
}

/** Parameters a stage reads from one file: some keys (`train.c`; a prefix takes all below it), or the whole file. */
export interface ParamsRef {
  readonly file: string;
  readonly at: SourceRange;
  readonly keys: 'all' | readonly { readonly key: string; readonly at: SourceRange }[];
}

export interface OutConfig {
  readonly path: string;
  readonly at: SourceRange;
  /** Decides only where it is shown; never whether the stage is stale. */
  readonly kind: 'out' | 'metric' | 'plot';
  /** False: tracked by hash, not stored. */
  readonly cache: boolean;
  /** Kept before the command runs, so that it can add to it. */
  readonly persist: boolean;
  readonly desc?: string;
  /** Name of the remote it is kept in; absent for the default one. */
  readonly remote?: string;
  /** Present, and false, where it is not pushed. */
  readonly push?: boolean;
  readonly plot?: PlotStyle;
}

/** `value` sets the variable; null takes it from the environment mlp was started in. */
export interface EnvConfig {
  readonly name: string;
  readonly value: string | null;
  readonly at: SourceRange;
}

export interface PlotStyle {
  readonly x?: JsonValue;
  readonly y?: JsonValue;
  readonly xLabel?: string;
  readonly yLabel?: string;
  readonly title?: string;
  readonly template?: string;
  readonly header?: boolean;
}

export interface PlotConfig extends PlotStyle {
  readonly id: string;
  readonly at: SourceRange;
}

export interface ArtifactConfig {
  readonly name: string;
  readonly path: string;
  readonly at: SourceRange;
  readonly type?: string;
  readonly desc?: string;
  readonly labels: readonly string[];
  readonly meta?: JsonValue;
}

/** A registered model that the pipeline makes. */
export interface ModelConfig {
  readonly name: string;
  readonly at: SourceRange;
  /** The out that holds the model package. */
  readonly path: string;
  /** The metrics file that describes it. */
  readonly metrics?: string;
  /** Labelled rows that candidate and production are both asked about before a promotion. */
  readonly testSet?: { readonly path: string; readonly textColumn: string; readonly labelColumn: string };
  readonly gates: GatesConfig;
}

export interface GatesConfig {
  /** By metric name. `min`/`max` bound the value; `minGain` is what it must win over production (0: not lose). */
  readonly thresholds: readonly {
    readonly metric: string;
    readonly min?: number;
    readonly max?: number;
    readonly minGain?: number;
  }[];
  /** Milliseconds that one prediction may take in the fresh process, median. */
  readonly maxLatencyMs?: number;
}
