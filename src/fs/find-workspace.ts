import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { failure } from '../core/failure.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { Workspace } from '../core/workspace.ts';
import { statOf } from './identity.ts';

/** In order of preference: a folder has one pipeline file. */
export const pipelineFileNames: readonly string[] = ['pipeline.yaml', 'dvc.yaml'];

/** Whether a pipeline file is found by its name, and so one of all that the workspace has. */
export const isFoundByName = (file: string): boolean => pipelineFileNames.includes(basename(file));

/**
 * The project that `cwd` lies in, called by the nearest pipeline file from `cwd` upwards, or by `file` (as -f gives it, relative to
 * `cwd`). Its root is the nearest folder from there upwards that has a `.mlp` or `.dvc` folder. Where none has, it is, of a git
 * repository, the topmost folder with a pipeline file, and else the pipeline file's own: so all files of a project find the same root.
 */
export function findWorkspace(cwd: string, file?: string): Result<Workspace> {
  if (file !== undefined) {
    const absolute = resolve(cwd, file);
    return statOf(absolute) === undefined ? err(failure('no-pipeline-file', { file })) : ok(workspaceOf(absolute));
  }
  for (const folder of upwards(cwd)) {
    const found = pipelineFileIn(folder);
    if (found !== undefined) return ok(workspaceOf(join(folder, found)));
  }
  return err(failure('no-workspace', { folder: cwd }));
}

const pipelineFileIn = (folder: string): string | undefined =>
  pipelineFileNames.find((name) => statOf(join(folder, name)) !== undefined);

function workspaceOf(absolute: string): Workspace {
  const root = rootFor(absolute);
  return { root, pipelineFile: relative(root, absolute).split(sep).join('/') };
}

function rootFor(absolute: string): string {
  const own = dirname(absolute);
  const above = upwards(own);
  const marked = above.find((folder) => isFolder(join(folder, '.mlp')) || isFolder(join(folder, '.dvc')));
  if (marked !== undefined || !isFoundByName(absolute)) return marked ?? own;
  const repository = above.findIndex((folder) => statOf(join(folder, '.git')) !== undefined);
  return above.slice(0, repository + 1).findLast((folder) => pipelineFileIn(folder) !== undefined) ?? own;
}

const isFolder = (path: string): boolean => statOf(path)?.isDirectory() === true;

function upwards(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...upwards(parent)];
}
