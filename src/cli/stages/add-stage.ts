import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { StageAdded } from '../../config/add-stage.ts';
import { readText } from '../../config/read-text.ts';
import type { StageConfig } from '../../config/types.ts';
import { asStageName } from '../../core/brands.ts';
import type { Failure } from '../../core/failure.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { Workspace } from '../../core/workspace.ts';
import { writeFileAtomic } from '../../fs/atomic-write.ts';
import { systemProblem } from '../../fs/system-problem.ts';
import { buildGraph } from '../../graph/build-graph.ts';
import { readPipeline } from '../../pipeline/load-pipeline.ts';
import type { CliContext } from '../context.ts';
import { stageFields, type StageFlags } from './stage-fields.ts';

export interface AddStageFlags extends StageFlags {
  readonly file?: string;
  readonly force?: true;
}

/** What became of `mlp stage add`. */
export interface AddedStage extends Omit<StageAdded, 'text'> {
  readonly name: string;
  /** Relative to the workspace. */
  readonly file: string;
  readonly created: boolean;
  /** Deps that are not there and that no stage makes: the stage cannot run yet. */
  readonly missing: readonly string[];
}

/** As other editors of files leave it; mlp reads it away. */
const byteOrderMark = '\uFEFF';

/** Writes one more stage into the pipeline file, when the file is then still good: all that `mlp repro` would refuse is refused here. */
export async function addStageToFile(
  context: CliContext,
  flags: AddStageFlags,
  command: readonly string[],
): Promise<Result<AddedStage, readonly Failure[]>> {
  const workspace = workspaceToExtend(context, flags.file);
  if (!workspace.ok) return err([workspace.error]);
  const { root, pipelineFile: file } = workspace.value;
  const created = !existsSync(join(root, file));
  const before = created ? ok('') : readText(root, file);
  if (!before.ok) return err([before.error]);
  const { addStage } = await import('../../config/add-stage.ts');
  const stage = { name: flags.name, fields: stageFields(flags, command), replace: flags.force === true };
  const added = addStage(before.value, file, stage);
  if (!added.ok) return err([added.error]);
  const { text, written, replaced } = added.value;
  const config = await readPipeline(workspace.value, new Map([[file, text]]));
  const graph = config.ok ? buildGraph(config.value) : config;
  if (!graph.ok) return err(graph.error.map((problem) => placedIn(before.value, text, problem)));
  const saved = save(root, file, { before: before.value, text, created });
  if (!saved.ok) return err([saved.error]);
  const own = graph.value.byName.get(asStageName(graph.value.home + flags.name));
  const missing = own === undefined ? [] : missingDeps(root, own, (path) => graph.value.makers.has(path));
  return ok({ name: flags.name, file, created, written, replaced, missing });
}

/** The project's pipeline file, or one that is still to be made, in the present folder. */
function workspaceToExtend(context: CliContext, file: string | undefined): Result<Workspace> {
  const found = context.workspace(file);
  if (found.ok) return found;
  if (found.error.reason === 'no-workspace') return ok({ root: context.cwd, pipelineFile: 'pipeline.yaml' });
  if (found.error.reason !== 'no-pipeline-file' || file === undefined) return found;
  const absolute = resolve(context.cwd, file);
  return ok({ root: dirname(absolute), pipelineFile: basename(absolute) });
}

/** Messages show lines of the file as it is, so a place that is only in the new text is left out. */
function placedIn(before: string, after: string, problem: Failure): Failure {
  if (problem.at === undefined) return problem;
  const { line } = problem.at;
  if (before.split(/\r?\n/)[line - 1] === after.split(/\r?\n/)[line - 1]) return problem;
  const { at: _, ...elsewhere } = problem;
  return elsewhere;
}

function save(
  root: string,
  file: string,
  { before, text, created }: { readonly before: string; readonly text: string; readonly created: boolean },
): Result<void> {
  const path = join(root, file);
  try {
    const mark = !created && readFileSync(path, 'utf8') === byteOrderMark + before ? byteOrderMark : '';
    writeFileAtomic(path, mark + text);
    return ok(undefined);
  } catch (error) {
    return err(systemProblem(error, { what: 'write', path: file }));
  }
}

const missingDeps = (root: string, stage: StageConfig, isMade: (path: string) => boolean): string[] =>
  stage.deps.map(({ path }) => path).filter((path) => !isMade(path) && !existsSync(resolve(root, path)));
