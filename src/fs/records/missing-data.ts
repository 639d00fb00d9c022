import { existsSync, readdirSync, statSync } from 'node:fs';
import { posix, resolve } from 'node:path';
import { dataNameOf, isRecordName, recordBeside } from './record-names.ts';

/**
 * Records whose data is not there, of all that these workspace paths need: the path itself, a folder that it lies in, what lies in it.
 * A record that may be of a missing path counts too.
 */
export function recordsOfMissing(root: string, paths: readonly string[]): string[] {
  const isThere = (path: string): boolean => existsSync(resolve(root, path));
  const records = new Set<string>();
  for (const path of new Set(paths)) {
    if (!isThere(path)) {
      for (const record of recordsAbove(root, path)) records.add(record);
    } else if (isFolder(resolve(root, path))) {
      for (const record of recordsInside(root, path)) if (!isThere(dataNameOf(record))) records.add(record);
    }
  }
  return [...records].sort();
}

/** `existsSync` first: it says no to links that lead back to themselves, at which `statSync` throws. */
const isFolder = (path: string): boolean =>
  existsSync(path) && statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

/** The record of a missing path, or of the missing folder around it; else `.dvc` files that do not bear the name of what they track. */
function recordsAbove(root: string, path: string): string[] {
  for (let at = path; at !== '.' && at !== '/' && !at.endsWith('..'); at = posix.dirname(at)) {
    if (existsSync(resolve(root, at))) break;
    const record = recordBeside(root, at);
    if (record !== undefined) return [record];
    const folder = posix.dirname(at);
    if (!isFolder(resolve(root, folder))) continue;
    const odd = readdirSync(resolve(root, folder))
      .filter(
        (name) => name.endsWith('.dvc') && isRecordName(name) && !existsSync(resolve(root, folder, dataNameOf(name))),
      )
      .map((name) => posix.join(folder, name));
    if (odd.length > 0) return odd;
  }
  return [];
}

function recordsInside(root: string, folder: string): string[] {
  const found: string[] = [];
  const pending = [folder];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const entry of readdirSync(resolve(root, next), { withFileTypes: true })) {
      const isOwn = entry.name === '.mlp' || entry.name === '.dvc' || entry.name === '.git';
      if (entry.isDirectory() && !isOwn) pending.push(posix.join(next, entry.name));
      else if (isRecordName(entry.name)) found.push(posix.join(next, entry.name));
    }
  }
  return found;
}
