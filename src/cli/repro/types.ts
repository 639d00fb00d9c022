import type { ReproOutcome } from '../../pipeline/repro-types.ts';

/** The words and options of `mlp repro`. */
export interface ReproFlags {
  readonly file?: string;
  readonly jobs: number;
  readonly dry?: true;
  readonly force?: true;
  readonly set?: readonly string[];
  readonly ci?: true;
  readonly report: string;
  readonly message?: string;
  readonly json?: true;
}

/** A repro that had something to do. */
export type Executed = Extract<ReproOutcome, { kind: 'executed' }>;
