import type { StageConfig } from '../config/types.ts';
import type { StageName } from '../core/brands.ts';
import type { EventSink } from '../core/events.ts';
import type { Failure } from '../core/failure.ts';
import type { ArtifactCache } from '../cache/artifact-cache.ts';
import type { RunCache } from '../cache/run-cache.ts';
import type { Result } from '../core/result.ts';
import type { Hasher } from '../fs/hasher.ts';
import type { StageView } from '../plan/plan-stage.ts';
import type { PlanInput } from '../plan/plan-run.ts';
import type { Plan, StageEvidence, StagePlan } from '../plan/types.ts';
import type { OnFailure } from './schedule.ts';
import type { StageRunner } from './stage-runner.ts';

/** A plan with all that it takes to carry it out. */
export interface Execution {
  readonly plan: Plan;
  readonly input: PlanInput;
  /** Direct upstream stages. */
  readonly needs: (stage: StageName) => readonly StageName[];
  readonly concurrency: number;
  readonly onFailure: OnFailure;
  /** Ends the stages that run; called for `end-running` with the stage that failed. */
  readonly endRunning: (failed: StageName) => void;
  /** False: outs are hashed and recorded, and nothing of them goes into the cache. */
  readonly commit: boolean;
  readonly runName: string;
  /** Environment of a stage beside its own: names and values. */
  readonly environmentOf: (view: StageView, plan: StagePlan) => Result<Readonly<Record<string, string>>>;
  /** Reads the stage's params files once more; called when a stage above may have made one. */
  readonly readParamsAgain: (stage: StageConfig) => Promise<Failure | undefined>;
  readonly hasher: Hasher;
  readonly cache: ArtifactCache;
  readonly runCache: RunCache;
  readonly runner: StageRunner;
  /** Called when a stage has a good result, before dependents start. */
  readonly onEvidence: (stage: StageName, evidence: StageEvidence) => void;
  readonly emit: EventSink;
  readonly signal: AbortSignal;
}
