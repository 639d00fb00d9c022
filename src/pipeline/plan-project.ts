import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { StageConfig } from '../config/types.ts';
import type { Artifact } from '../core/artifact.ts';
import type { StageName } from '../core/brands.ts';
import type { Failure } from '../core/failure.ts';
import { err, ok, type Result } from '../core/result.ts';
import { placeOf, type Workspace } from '../core/workspace.ts';
import { selectTargets } from '../graph/select-targets.ts';
import { planRun, type PlanInput } from '../plan/plan-run.ts';
import type { Evidence, Plan } from '../plan/types.ts';
import { namingImports } from './fetch-imports.ts';
import type { Project } from './open-project.ts';
import { readEvidence } from './read-evidence.ts';
import { readParamsFiles, settingsOf, type ParamsFiles } from './settings.ts';

export interface PlanOptions {
  /** Stages, groups, globs or outs; none means all. */
  readonly targets: readonly string[];
  readonly force: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Take a lock file with merge conflicts for an empty one. */
  readonly rebuildLock: boolean;
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
  readonly clean: boolean;
}

/** Looks at the workspace and plans. Changes nothing. */
export async function planProject(
  project: Project,
  options: PlanOptions,
): Promise<Result<Planned, readonly Failure[]>> {
  const { workspace, graph } = project;
  const selection = selectTargets(graph, options.targets);
  if (!selection.ok) return selection;
  const stages = graph.stages.filter((stage) => selection.value.stages.has(stage.name));
  const evidence = await readEvidence(workspace.root, project.lockFile, project.memo);
  const conflict = !evidence.ok && evidence.error.reason === 'lock-file-conflict' && options.rebuildLock;
  if (!evidence.ok && !conflict) return err([evidence.error]);
  const recorded: Evidence = evidence.ok ? evidence.value : new Map();
  const params = await readParams(project, stages, project.texts);
  if (!params.ok) return params;
  const { files, readAgain } = params.value;
  const artifacts = await hashPaths(project, stages);
  if (!artifacts.ok) return artifacts;
  const input: PlanInput = {
    stages,
    artifacts: artifacts.value,
    siblings: siblingsOf(project, artifacts.value),
    settingsOf: (stage) => settingsOf(stage, files, options.env),
    evidence: recorded,
    makersOf: (path) => graph.makers.get(path) ?? [],
    forced: options.force ? selection.value.stages : new Set<StageName>(),
    known: (fingerprint) => project.runCache.find(fingerprint),
    cached: (artifact) => project.cache.has(artifact),
  };
  const plan = planRun(input);
  if (!plan.ok) return err(namingImports(project, plan.error));
  const clean = plan.value.stages.every((stage) => stage.action === 'skip' && stage.uncached === undefined);
  const base = { plan: plan.value, input, paramsFiles: files, readParamsAgain: readAgain, evidence: recorded };
  return ok({ ...base, lockRebuilt: conflict, clean: clean && !conflict && !wasInterrupted(workspace) });
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

/** Content of every path that the stages read or make. */
async function hashPaths(
  project: Project,
  stages: readonly StageConfig[],
): Promise<Result<ReadonlyMap<string, Artifact | undefined>, readonly Failure[]>> {
  const artifacts = new Map<string, Artifact | undefined>();
  const problems: Failure[] = [];
  for (const stage of stages) {
    for (const { path, at } of [...stage.deps, ...stage.outs]) {
      if (artifacts.has(path)) continue;
      const found = await project.hasher.artifact(path);
      if (found.ok) artifacts.set(path, found.value);
      else problems.push({ at, stage: stage.name, ...found.error });
    }
  }
  return problems.length > 0 ? err(problems) : ok(artifacts);
}
