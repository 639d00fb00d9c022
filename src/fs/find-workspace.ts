import { dirname, join, relative, resolve, sep } from 'node:path';
import { failure } from '../core/failure.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { Workspace } from '../core/workspace.ts';
import { statOf } from './identity.ts';

/** In order of preference. */
const pipelineFiles = ['pipeline.yaml', 'dvc.yaml'];

/**
 * The project that `cwd` lies in: the nearest folder, from `cwd` upwards, with a pipeline file. With `file` (as -f gives it,
 * relative to `cwd`), the project is the nearest folder above that file that has a `.mlp` folder, else the file's own.
 */
export function findWorkspace(cwd: string, file?: string): Result<Workspace> {
  return file === undefined ? nearestWorkspace(cwd) : workspaceOfFile(resolve(cwd, file), file);
}

function nearestWorkspace(cwd: string): Result<Workspace> {
  for (const folder of upwards(cwd)) {
    const name = pipelineFiles.find((candidate) => statOf(join(folder, candidate)) !== undefined);
    if (name !== undefined) return ok({ root: folder, pipelineFile: name });
  }
  return err(failure('no-workspace', { folder: cwd }));
}

function workspaceOfFile(absolute: string, asTyped: string): Result<Workspace> {
  if (statOf(absolute) === undefined) {
    return err(failure('no-pipeline-file', { file: asTyped }));
  }
  const own = dirname(absolute);
  const root = upwards(own).find((folder) => statOf(join(folder, '.mlp')) !== undefined) ?? own;
  return ok({ root, pipelineFile: relative(root, absolute).split(sep).join('/') });
}

function upwards(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...upwards(parent)];
}
