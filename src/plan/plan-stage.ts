import type { Artifact } from '../core/artifact.ts';
import type { Fingerprint, StageName } from '../core/brands.ts';
import type { Reason } from '../core/reason.ts';
import type { StageConfig } from '../config/types.ts';
import { inputReasons, outReasons } from './compare.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { KnownResult, StageEvidence, StageInputs, StagePlan } from './types.ts';

/** Everything that decides what becomes of one stage. */
export interface StageView {
  readonly stage: StageConfig;
  readonly inputs: StageInputs;
  /** What stands at the stage's out paths now. */
  readonly outs: ReadonlyMap<string, Artifact | undefined>;
  readonly recorded: StageEvidence | undefined;
  /** Why to run even if nothing changed. */
  readonly forced: Extract<Reason, { kind: 'forced' }> | undefined;
  readonly makerOf: (path: string) => StageName | undefined;
  /** What the run cache knows of a fingerprint. */
  readonly known: (fingerprint: Fingerprint) => KnownResult | undefined;
  readonly cached: (artifact: Artifact) => boolean;
  /** Whether the content can be had without running: from the cache, or because it stands in the workspace. */
  readonly obtainable: (artifact: Artifact) => boolean;
}

/** Decides what becomes of one stage, and records why. Reads nothing but the view. */
export function planStage(view: StageView): StagePlan {
  const { stage } = view;
  if (stage.frozen) return planFrozen(view);
  const waitsFor = unknownUpstream(view.inputs);
  const known = waitsFor.length > 0 ? undefined : fingerprintFor(view);
  const fingerprint = known === undefined ? {} : { fingerprint: known };
  const inputsDiffer = differences(view);
  const outsDiffer = view.recorded === undefined ? [] : outReasons(view.outs, view.recorded.outs);
  // A stage that is forced because one above changed need not be told to come after it.
  const told = view.forced?.by === undefined ? waitsFor : [];
  const upstream = told.map((name): Reason => ({ kind: 'upstream', stage: name }));
  const pressing: Reason[] = [
    ...(view.forced === undefined ? [] : [view.forced]),
    ...(alwaysRuns(stage) ? [{ kind: 'always-changed' } as const] : []),
  ];
  const reasons = [...inputsDiffer, ...pressing, ...outsDiffer, ...upstream];
  const plan = { stage: stage.name, reasons, ...fingerprint };

  if (pressing.length > 0) return { ...plan, action: 'run', certain: true };
  if (upstream.length > 0) return { ...plan, action: 'run', certain: inputsDiffer.length > 0 };
  if (reasons.length === 0) return { ...plan, action: 'skip', certain: true, ...uncachedOuts(view) };
  if (inputsDiffer.length === 0 && view.recorded?.outs.every(view.obtainable) === true) {
    return { ...plan, action: 'checkout', certain: true };
  }
  const result = known === undefined ? undefined : restorable(view, known);
  if (result === undefined) return { ...plan, action: 'run', certain: true };
  return {
    ...plan,
    action: 'restore',
    certain: true,
    ...(result.madeBy === undefined ? {} : { madeBy: result.madeBy }),
  };
}

/**
 * Whether equal inputs give equal outs, so that a result can stand for another run. Not of a stage without outs, which is run for its
 * effect, nor of one that adds to what an earlier run left.
 */
export const isRepeatable = (stage: StageConfig): boolean =>
  stage.outs.length > 0 && !stage.alwaysChanged && !stage.outs.some((out) => out.persist);

/** A result in the run cache that can be put back whole. */
function restorable(view: StageView, fingerprint: Fingerprint): KnownResult | undefined {
  if (!isRepeatable(view.stage)) return undefined;
  const result = view.known(fingerprint);
  // Exactly its own: an entry that names another path, in whatever way it came there, must not write to it.
  const whole =
    result?.outs.length === view.stage.outs.length &&
    view.stage.outs.every(({ path }) => result.outs.some((out) => out.path === path));
  return whole && result.outs.every(view.obtainable) ? result : undefined;
}

/** A stage that reads and makes nothing exists for its effect: it runs each time. */
const alwaysRuns = (stage: StageConfig): boolean =>
  stage.alwaysChanged || (stage.deps.length === 0 && stage.outs.length === 0 && stage.params.length === 0);

function uncachedOuts(view: StageView): { uncached?: readonly string[] } {
  const kept = new Set(view.stage.outs.filter((out) => out.cache).map((out) => out.path));
  const lost = (view.recorded?.outs ?? [])
    .filter((out) => kept.has(out.path) && !view.cached(out))
    .map((out) => out.path);
  return lost.length === 0 ? {} : { uncached: lost };
}

/** A frozen stage is taken as it stands; only missing outs are put back. */
function planFrozen(view: StageView): StagePlan {
  const missing = outReasons(view.outs, view.recorded?.outs ?? []).filter((reason) => reason.kind === 'out-missing');
  const action = missing.length > 0 && view.recorded?.outs.every(view.obtainable) === true ? 'checkout' : 'skip';
  return { stage: view.stage.name, action, reasons: action === 'skip' ? [] : missing, certain: true };
}

function unknownUpstream(inputs: StageInputs): StageName[] {
  const waiting = [...inputs.deps.values()].flatMap((dep) => (dep.state === 'unknown' ? [dep.until] : []));
  return [...new Set([...waiting, ...(inputs.unmadeParams?.values() ?? [])])];
}

function differences(view: StageView): Reason[] {
  if (view.recorded === undefined) return [{ kind: 'never-run' }];
  return inputReasons(definitionOf(view.stage), view.inputs, view.recorded, view.makerOf);
}

const definitionOf = (stage: StageConfig): { cmd: readonly string[]; wdir: string; outPaths: readonly string[] } => ({
  cmd: stage.cmd,
  wdir: stage.wdir,
  outPaths: stage.outs.map((out) => out.path),
});

/** The fingerprint for inputs that are all known; undefined while a dep is missing. */
export function fingerprintFor(view: Pick<StageView, 'stage' | 'inputs'>): Fingerprint | undefined {
  const deps: Artifact[] = [];
  for (const dep of view.inputs.deps.values()) {
    if (dep.state !== 'present') return undefined;
    deps.push(dep.artifact);
  }
  const { cmd, wdir, outPaths } = definitionOf(view.stage);
  return fingerprintOf({ cmd, wdir, deps, params: view.inputs.params, env: view.inputs.env, outs: outPaths });
}
