import type { ContentHash, Fingerprint, StageName } from '../core/brands.ts';
import type { JsonValue } from '../core/json.ts';
import type { Reason } from '../core/reason.ts';
import type { SourceRange } from '../core/source-range.ts';
import type { PlannedAction } from './types.ts';

/** Everything `mlp explain` says of one stage: its plan, each input as recorded and as it is now, and what follows from it. */
export interface StageExplanation {
  readonly stage: StageName;
  readonly action: PlannedAction;
  /** As in the plan: false while a stage above has yet to run. */
  readonly certain: boolean;
  readonly reasons: readonly Reason[];
  /** The run that made the recorded evidence, where the store knows it. */
  readonly origin?: RunOrigin;
  /** `was` is absent when the stage was never run. */
  readonly cmd: { readonly was?: readonly string[]; readonly now: readonly string[] };
  /** Sorted by path; recorded and declared ones. */
  readonly deps: readonly ExplainedPath[];
  readonly params: readonly ExplainedParam[];
  readonly env: readonly ExplainedEnv[];
  readonly outs: readonly ExplainedPath[];
  readonly result: ExplainedResult;
  /** The stages that read what this one makes, nearest first. */
  readonly after: readonly { readonly stage: StageName; readonly through: readonly string[] }[];
}

export interface RunOrigin {
  readonly runName: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** A dep or an out. `was` is absent when it is new; `now` is `unknown` while the stage that makes it has yet to run. */
export interface ExplainedPath {
  readonly path: string;
  readonly was?: ContentHash;
  readonly now: ContentHash | 'missing' | 'unknown' | 'not-declared';
  /** Number of files now, of a directory. */
  readonly files?: number;
  /** The stage that makes it, if one does. */
  readonly by?: StageName;
}

/** A parameter; `was` or `now` is absent when it is new, or gone. */
export interface ExplainedParam {
  readonly file: string;
  readonly key: string;
  readonly was?: JsonValue;
  readonly now?: JsonValue;
  /** Where the present value stands. */
  readonly at?: SourceRange;
}

/** A variable by name alone: its value may be a secret. */
interface ExplainedEnv {
  readonly name: string;
  readonly same: boolean;
}

/** What the run cache knows of the present inputs. */
export type ExplainedResult =
  | { readonly known: 'yes'; readonly fingerprint: Fingerprint; readonly madeBy?: string }
  | { readonly known: 'no'; readonly fingerprint: Fingerprint }
  /** Some dep is missing, or not made yet. */
  | { readonly known: 'cannot-tell'; readonly until: string };
