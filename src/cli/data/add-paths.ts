import { failure, type Failure } from '../../core/failure.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { addData, type AddedData } from '../../pipeline/data/add-data.ts';
import { addablePath } from '../../pipeline/data/addable-path.ts';
import type { CliContext } from '../context.ts';
import { trackedByGit } from '../processes/git-tracked.ts';
import { changingProject } from './changing-project.ts';

/** Adds what was typed. All paths are checked before the first is added. */
export function addPaths(
  context: CliContext,
  typed: readonly string[],
  file: string | undefined,
): Promise<Result<readonly AddedData[], readonly Failure[]>> {
  return changingProject<readonly AddedData[]>(context, file, async (project) => {
    const { root } = project.workspace;
    const checked = typed.map((path) => addablePath(project, path, context.cwd));
    const refused = checked.flatMap((each) => (each.ok ? [] : [each.error]));
    const paths = [...new Set(checked.flatMap((each) => (each.ok ? [each.value] : [])))];
    const inGit = await trackedByGit(root, paths);
    if (!inGit.ok) return err([inGit.error]);
    refused.push(...paths.flatMap((path) => gitHolds(path, inGit.value)));
    if (refused.length > 0) return err(refused);
    const added: AddedData[] = [];
    for (const path of paths) {
      const done = await addData(project, path);
      if (!done.ok) return err([done.error]);
      added.push(done.value);
    }
    return ok(added);
  });
}

function gitHolds(path: string, tracked: readonly string[]): Failure[] {
  const inside = tracked.filter((file) => file === path || file.startsWith(`${path}/`));
  if (inside.length === 0) return [];
  const why = inside[0] === path ? 'git tracks it' : `git tracks ${inside[0] ?? ''} in it`;
  const next = `take it out of git first, which keeps the files: git rm -r -q --cached ${shellWord(path)}`;
  return [failure('cannot-add', { path, why, next })];
}

const shellWord = (word: string): string => (/^[\w./@+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
