import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { ArtifactCache } from '../cache/artifact-cache.ts';
import { ObjectStore } from '../cache/object-store.ts';
import type { ContentHash } from '../core/brands.ts';
import { ok, err, type Result } from '../core/result.ts';
import { places, placeOf, type Workspace } from '../core/workspace.ts';
import { Hasher } from '../fs/hasher.ts';
import { removeTree } from '../fs/remove.ts';
import { StateDb } from '../fs/state-db.ts';
import { systemProblem } from '../fs/system-problem.ts';

/**
 * A folder (absolute, below `.mlp/models`) with the content of a directory that the cache holds: the same folder for the same
 * content, checked before it is handed out and made anew when it was tampered with.
 */
export async function materialiseDirectory(workspace: Workspace, hash: ContentHash): Promise<Result<string>> {
  const state = new StateDb(placeOf(workspace, 'state'));
  try {
    const hasher = new Hasher({ root: workspace.root, state });
    const path = `${places.models}/${hash}`;
    const folder = join(workspace.root, path);
    const standing = await hasher.artifact(path);
    if (standing.ok && standing.value?.hash === hash) return ok(folder);
    const objects = new ObjectStore({ folder: placeOf(workspace, 'cache'), state });
    const cache = new ArtifactCache({ root: workspace.root, objects, hasher, kinds: ['reflink', 'copy'] });
    const temporary = join(placeOf(workspace, 'temporary'), `model-${String(process.pid)}-${hash.slice(0, 12)}`);
    removeTree(temporary);
    const placed = await cache.materialise({ path, hash, size: 0, files: 0 }, temporary);
    if (!placed.ok) return placed;
    replaceFolder(temporary, folder);
    return ok(folder);
  } catch (error) {
    return err(systemProblem(error, { what: 'make the folder of', path: `model ${hash.slice(0, 8)}` }));
  } finally {
    state.close();
  }
}

/** Another process may be putting the same content there: whoever comes second keeps the first one's. */
function replaceFolder(from: string, to: string): void {
  mkdirSync(join(to, '..'), { recursive: true });
  const aside = `${from}-old`;
  try {
    renameSync(to, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  try {
    renameSync(from, to);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
    removeTree(from);
  }
  removeTree(aside);
}
