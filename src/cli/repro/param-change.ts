import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readText } from '../../config/read-text.ts';
import type { Failure } from '../../core/failure.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { Workspace } from '../../core/workspace.ts';
import { writeFileAtomic } from '../../fs/atomic-write.ts';
import { systemProblem } from '../../fs/system-problem.ts';

/** What `-S key=value` asks for: new texts of params files, which are planned with before any file is touched. */
export interface ParamChange {
  /** By path; only of files whose text differs from what they hold. */
  readonly texts: ReadonlyMap<string, string>;
  /** Writes them, all or none, and gives the way back to the old bytes. */
  write(): Result<() => readonly Failure[]>;
}

/** Reads and edits the params files that the words name; writes nothing yet. */
export async function paramChange(
  workspace: Result<Workspace>,
  words: readonly string[],
): Promise<Result<ParamChange | undefined>> {
  if (words.length === 0) return ok(undefined);
  if (!workspace.ok) return workspace;
  const { root } = workspace.value;
  const { editParams } = await import('../../config/set-param.ts');
  const before = new Map<string, string>();
  const edited = editParams(words, (file) => {
    const text = readText(root, file);
    if (text.ok) before.set(file, text.value);
    return text;
  });
  if (!edited.ok) return edited;
  const texts = new Map([...edited.value].filter(([file, text]) => before.get(file) !== text));
  if (texts.size === 0) return ok(undefined);
  return ok({ texts, write: () => writeAll(root, texts) });
}

function writeAll(root: string, texts: ReadonlyMap<string, string>): Result<() => readonly Failure[]> {
  const replaced = new Map<string, Buffer>();
  const undo = (): readonly Failure[] =>
    [...replaced].flatMap(([file, bytes]) => {
      const put = attempt(file, 'put back', () => {
        writeFileAtomic(join(root, file), bytes);
      });
      return put.ok ? [] : [put.error];
    });
  for (const [file, text] of texts) {
    const put = attempt(file, 'write', () => {
      const bytes = readFileSync(join(root, file));
      writeFileAtomic(join(root, file), text);
      replaced.set(file, bytes);
    });
    if (put.ok) continue;
    undo();
    return put;
  }
  return ok(undo);
}

function attempt(file: string, what: string, work: () => void): Result<void> {
  try {
    work();
    return ok(undefined);
  } catch (error) {
    return err(systemProblem(error, { what, path: file }));
  }
}
