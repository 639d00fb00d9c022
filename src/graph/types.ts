import type { StageConfig } from '../config/types.ts';
import type { StageName } from '../core/brands.ts';

/** The stages with their edges: every stage that makes something another one reads comes before it. */
export interface Graph {
  /** In an order in which they can run; of those that could come next, the first declared does. */
  readonly stages: readonly StageConfig[];
  readonly byName: ReadonlyMap<StageName, StageConfig>;
  /** The stages directly above each one, in the order of `stages`. Every stage has an entry. */
  readonly upstream: ReadonlyMap<StageName, readonly StageName[]>;
  /** The stages directly below each one, in the order of `stages`. Every stage has an entry. */
  readonly downstream: ReadonlyMap<StageName, readonly StageName[]>;
  /**
   * The stages that make a path that some stage reads (as a dep or a params file): the path is an out, lies in an out directory,
   * or is a directory that holds outs. A path that no stage makes has no entry.
   */
  readonly makers: ReadonlyMap<string, readonly StageName[]>;
  /** What stands before the names of the stages of the pipeline file that the command was called with; names may be given without it. */
  readonly home: string;
}
