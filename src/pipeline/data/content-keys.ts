import { md5Name } from '../../cache/md5-content.ts';
import { ok, type Result } from '../../core/result.ts';
import { parseLock } from '../../record/lock-file.ts';
import type { Project } from '../open-project.ts';
import type { RevisionText } from './collect-garbage.ts';
import { parseTracked, type TrackedContent } from './tracked-data.ts';

/** One word for equal content, whichever hash names it. */
export const keyOf = (content: TrackedContent): string =>
  content.by === 'md5' ? `md5 ${md5Name(content.md5)}` : content.artifact.hash;

/** What the project's lock file and the records said at a revision: content by path. */
export async function contentKeys(
  { lockFile }: Project,
  texts: readonly RevisionText[],
): Promise<Result<ReadonlyMap<string, string>>> {
  const keys = new Map<string, string>();
  for (const { path, text } of texts) {
    if (path === lockFile) {
      const lock = await parseLock(text, path);
      if (!lock.ok) return lock;
      for (const { outs } of lock.value.values()) for (const out of outs) keys.set(out.path, out.hash);
    } else if (!path.endsWith('.lock')) {
      const tracked = await parseTracked(text, path);
      if (!tracked.ok) return tracked;
      for (const data of tracked.value) keys.set(data.path, keyOf(data.content));
    }
  }
  return ok(keys);
}
