import type { StageConfig } from '../config/types.ts';
import type { Artifact } from '../core/artifact.ts';
import type { Fingerprint, StageName } from '../core/brands.ts';
import { failure, type Failure } from '../core/failure.ts';
import type { Reason } from '../core/reason.ts';
import { err, ok, type Result } from '../core/result.ts';
import { outReasons } from '../plan/compare.ts';
import { evidenceOf } from '../plan/evidence.ts';
import { fingerprintFor, isRepeatable, planStage, type StageView } from '../plan/plan-stage.ts';
import { stateBefore, viewOf } from '../plan/plan-run.ts';
import type { StageEvidence } from '../plan/types.ts';
import { recordedFingerprint } from './explain.ts';
import type { Project } from './open-project.ts';
import { lockWriterFor } from './lock-writer-for.ts';
import { planProject, type Planned, type PlanOptions } from './plan-project.ts';

export interface CommitOptions extends Pick<PlanOptions, 'targets' | 'env'> {
  /** Asked about stages whose inputs or outs are not as recorded; the failure when they are to stay as they are. */
  readonly accept: (differing: readonly DifferingStage[]) => Promise<Result<void>>;
}

export interface DifferingStage {
  readonly stage: StageName;
  readonly reasons: readonly Reason[];
}

export interface Committed {
  /** Recorded with the inputs and outs that stand now. */
  readonly recorded: readonly DifferingStage[];
  /** Paths of outs that went into the cache. */
  readonly stored: readonly string[];
  /** Stages whose inputs and outs were as recorded. */
  readonly unchanged: number;
  /** Stages that cannot be recorded, because an out or a dep of theirs is not there. Named ones are failures instead. */
  readonly left: readonly StageName[];
  /** What is recorded and stored now of every stage that is whole. */
  readonly results: readonly CommittedResult[];
}

export interface CommittedResult {
  readonly stage: StageConfig;
  readonly outs: readonly Artifact[];
  /** Of a result that stood as recorded: what the run that made it knew it by. */
  readonly madeAs?: Fingerprint;
}

/**
 * Stores outs that stand as recorded and that the cache lacks, and records as results what stands otherwise, if that is accepted. For
 * the holder of the workspace's lock. Stores before it records, so that killed anywhere it has recorded nothing that is not there.
 */
export async function commit(project: Project, options: CommitOptions): Promise<Result<Committed, readonly Failure[]>> {
  const planned = await planProject(project, { ...options, reach: 'alone', force: false, rebuildLock: false });
  if (!planned.ok) return planned;
  const looked = planned.value.input.stages.map((stage) => lookAt(stage, planned.value));
  const left = looked.filter(({ missing }) => missing !== undefined);
  if (options.targets.length > 0 && left.length > 0) return err(left.flatMap(({ missing }) => missing ?? []));
  const whole = looked.filter(({ missing }) => missing === undefined);

  const stored: string[] = [];
  const results = new Map<StageName, CommittedResult>();
  const keep = async (stage: StageConfig, result: Kept): Promise<Result<void, readonly Failure[]>> => {
    const kept = await keepResult(project, stage, result);
    if (!kept.ok) return err([kept.error]);
    stored.push(...kept.value);
    const { outs, fingerprint, replace } = result;
    const asMade = replace === true || fingerprint === undefined ? {} : { madeAs: fingerprint };
    results.set(stage.name, { stage, outs, ...asMade });
    return ok(undefined);
  };
  for (const { view, asRecorded } of whole) {
    const { recorded } = view;
    if (!asRecorded || recorded === undefined) continue;
    const kept = await keep(view.stage, { outs: recorded.outs, fingerprint: recordedFingerprint(recorded) });
    if (!kept.ok) return kept;
  }

  const differing = whole.filter(({ reasons }) => reasons.length > 0);
  const told = differing.map(({ view, reasons }) => ({ stage: view.stage.name, reasons }));
  const accepted = differing.length === 0 ? ok(undefined) : await options.accept(told);
  if (!accepted.ok) return err([accepted.error]);
  const lock = lockWriterFor(project, planned.value.evidence);
  for (const { view } of differing) {
    const outs = [...view.outs.values()].filter((out) => out !== undefined);
    const kept = await keep(view.stage, { outs, fingerprint: fingerprintFor(view), replace: true });
    if (!kept.ok) {
      lock.flush();
      return kept;
    }
    lock.note(view.stage.name, newEvidence(view, outs));
  }
  const written = lock.flush();
  if (!written.ok) return err([written.error]);
  return ok({
    recorded: told,
    stored,
    unchanged: whole.length - differing.length,
    left: left.map(({ view }) => view.stage.name),
    results: [...results.values()],
  });
}

interface Looked {
  readonly view: StageView;
  /** How inputs and outs differ from what is recorded. */
  readonly reasons: readonly Reason[];
  /** Whether the outs stand as recorded, whatever became of the inputs. */
  readonly asRecorded: boolean;
  /** Why nothing can be recorded of the stage. */
  readonly missing: Failure | undefined;
}

/** Takes every dep as it stands, also below a stage that is stale: what stands is what is recorded. */
function lookAt(stage: StageConfig, { input }: Planned): Looked {
  const view = viewOf(stage, input, stateBefore(input));
  const outsDiffer = view.recorded === undefined ? [] : outReasons(view.outs, view.recorded.outs);
  const all =
    stage.frozen && view.recorded !== undefined ? outsDiffer : planStage({ ...view, stage: thawed(stage) }).reasons;
  const absent =
    stage.outs.find(({ path }) => view.outs.get(path) === undefined) ??
    (stage.frozen ? undefined : stage.deps.find(({ path }) => view.inputs.deps.get(path)?.state !== 'present'));
  return {
    view,
    // A stage that always runs is not for that reason recorded otherwise.
    reasons: all.filter(({ kind }) => kind !== 'always-changed'),
    asRecorded: view.recorded !== undefined && outsDiffer.length === 0,
    missing:
      absent === undefined
        ? undefined
        : failure('nothing-to-commit', { path: absent.path }, { stage: stage.name, at: absent.at }),
  };
}

const thawed = (stage: StageConfig): StageConfig => ({ ...stage, frozen: false });

/** Of a frozen stage only the outs are taken anew: its inputs are not looked at. */
const newEvidence = (view: StageView, outs: readonly Artifact[]): StageEvidence =>
  view.stage.frozen && view.recorded !== undefined ? { ...view.recorded, outs } : evidenceOf(view, outs);

interface Kept {
  readonly outs: readonly Artifact[];
  readonly fingerprint: Fingerprint | undefined;
  /** Whether this is the result of the fingerprint from now on, whatever was known of it. */
  readonly replace?: true;
}

/** Puts a result into the cache and the run cache; gives the paths that the cache lacked. */
async function keepResult(project: Project, stage: StageConfig, result: Kept): Promise<Result<string[]>> {
  const cached = new Set(stage.outs.filter((out) => out.cache).map((out) => out.path));
  const stored: string[] = [];
  for (const out of result.outs) {
    if (!cached.has(out.path) || project.cache.has(out)) continue;
    const done = await project.cache.store(out);
    if (!done.ok) return err({ ...done.error, stage: stage.name });
    stored.push(out.path);
  }
  const { fingerprint, outs, replace } = result;
  if (fingerprint === undefined || !isRepeatable(stage)) return ok(stored);
  if (replace !== true && project.runCache.find(fingerprint) !== undefined) return ok(stored);
  const remembered = project.runCache.remember(fingerprint, { outs });
  return remembered.ok ? ok(stored) : remembered;
}
