import type { ContentHash } from '../core/brands.ts';
import type { Result } from '../core/result.ts';

/** What a fresh process is asked to measure. Folders and files are absolute. */
export interface ProbeRequest {
  readonly candidate: string;
  readonly production?: string;
  readonly testSet?: TestSet;
}

/** Labelled rows that candidate and production are both asked about. */
export interface TestSet {
  readonly path: string;
  readonly textColumn: string;
  readonly labelColumn: string;
}

export interface ProbeReport {
  readonly candidate: ProbedPackage;
  readonly production?: ProbedPackage;
  /** `truth`: of every row, the place of its label in `labels`, which holds what the packages say as well. */
  readonly testSet?: { readonly labels: readonly string[]; readonly truth: readonly number[] };
}

/** A package that does not load is a measurement, not a failure of the probe. */
export type ProbedPackage =
  { readonly loads: false; readonly problem: string } | ({ readonly loads: true } & LoadedPackage);

export interface LoadedPackage {
  /** Milliseconds from nothing to a model that answers. */
  readonly loadMs: number;
  readonly example: {
    readonly same: boolean;
    readonly expected: Answer;
    readonly got: Answer;
  };
  /** Median milliseconds of one prediction of one text, after warm-up. */
  readonly medianMs: number;
  /** Of every row of the test set, the place of the predicted label in `labels`. Not there where the test set lacks a column that the model takes. */
  readonly predictions?: readonly number[];
}

interface Answer {
  readonly label: string;
  /** Of that label. */
  readonly probability: number;
}

/** Loads packages in a process that has loaded nothing yet, and measures them. Fails when there is no report. */
export type PackageProbe = (request: ProbeRequest) => Promise<Result<ProbeReport>>;

/** A folder with this content, from the cache: the workspace may hold another by now. */
export type Materialise = (hash: ContentHash) => Promise<Result<string>>;
