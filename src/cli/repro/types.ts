import type { TraceMode } from '../../core/trace.ts';
import type { ReproOutcome } from '../../pipeline/repro-types.ts';

/** The words and options of `mlp repro`. */
export interface ReproFlags {
  readonly file?: string;
  readonly jobs: number;
  readonly allPipelines?: true;
  readonly dry?: true;
  readonly wait?: true;
  readonly force?: true;
  readonly forceDownstream?: true;
  readonly downstream?: true;
  readonly singleItem?: true;
  readonly keepGoing?: true;
  readonly ignoreErrors?: true;
  readonly failFast?: true;
  readonly trace?: TraceMode;
  readonly watch?: true;
  readonly runCache: boolean;
  readonly commit: boolean;
  readonly set?: readonly string[];
  readonly ci?: true;
  readonly report: string;
  readonly message?: string;
  readonly json?: true;
}

/** A repro that had something to do. */
export type Executed = Extract<ReproOutcome, { kind: 'executed' }>;
