import { readText } from '../config/read-text.ts';
import { paramPosition } from '../config/params-file.ts';
import type { StageConfig } from '../config/types.ts';
import type { Artifact } from '../core/artifact.ts';
import type { Fingerprint, StageName } from '../core/brands.ts';
import type { SourceRange } from '../core/source-range.ts';
import type { Graph } from '../graph/types.ts';
import type { ExplainedParam, ExplainedPath, ExplainedResult, StageExplanation } from '../plan/explain-types.ts';
import { fingerprintOf } from '../plan/fingerprint.ts';
import { planStages, type PlannedStage } from '../plan/plan-run.ts';
import type { DepState, StageEvidence } from '../plan/types.ts';
import type { Project } from './open-project.ts';
import { paramLeaves } from './param-leaves.ts';
import type { Planned } from './plan-project.ts';

/** Everything that is known of why a stage is as it is; undefined when the plan does not hold it. `origin` is for the caller to add. */
export function explainStage(project: Project, planned: Planned, name: StageName): StageExplanation | undefined {
  const stage = planStages(planned.input).find(({ plan }) => plan.stage === name);
  if (stage === undefined) return undefined;
  const { view, plan } = stage;
  const { recorded } = view;
  const env = Object.keys({ ...recorded?.env, ...view.inputs.env }).sort();
  return {
    stage: name,
    action: plan.action,
    certain: plan.certain,
    reasons: plan.reasons,
    cmd: { ...(recorded === undefined ? {} : { was: recorded.cmd }), now: view.stage.cmd },
    deps: explainDeps(stage),
    params: explainParams(stage, project.workspace.root),
    env: env.map((variable) => ({ name: variable, same: recorded?.env?.[variable] === view.inputs.env[variable] })),
    outs: explainOuts(stage),
    result: explainResult(stage),
    after: stagesAfter(project.graph, view.stage),
  };
}

/** The fingerprint of the work that the evidence is of. */
export const recordedFingerprint = (recorded: StageEvidence): Fingerprint =>
  fingerprintOf({
    cmd: recorded.cmd,
    wdir: recorded.wdir ?? '.',
    deps: recorded.deps,
    params: recorded.params,
    env: recorded.env ?? {},
    outs: recorded.outs.map((out) => out.path),
  });

const sortedUnion = (a: Iterable<string>, b: Iterable<string>): string[] => [...new Set([...a, ...b])].sort();

function explainDeps({ view }: PlannedStage): ExplainedPath[] {
  const was = byPath(view.recorded?.deps ?? []);
  return sortedUnion(was.keys(), view.inputs.deps.keys()).map((path) => {
    const by = view.makerOf(path);
    return { ...explainPath(path, was.get(path), view.inputs.deps.get(path)), ...(by === undefined ? {} : { by }) };
  });
}

function explainOuts({ view }: PlannedStage): ExplainedPath[] {
  const was = byPath(view.recorded?.outs ?? []);
  return sortedUnion(was.keys(), view.outs.keys()).map((path) => {
    const standing = view.outs.get(path);
    const now: DepState = standing === undefined ? { state: 'missing' } : { state: 'present', artifact: standing };
    return explainPath(path, was.get(path), view.outs.has(path) ? now : undefined);
  });
}

const byPath = (artifacts: readonly Artifact[]): Map<string, Artifact> =>
  new Map(artifacts.map((artifact) => [artifact.path, artifact]));

function explainPath(path: string, was: Artifact | undefined, now: DepState | undefined): ExplainedPath {
  const recorded = was === undefined ? {} : { was: was.hash };
  if (now === undefined) return { path, ...recorded, now: 'not-declared' };
  if (now.state !== 'present') return { path, ...recorded, now: now.state };
  const { hash, files } = now.artifact;
  return { path, ...recorded, now: hash, ...(files === undefined ? {} : { files }) };
}

function explainParams({ view }: PlannedStage, root: string): ExplainedParam[] {
  const was = view.recorded?.params ?? {};
  const now = view.inputs.params;
  return sortedUnion(Object.keys(was), Object.keys(now)).flatMap((file) => {
    const before = paramLeaves(was[file] ?? {});
    const after = paramLeaves(now[file] ?? {});
    const text = readText(root, file);
    const place = (key: string): SourceRange | undefined =>
      text.ok ? paramPosition(text.value, file, key) : undefined;
    return sortedUnion(before.keys(), after.keys()).map((key): ExplainedParam => {
      const at = after.has(key) ? place(key) : undefined;
      return {
        file,
        key,
        ...(before.has(key) ? { was: before.get(key) ?? null } : {}),
        ...(after.has(key) ? { now: after.get(key) ?? null } : {}),
        ...(at === undefined ? {} : { at }),
      };
    });
  });
}

function explainResult({ view, plan }: PlannedStage): ExplainedResult {
  const { fingerprint } = plan;
  if (fingerprint === undefined) {
    const open = [...view.inputs.deps].find(([, dep]) => dep.state !== 'present');
    const until = open?.[1].state === 'unknown' ? open[1].until : (open?.[0] ?? '');
    return { known: 'cannot-tell', until };
  }
  const known = view.known(fingerprint);
  if (known === undefined) return { known: 'no', fingerprint };
  return { known: 'yes', fingerprint, ...(known.madeBy === undefined ? {} : { madeBy: known.madeBy }) };
}

/** The stages directly below, each with the outs it reads. */
function stagesAfter(graph: Graph, stage: StageConfig): StageExplanation['after'] {
  return (graph.downstream.get(stage.name) ?? []).map((below) => {
    const reads = graph.byName.get(below)?.deps.map((dep) => dep.path) ?? [];
    const through = reads.filter((path) => graph.makers.get(path)?.includes(stage.name) === true);
    return { stage: below, through };
  });
}
