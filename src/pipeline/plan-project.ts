import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { StageConfig } from '../config/types.ts';
import type { Artifact } from '../core/artifact.ts';
import type { StageName } from '../core/brands.ts';
import type { Failure } from '../core/failure.ts';
import { err, ok, type Result } from '../core/result.ts';
import { placeOf, type Workspace } from '../core/workspace.ts';
import { dependentsOf, selectTargets, type Reach } from '../graph/select-targets.ts';
import { planRun, type PlanInput } from '../plan/plan-run.ts';
import type { Evidence, Plan, StagePlan } from '../plan/types.ts';
import type { ComingData } from './data/coming-data.ts';
import { dataToRestore, namingRecords } from './fetch-imports.ts';
import type { Project } from './open-project.ts';
import { readEvidence } from './read-evidence.ts';
import { readParamsFiles, settingsOf, type ParamsFiles } from './settings.ts';

export interface PlanOptions {
  /** Stages, groups, globs or outs; none means all. */
  readonly targets: readonly string[];
  /** What goes with the targets; all that they need, unless said. */
  readonly reach?: Reach;
  readonly force: boolean;
  /** Force what is below a stage that ran or was given another result. */
  readonly forceDownstream?: boolean;
  /** False: a result that the run cache knows is not taken. */
  readonly runCache?: boolean;
  /** False: what the cache lost is no reason to do anything. */
  readonly commit?: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Take a lock file with merge conflicts for an empty one. */
  readonly rebuildLock: boolean;
  /** Take tracked data that is missing as put back, and say so in the plan. Without, it is an error: nothing puts it back any more. */
  readonly expectData?: boolean;
}

/** A plan with what it was made from, and whether there is anything to do at all. */
export interface Planned {
  readonly plan: Plan;
  readonly input: PlanInput;
  readonly paramsFiles: ParamsFiles;
  /** Reads the params files of a stage once more, for the plan's input and for `paramsFiles`. */
  readonly readParamsAgain: (stage: StageConfig) => Promise<Failure | undefined>;
  /** All of the lock file, of which the plan's stages may be a part. */
  readonly evidence: Evidence;
  readonly lockRebuilt: boolean;
  /** Whether the lock file has entries of stages that are gone. */
  readonly strayEvidence: boolean;
  readonly clean: boolean;
}

/** Looks at the workspace and plans. Changes nothing. */
export async function planProject(
  project: Project,
  options: PlanOptions,
): Promise<Result<Planned, readonly Failure[]>> {
  const { workspace, graph } = project;
  const selection = selectTargets(graph, options.targets, options.reach);
  if (!selection.ok) return selection;
  const selected = selection.value.stages;
  const stages = [...selected].flatMap((name) => graph.byName.get(name) ?? []);
  const evidence = await readEvidence(workspace.root, project.lockFile, project.memo);
  const conflict = !evidence.ok && evidence.error.reason === 'lock-file-conflict' && options.rebuildLock;
  if (!evidence.ok && !conflict) return err([evidence.error]);
  const recorded: Evidence = evidence.ok ? evidence.value : new Map();
  const params = await readParams(project, stages, project.texts);
  if (!params.ok) return params;
  const { files, readAgain } = params.value;
  const coming = await lookForData(project, options);
  if (!coming.ok) return err([coming.error]);
  const artifacts = await hashPaths(project, stages, coming.value);
  if (!artifacts.ok) return artifacts;
  const input: PlanInput = {
    stages,
    artifacts: artifacts.value,
    siblings: siblingsOf(project, artifacts.value),
    settingsOf: (stage) => settingsOf(stage, files, options.env),
    evidence: recorded,
    takesPart: (stage) => selected.has(stage),
    makersOf: (path) => graph.makers.get(path) ?? [],
    forced: options.force ? selected : new Set<StageName>(),
    forcedBelow: (stage) => (options.forceDownstream === true ? dependentsOf(graph, stage) : []),
    known: (fingerprint) => (options.runCache === false ? undefined : project.runCache.find(fingerprint)),
    cached: (artifact) => project.cache.has(artifact),
  };
  const planned = planRun(input);
  if (!planned.ok) return err(await namingRecords(project, planned.error));
  const plan = withData(planned.value, coming.value);
  const isDone = ({ action, uncached }: StagePlan): boolean =>
    action === 'skip' && (uncached === undefined || options.commit === false);
  const clean = coming.value.length === 0 && plan.stages.every(isDone);
  const base = { plan, input, paramsFiles: files, readParamsAgain: readAgain, evidence: recorded };
  const strayEvidence = [...recorded.keys()].some((stage) => !graph.byName.has(stage));
  return ok({ ...base, strayEvidence, lockRebuilt: conflict, clean: clean && !conflict && !wasInterrupted(workspace) });
}

/** Whether a killed mlp has left stages half done here, or another one is at work right now. */
export const wasInterrupted = (workspace: Workspace): boolean => existsSync(placeOf(workspace, 'asideOuts'));

interface ReadParams {
  readonly files: ParamsFiles;
  readonly readAgain: Planned['readParamsAgain'];
}

async function readParams(
  project: Project,
  stages: readonly StageConfig[],
  texts: ReadonlyMap<string, string>,
): Promise<Result<ReadParams, readonly Failure[]>> {
  const source = { root: project.workspace.root, memo: project.memo, texts };
  const read = await readParamsFiles(stages, source);
  if (!read.ok) return read;
  const files = new Map(read.value);
  const readAgain = async (stage: StageConfig): Promise<Failure | undefined> => {
    const again = await readParamsFiles([stage], source);
    if (!again.ok) return again.error[0];
    for (const [file, values] of again.value) files.set(file, values);
    return undefined;
  };
  return ok({ files, readAgain });
}

/** What stands beside the paths that neither exist nor are made: only those can be typing errors. */
function siblingsOf(
  { workspace, graph }: Project,
  artifacts: ReadonlyMap<string, Artifact | undefined>,
): ReadonlyMap<string, readonly string[]> {
  const missing = [...artifacts].filter(([path, found]) => found === undefined && !graph.makers.has(path));
  const folders = new Set(missing.map(([path]) => dirname(path)));
  const names = new Map([...folders].map((folder) => [folder, namesIn(join(workspace.root, folder))]));
  return new Map(missing.map(([path]) => [path, names.get(dirname(path)) ?? []]));
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

async function lookForData(
  project: Project,
  options: Pick<PlanOptions, 'targets' | 'reach' | 'expectData'>,
): Promise<Result<readonly ComingData[]>> {
  const records = options.expectData === true ? dataToRestore(project, options) : [];
  if (records.length === 0) return ok([]);
  const { comingData } = await import('./data/coming-data.ts');
  return comingData(project, records);
}

function withData(plan: Plan, coming: readonly ComingData[]): Plan {
  if (coming.length === 0) return plan;
  return { ...plan, data: coming.map(({ path, record, from }) => ({ path, record, from })) };
}

/** Content of every path that the stages read or make, with the data that is to come. */
async function hashPaths(
  project: Project,
  stages: readonly StageConfig[],
  coming: readonly ComingData[],
): Promise<Result<ReadonlyMap<string, Artifact | undefined>, readonly Failure[]>> {
  const artifacts = new Map<string, Artifact | undefined>();
  const problems: Failure[] = [];
  const lookedAtAll = project.hasher.lookTogether();
  try {
    for (const stage of stages) {
      for (const { path, at } of [...stage.deps, ...stage.outs]) {
        if (artifacts.has(path)) continue;
        const standing = await project.hasher.artifact(path);
        const found = standing.ok ? await completed(project, path, { standing: standing.value, coming }) : standing;
        if (found.ok) artifacts.set(path, found.value);
        else problems.push({ at, stage: stage.name, ...found.error });
      }
    }
  } finally {
    lookedAtAll();
  }
  return problems.length > 0 ? err(problems) : ok(artifacts);
}

async function completed(
  project: Project,
  path: string,
  about: { readonly standing: Artifact | undefined; readonly coming: readonly ComingData[] },
): Promise<Result<Artifact | undefined>> {
  if (about.coming.length === 0) return ok(about.standing);
  const { withComing } = await import('./data/coming-data.ts');
  return withComing(project, path, about);
}
