import type { StageConfig } from '../config/types.ts';
import { sameContent, type Artifact } from '../core/artifact.ts';
import type { StageName } from '../core/brands.ts';
import type { StageDone, StageFailed } from '../core/events.ts';
import { failure, type Failure } from '../core/failure.ts';
import { evidenceOf } from '../plan/evidence.ts';
import { fingerprintFor, isRepeatable, planStage, type StageView } from '../plan/plan-stage.ts';
import { forceBelow, stateBefore, viewOf, type PlanState } from '../plan/plan-run.ts';
import type { StagePlan } from '../plan/types.ts';
import type { Execution } from './execution.ts';

const notStarted = { exitStatus: null, signal: null, usage: { cpuSeconds: null, peakMemoryBytes: null }, attempts: 0 };

const standingOuts = (view: StageView): Artifact[] => [...view.outs.values()].filter((out) => out !== undefined);

/** A frozen stage gets here only when the cache did not have what it promised; it does not run for that. */
function missingFrozenOut({ stage, outs }: StageView): Failure {
  const gone = stage.outs.find(({ path }) => outs.get(path) === undefined) ?? stage.outs[0];
  return failure('frozen-out-missing', { path: gone?.path ?? stage.name }, { stage: stage.name, at: gone?.at });
}

/** Decides and does the work of single stages, and keeps what became of them. */
export class StageWorker {
  readonly done: StageDone[] = [];
  readonly failed: StageFailed[] = [];
  readonly #execution: Execution;
  readonly #state: PlanState;
  readonly #stages: ReadonlyMap<StageName, StageConfig>;

  constructor(execution: Execution) {
    this.#execution = execution;
    this.#stages = new Map(execution.input.stages.map((stage) => [stage.name, stage]));
    // None is pending: a stage is come to when all that it waits for is done, or is not to be waited for.
    this.#state = stateBefore(execution.input);
  }

  /** True when the stage has a good result, by whatever way. */
  async work(name: StageName): Promise<boolean> {
    const stage = this.#stageCalled(name);
    const startedAt = performance.now();
    const unreadable = await this.#lookAgain(stage);
    const view = viewOf(stage, this.#execution.input, this.#state);
    const plan = planStage(view);
    if (unreadable !== undefined) this.#fail(plan, { ...notStarted, failure: unreadable, startedAt });
    const done = unreadable === undefined ? await this.#carryOut(view, plan, startedAt) : undefined;
    if (done === undefined) {
      if (this.#execution.onFailure === 'ignore') await this.#lookAtOuts(stage);
      return false;
    }
    for (const out of done.outs) this.#state.artifacts.set(out.path, out);
    if (done.action === 'ran' || done.action === 'restored') forceBelow(name, this.#execution.input, this.#state);
    this.#note(done);
    return true;
  }

  /** Tells of a stage that was not come to that it is up to date; false, and nothing is told, when it is not. */
  noteUpToDate(name: StageName): boolean {
    const startedAt = performance.now();
    const view = viewOf(this.#stageCalled(name), this.#execution.input, this.#state);
    const plan = planStage(view);
    if (plan.action !== 'skip') return false;
    this.#note(this.#doneWith(view, plan, { action: 'unchanged', outs: standingOuts(view), startedAt }));
    return true;
  }

  #stageCalled(name: StageName): StageConfig {
    const stage = this.#stages.get(name);
    if (stage === undefined) throw new Error(`stage ${name} is in the plan but not in the pipeline`);
    return stage;
  }

  #note(done: StageDone): void {
    this.done.push(done);
    this.#execution.emit({ type: 'stage-done', ...done });
  }

  /** What stands at the outs of a stage that failed is what those that go on without it read. */
  async #lookAtOuts(stage: StageConfig): Promise<void> {
    for (const { path } of stage.outs) {
      const found = await this.#execution.hasher.artifact(path);
      this.#state.artifacts.set(path, found.ok ? found.value : undefined);
    }
  }

  /** Deps that lie in an upstream out, or hold one, are known by their own path only after a look; so are params that a stage makes. */
  async #lookAgain(stage: StageConfig): Promise<Failure | undefined> {
    const { makersOf } = this.#execution.input;
    if (stage.params.some(({ file }) => makersOf(file).length > 0)) {
      const unreadable = await this.#execution.readParamsAgain(stage);
      if (unreadable !== undefined) return { ...unreadable, stage: stage.name };
    }
    for (const { path } of stage.deps) {
      const makers = makersOf(path);
      const whole = makers.some((maker) => this.#stages.get(maker)?.outs.some((out) => out.path === path) === true);
      if (makers.length === 0 || whole) continue;
      const found = await this.#execution.hasher.artifact(path);
      if (!found.ok) return { ...found.error, stage: stage.name };
      this.#state.artifacts.set(path, found.value);
    }
    return undefined;
  }

  /** What a stage lacks although all above it are done: a dep that one of them took away, a key that a made params file has not got. */
  #missingInput({ stage, inputs }: StageView): Failure | undefined {
    const dep = stage.deps.find(({ path }) => inputs.deps.get(path)?.state === 'missing');
    if (dep !== undefined) {
      const { path, at } = dep;
      const makers = this.#execution.input.makersOf(path);
      const by = makers.find((maker) => this.failed.some((failed) => failed.stage === maker));
      const where = { stage: stage.name, at };
      return by === undefined
        ? failure('missing-dep', { path, near: [] }, where)
        : failure('dep-of-failed', { path, by }, where);
    }
    const [param] = inputs.missingParams;
    if (param === undefined) return undefined;
    const { file, key, near, at } = param;
    return failure('missing-param', { file, key, near }, { stage: stage.name, at });
  }

  async #carryOut(view: StageView, plan: StagePlan, startedAt: number): Promise<StageDone | undefined> {
    const { recorded } = view;
    if (plan.action === 'skip') return this.#unchanged(view, plan, startedAt);
    if (plan.action === 'checkout' && recorded !== undefined && (await this.#putBack(recorded.outs, view))) {
      return this.#doneWith(view, plan, { action: 'checked-out', outs: recorded.outs, startedAt });
    }
    const result =
      plan.action === 'restore' && plan.fingerprint !== undefined ? view.known(plan.fingerprint) : undefined;
    if (result !== undefined && (await this.#putBack(result.outs, view))) {
      const done = this.#doneWith(view, plan, { action: 'restored', outs: result.outs, startedAt });
      this.#execution.onEvidence(view.stage.name, evidenceOf(view, result.outs));
      return { ...done, ...(result.madeBy === undefined ? {} : { madeBy: result.madeBy }) };
    }
    return this.#run(view, plan, startedAt);
  }

  /** Nothing to do, except to give the cache what it lost. */
  async #unchanged(view: StageView, plan: StagePlan, startedAt: number): Promise<StageDone> {
    const outs = standingOuts(view);
    await this.#store(view.stage, outs);
    return this.#doneWith(view, plan, { action: 'unchanged', outs, startedAt });
  }

  async #run(view: StageView, plan: StagePlan, startedAt: number): Promise<StageDone | undefined> {
    const { stage } = view;
    const missing = stage.frozen ? missingFrozenOut(view) : this.#missingInput(view);
    if (missing !== undefined) {
      this.#fail(plan, { ...notStarted, failure: missing, startedAt });
      return undefined;
    }
    const env = this.#execution.environmentOf(view, plan);
    if (!env.ok) {
      this.#fail(plan, { ...notStarted, failure: { ...env.error, stage: stage.name }, startedAt });
      return undefined;
    }
    const run = await this.#execution.runner.run({ stage, reasons: plan.reasons, env: env.value });
    if (!run.good) {
      this.#fail(plan, { ...run.process, failure: run.failure, startedAt });
      return undefined;
    }
    const stored = await this.#store(stage, run.outs);
    if (stored !== undefined) {
      this.#execution.runner.putBack(run.placed);
      this.#fail(plan, { ...run.process, failure: stored, startedAt });
      return undefined;
    }
    await this.#recordRun(view, run.outs);
    run.placed.keepNew();
    const done = this.#doneWith(view, plan, { action: 'ran', outs: run.outs, startedAt });
    const { usage, attempts, logFile, trace } = run.process;
    return { ...done, usage, attempts, logFile, ...(trace === undefined ? {} : { trace }) };
  }

  /** Leaves evidence of a good run, unless an input changed meanwhile: then the result belongs to neither version. */
  async #recordRun(view: StageView, outs: readonly Artifact[]): Promise<void> {
    const { stage } = view;
    const changed = await this.#changedDep(view);
    if (changed !== undefined) {
      const text = `${changed.how} while ${stage.name} ran: the result is in place but not recorded, and ${changed.next}`;
      this.#execution.emit({ type: 'warning', text });
      return;
    }
    const fingerprint = fingerprintFor(view);
    if (fingerprint !== undefined && isRepeatable(stage) && this.#execution.commit) {
      const remembered = this.#execution.runCache.remember(fingerprint, { outs, madeBy: this.#execution.runName });
      if (!remembered.ok)
        this.#execution.emit({
          type: 'warning',
          text: 'the run cache could not be written; this result cannot be restored later',
        });
    }
    this.#execution.onEvidence(stage.name, evidenceOf(view, outs));
  }

  /** What happened to the first dep that is no longer what the stage began with, and what that means for the next run. */
  async #changedDep(view: StageView): Promise<{ readonly how: string; readonly next: string } | undefined> {
    for (const [path, dep] of view.inputs.deps) {
      const now = await this.#execution.hasher.artifact(path);
      const same = now.ok && now.value !== undefined && dep.state === 'present' && sameContent(now.value, dep.artifact);
      if (same) continue;
      const again = 'the next mlp repro runs it again';
      if (!now.ok || now.value !== undefined) return { how: `${path} changed`, next: again };
      // Where another stage makes it, it comes back by itself.
      const next = this.#execution.input.makersOf(path).length > 0 ? again : `the next mlp repro needs ${path} again`;
      return { how: `dep ${path} was removed`, next: `${next}; a stage must leave its own deps in place` };
    }
    return undefined;
  }

  /**
   * True when all outs stand as they were; false when the cache could not do it, and the stage must run. All are tried all the same, so
   * that whatever is damaged is found now and stored anew after that run.
   */
  async #putBack(outs: readonly Artifact[], view: StageView): Promise<boolean> {
    let whole = true;
    for (const out of outs) {
      const now = view.outs.get(out.path);
      if (now !== undefined && sameContent(now, out)) continue;
      const restored = await this.#execution.cache.restore(out);
      if (restored.ok) continue;
      whole = false;
      const { reason } = restored.error;
      if (reason === 'cache-object-corrupt') {
        this.#execution.emit({
          type: 'warning',
          text: `the cached copy of ${out.path} was damaged and is set aside; ${view.stage.name} runs again`,
        });
      }
    }
    return whole;
  }

  async #store(stage: StageConfig, outs: readonly Artifact[]): Promise<Failure | undefined> {
    if (!this.#execution.commit) return undefined;
    const cached = new Set(stage.outs.filter((out) => out.cache).map((out) => out.path));
    for (const out of outs) {
      if (!cached.has(out.path) || this.#execution.cache.has(out)) continue;
      const stored = await this.#execution.cache.store(out);
      if (!stored.ok) return { ...stored.error, stage: stage.name };
    }
    return undefined;
  }

  #doneWith(
    view: StageView,
    plan: StagePlan,
    how: { readonly action: StageDone['action']; readonly outs: readonly Artifact[]; readonly startedAt: number },
  ): StageDone {
    const deps = [...view.inputs.deps.values()].flatMap((dep) => (dep.state === 'present' ? [dep.artifact] : []));
    return {
      stage: view.stage.name,
      action: how.action,
      reasons: plan.reasons,
      seconds: (performance.now() - how.startedAt) / 1000,
      usage: { cpuSeconds: null, peakMemoryBytes: null },
      deps,
      outs: how.outs,
      attempts: 0,
      ...(plan.fingerprint === undefined ? {} : { fingerprint: plan.fingerprint }),
    };
  }

  #fail(
    plan: StagePlan,
    how: Omit<StageFailed, 'stage' | 'reasons' | 'seconds'> & { readonly startedAt: number },
  ): void {
    const { startedAt, ...rest } = how;
    const seconds = (performance.now() - startedAt) / 1000;
    const failed: StageFailed = { stage: plan.stage, reasons: plan.reasons, seconds, ...rest };
    this.failed.push(failed);
    this.#execution.emit({ type: 'stage-failed', ...failed });
  }
}
