import { existsSync } from 'node:fs';
import { join, posix, relative, resolve, sep } from 'node:path';
import { failure } from '../../core/failure.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { findRecords } from '../../fs/records/find-records.ts';
import { dataNameOf, isRecordName } from '../../fs/records/record-names.ts';
import type { Project } from '../open-project.ts';

/** The path, relative to the workspace, of what was typed in `cwd`; refused where its content is not for `mlp add` to track. */
export function addablePath(project: Project, typed: string, cwd: string): Result<string> {
  const { root } = project.workspace;
  const path = relative(root, resolve(cwd, typed)).split(sep).join('/');
  const refuse = (why: string, next: string): Result<never> => err(failure('cannot-add', { path: typed, why, next }));
  if (path === '' || path === '..' || path.startsWith('../') || posix.isAbsolute(path)) {
    return refuse('it is not inside the project', 'copy it into the project, or import it: mlp import-url file:///...');
  }
  if (/^(?:\.mlp|\.git|\.dvc)(?:\/|$)/.test(path)) return refuse('that folder is not for data', 'name another path');
  if (isRecordName(posix.basename(path)) || posix.basename(path) === '.gitignore') {
    return refuse('it is for git to keep', `add the data itself: mlp add ${dataNameOf(path)}`);
  }
  const made = project.graph.stages.flatMap((stage) => stage.outs.map((out) => ({ out: out.path, stage: stage.name })));
  const clash = made.find(({ out }) => isAtOrBelow(path, out) || isAtOrBelow(out, path));
  if (clash !== undefined) {
    const why = clash.out === path ? `stage ${clash.stage} makes it` : `stage ${clash.stage} makes ${clash.out}`;
    return refuse(why, 'outs of stages are in the cache already; add only what no stage makes');
  }
  const other = findRecords(root, new Set(made.map(({ out }) => out)))
    .records.map((record) => ({ record, of: dataNameOf(record) }))
    .find(({ record, of }) => record !== `${path}.mlp` && (isAtOrBelow(path, of) || isAtOrBelow(of, path)));
  if (other === undefined) return existsSync(join(root, path)) ? ok(path) : missing(project, path, typed);
  if (other.of === path) return refuse(`${other.record} tracks it`, `remove ${other.record} first, or go on with dvc add`);
  return isAtOrBelow(path, other.of)
    ? refuse(`${other.of}, tracked as a whole, holds it`, `mlp add ${other.of} takes all its changes`)
    : refuse(`${other.record} tracks a part of it`, `remove ${other.record} first to track all of ${path} as one`);
}

const isAtOrBelow = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`);

function missing({ workspace }: Project, path: string, typed: string): Result<never> {
  const known = existsSync(join(workspace.root, `${path}.mlp`));
  const next = known ? `mlp checkout ${path} puts it back` : 'correct the path; it is taken from the current folder';
  return err(failure('cannot-add', { path: typed, why: 'it does not exist', next }));
}
