import { join } from 'node:path';
import { readText } from '../../config/read-text.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { writeFileAtomic } from '../../fs/atomic-write.ts';
import type { Workspace } from '../../core/workspace.ts';
import { systemProblem } from '../../fs/system-problem.ts';

/**
 * Carries out `-S key=value`: gives the new texts of the params files, and writes them unless the run is dry. All of them are
 * checked before any is written.
 */
export async function setParamsFirst(
  workspace: Result<Workspace>,
  words: readonly string[],
  options: { readonly dry: boolean },
): Promise<Result<ReadonlyMap<string, string>>> {
  if (words.length === 0) return ok(new Map());
  if (!workspace.ok) return workspace;
  const { root } = workspace.value;
  const { editParams } = await import('../../config/set-param.ts');
  const edited = editParams(words, (file) => readText(root, file));
  if (!edited.ok || options.dry) return edited;
  for (const [file, text] of edited.value) {
    try {
      writeFileAtomic(join(root, file), text);
    } catch (error) {
      return err(systemProblem(error, { what: 'write', path: file }));
    }
  }
  return edited;
}
