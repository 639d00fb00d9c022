import type { Artifact } from '../core/artifact.ts';
import type { Fingerprint, StageName } from '../core/brands.ts';
import type { JsonValue } from '../core/json.ts';
import type { Reason } from '../core/reason.ts';
import type { SourceRange } from '../core/source-range.ts';

/** What pipeline.lock keeps of a stage's last good result. */
export interface StageEvidence {
  readonly cmd: readonly string[];
  readonly wdir?: string;
  /** Sorted by path. */
  readonly deps: readonly Artifact[];
  /** File -> key as written in the stage -> value. A whole-file entry uses the key `*`. */
  readonly params: Readonly<Record<string, Readonly<Record<string, JsonValue>>>>;
  /** Name -> value, or a hash of it where it comes from outside. */
  readonly env?: Readonly<Record<string, string>>;
  /** Sorted by path. */
  readonly outs: readonly Artifact[];
}

/** Evidence of every stage that has some, by stage name. */
export type Evidence = ReadonlyMap<StageName, StageEvidence>;

/** What a stage would read if it ran now. A dep is unknown while a stage that makes it has yet to run. */
export interface StageInputs {
  readonly deps: ReadonlyMap<string, DepState>;
  readonly params: StageEvidence['params'];
  /** Params files that a stage has yet to make: their values are unknown, and stand in no other field. */
  readonly unmadeParams?: ReadonlyMap<string, StageName>;
  /** Declared keys that their file lacks. */
  readonly missingParams: readonly MissingParam[];
  readonly env: Readonly<Record<string, string>>;
}

export interface MissingParam {
  readonly file: string;
  readonly key: string;
  /** Names that the file has and that look like it. */
  readonly near: readonly string[];
  readonly at: SourceRange;
}

export type DepState =
  | { readonly state: 'present'; readonly artifact: Artifact }
  | { readonly state: 'missing' }
  | { readonly state: 'unknown'; readonly until: StageName };

export type PlannedAction = 'run' | 'restore' | 'checkout' | 'skip';

export interface StagePlan {
  readonly stage: StageName;
  readonly action: PlannedAction;
  readonly reasons: readonly Reason[];
  /** False when an upstream stage has yet to run: this one may turn out to be unchanged. */
  readonly certain: boolean;
  /** Absent while a dep is unknown. */
  readonly fingerprint?: Fingerprint;
  /** For `restore`: the run that made the result. */
  readonly madeBy?: string;
  /** For `skip`: outs that stand as recorded, but that the cache has lost; they are put back into it. */
  readonly uncached?: readonly string[];
}

/** What `mlp repro` would do: printed by status, dry run and --json, and carried out by execute. */
export interface Plan {
  /** In an order in which they can run; ties in order of declaration. */
  readonly stages: readonly StagePlan[];
  /** Tracked data that stages read and that is missing: put back before anything else. Absent where none is. */
  readonly data?: readonly MissingData[];
}

/** Data that no stage makes, gone from the workspace. */
export interface MissingData {
  readonly path: string;
  /** Says what it holds. */
  readonly record: string;
  /** `url`: no cache has it, so it is fetched from where it was imported. */
  readonly from: 'cache' | 'url';
}

/** A result that the run cache knows. */
export interface KnownResult {
  readonly outs: readonly Artifact[];
  readonly madeBy?: string;
}
