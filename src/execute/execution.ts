import type { StageConfig } from '../config/types.ts';
import type { StageName } from '../core/brands.ts';
import type { EventSink } from '../core/events.ts';
import type { Failure } from '../core/failure.ts';
import type { ArtifactCache } from '../cache/artifact-cache.ts';
import type { RunCache } from '../cache/run-cache.ts';
import type { Hasher } from '../fs/hasher.ts';
import type { StageView } from '../plan/plan-stage.ts';
import type { PlanInput } from '../plan/plan-run.ts';
import type { Plan, StageEvidence, StagePlan } from '../plan/types.ts';
import type { StageRunner } from './stage-runner.ts';

/** A plan with all that it takes to carry it out. */
export interface Execution {
  readonly plan: Plan;
  readonly input: PlanInput;
  /** Direct upstream stages. */
  readonly needs: (stage: StageName) => readonly StageName[];
  readonly concurrency: number;
  readonly runName: string;
  /** Environment of a stage beside its own: names and values. */
  readonly environmentOf: (view: StageView, plan: StagePlan) => Readonly<Record<string, string>>;
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
