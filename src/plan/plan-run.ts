import type { Artifact } from '../core/artifact.ts';
import type { Fingerprint, StageName } from '../core/brands.ts';
import { failure, type Failure } from '../core/failure.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { StageConfig } from '../config/types.ts';
import { nearPaths } from './near-paths.ts';
import { planStage, type StageView } from './plan-stage.ts';
import type { DepState, Evidence, KnownResult, Plan, StageInputs, StagePlan } from './types.ts';

/** What planning needs to know of the pipeline, the workspace and the past. All of it is gathered before. */
export interface PlanInput {
  /** In an order in which they can run. */
  readonly stages: readonly StageConfig[];
  /** Content of every dep and out path in the workspace; undefined where nothing stands. */
  readonly artifacts: ReadonlyMap<string, Artifact | undefined>;
  /** Names that stand in the folder of each path of `artifacts` that is not there, to tell typing errors. */
  readonly siblings: ReadonlyMap<string, readonly string[]>;
  /** Parameter and environment values of a stage, as they are now. */
  readonly settingsOf: (stage: StageConfig) => StageSettings;
  readonly evidence: Evidence;
  /** Whether a stage is one of `stages`. */
  readonly takesPart: (stage: StageName) => boolean;
  /** Stages whose outs are the path, lie in it, or hold it. */
  readonly makersOf: (path: string) => readonly StageName[];
  readonly forced: ReadonlySet<StageName>;
  /** The stages to force once this one has come by another result; none unless what is below a change is forced. */
  readonly forcedBelow: (stage: StageName) => readonly StageName[];
  readonly known: (fingerprint: Fingerprint) => KnownResult | undefined;
  /** Whether the cache has the content. */
  readonly cached: (artifact: Artifact) => boolean;
}

export type StageSettings = Pick<StageInputs, 'params' | 'missingParams' | 'env'>;

/** The part of the pipeline's state that changes while stages are carried out, in thought (planRun) or in fact (execute). */
export interface PlanState {
  readonly artifacts: Map<string, Artifact | undefined>;
  /** Stages whose outs are about to change. */
  readonly pending: Set<StageName>;
  /** Stages that are forced because one above has another result now: below -> above. */
  readonly forcedBy: Map<StageName, StageName>;
}

/** The state before anything was done. */
export const stateBefore = ({ artifacts }: Pick<PlanInput, 'artifacts'>): PlanState => ({
  artifacts: new Map(artifacts),
  pending: new Set(),
  forcedBy: new Map(),
});

/** Forces what is below a stage that ran or was given another result, where that is asked for. */
export function forceBelow(stage: StageName, input: Pick<PlanInput, 'forcedBelow'>, state: PlanState): void {
  for (const below of input.forcedBelow(stage)) if (!state.forcedBy.has(below)) state.forcedBy.set(below, stage);
}

/** A planned stage with everything that decided it. */
export interface PlannedStage {
  readonly view: StageView;
  readonly plan: StagePlan;
}

/**
 * What `mlp repro` would do with the workspace as it is. Where a stage must run, what it will write is unknown, so the stages
 * below it are planned as runs that are not certain.
 */
export function planRun(input: PlanInput): Result<Plan, readonly Failure[]> {
  const stages = planStages(input);
  const problems = stages.flatMap(({ view, plan }) => [
    ...missingInputs(view, input),
    ...missingFrozenOuts(view, plan),
  ]);
  return problems.length > 0 ? err(problems) : ok({ stages: stages.map(({ plan }) => plan) });
}

/** Plans every stage, with what it was planned from. */
export function planStages(input: PlanInput): PlannedStage[] {
  const state = stateBefore(input);
  const moving = new Map<StageName, ReadonlySet<string>>();
  return input.stages.map((stage) => {
    const view = viewOf(stage, input, state, moving);
    const plan = planStage(view);
    if (plan.action === 'run') state.pending.add(stage.name);
    else if (plan.action !== 'skip') {
      const outs = comingOuts(plan, view);
      moving.set(stage.name, new Set(outs.map((out) => out.path)));
      for (const out of outs) state.artifacts.set(out.path, out);
    }
    if (plan.action === 'run' || plan.action === 'restore') forceBelow(stage.name, input, state);
    return { view, plan };
  });
}

/** What decides about one stage, given how far the pipeline has come. */
export function viewOf(
  stage: StageConfig,
  input: Omit<PlanInput, 'stages' | 'artifacts'>,
  state: PlanState,
  moving: Moving = new Map(),
): StageView {
  const settings = madeSettings(input.settingsOf(stage), unmadeParams(stage, input, { state, moving }));
  const deps = new Map(stage.deps.map(({ path }) => [path, depState(path, input, state, moving)]));
  const outs = new Map(stage.outs.map(({ path }) => [path, state.artifacts.get(path)]));
  const standing = new Map([...outs.values()].flatMap((out) => (out === undefined ? [] : [[out.path, out.hash]])));
  return {
    stage,
    inputs: { deps, ...settings },
    outs,
    recorded: input.evidence.get(stage.name),
    forced: forcedWhy(stage.name, input, state),
    makerOf: (path) => input.makersOf(path)[0],
    known: input.known,
    cached: input.cached,
    obtainable: (artifact) => standing.get(artifact.path) === artifact.hash || input.cached(artifact),
  };
}

function forcedWhy(stage: StageName, { forced }: Pick<PlanInput, 'forced'>, state: PlanState): StageView['forced'] {
  if (forced.has(stage)) return { kind: 'forced' };
  const by = state.forcedBy.get(stage);
  return by === undefined ? undefined : { kind: 'forced', by };
}

/** The params files of a stage that a stage above has yet to make or to put back, with that stage. */
function unmadeParams(
  stage: StageConfig,
  input: Pick<PlanInput, 'makersOf'>,
  { state, moving }: { readonly state: PlanState; readonly moving: Moving },
): ReadonlyMap<string, StageName> {
  const unmade = stage.params.flatMap(({ file }): [string, StageName][] => {
    const until = input.makersOf(file).find((maker) => state.pending.has(maker) || moving.has(maker));
    return until === undefined ? [] : [[file, until]];
  });
  return new Map(unmade);
}

function madeSettings(
  settings: StageSettings,
  unmade: ReadonlyMap<string, StageName>,
): StageSettings & Pick<StageInputs, 'unmadeParams'> {
  if (unmade.size === 0) return settings;
  return {
    params: Object.fromEntries(Object.entries(settings.params).filter(([file]) => !unmade.has(file))),
    missingParams: settings.missingParams.filter(({ file }) => !unmade.has(file)),
    env: settings.env,
    unmadeParams: unmade,
  };
}

/** Stages that will put known content back. Their outs are known as wholes, by these paths; what lies in them is not. */
type Moving = ReadonlyMap<StageName, ReadonlySet<string>>;

function depState(path: string, input: Pick<PlanInput, 'makersOf'>, state: PlanState, moving: Moving): DepState {
  const makers = input.makersOf(path);
  const until =
    makers.find((maker) => state.pending.has(maker)) ?? makers.find((maker) => moving.get(maker)?.has(path) === false);
  if (until !== undefined) return { state: 'unknown', until };
  const artifact = state.artifacts.get(path);
  return artifact === undefined ? { state: 'missing' } : { state: 'present', artifact };
}

function comingOuts(plan: StagePlan, view: StageView): readonly Artifact[] {
  if (plan.action === 'checkout') return view.recorded?.outs ?? [];
  return (plan.fingerprint === undefined ? undefined : view.known(plan.fingerprint))?.outs ?? [];
}

/** Deps that neither exist nor will be made, and params that their file lacks: errors before anything runs. */
function missingInputs(view: StageView, input: PlanInput): Failure[] {
  const { stage } = view;
  if (stage.frozen) return [];
  const deps = stage.deps
    .filter(({ path }) => view.inputs.deps.get(path)?.state === 'missing')
    .map(({ path, at }) => {
      const [by] = input.makersOf(path);
      if (by !== undefined && !input.takesPart(by))
        return failure('dep-not-selected', { path, by }, { at, stage: stage.name });
      const present = [...input.artifacts].flatMap(([other, artifact]) => (artifact === undefined ? [] : [other]));
      const near = nearPaths(path, { siblings: input.siblings.get(path) ?? [], known: present });
      return failure('missing-dep', { path, near }, { at, stage: stage.name });
    });
  const params = view.inputs.missingParams.map(({ file, key, near, at }) =>
    failure('missing-param', { file, key, near }, { at, stage: stage.name }),
  );
  return [...deps, ...params];
}

/** A frozen stage cannot run, so an out of it that is gone for good stops everything. */
function missingFrozenOuts(view: StageView, plan: StagePlan): Failure[] {
  const { stage } = view;
  if (!stage.frozen || plan.action === 'checkout') return [];
  return stage.outs
    .filter(({ path }) => view.outs.get(path) === undefined)
    .map(({ path, at }) => failure('frozen-out-missing', { path }, { at, stage: stage.name }));
}
