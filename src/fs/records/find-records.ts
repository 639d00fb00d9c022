import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { dataNameOf, isRecordName } from './record-names.ts';

export interface FoundRecords {
  /** `.mlp` records and `.dvc` files, sorted, relative to the workspace. */
  readonly records: readonly string[];
  /** Files whose name ends in `.lock`: some may be lock files of pipelines. */
  readonly locks: readonly string[];
}

/** Folders of programs, which hold nothing that belongs to a project. */
const notLookedInto = new Set(['.git', '.mlp', '.dvc', 'node_modules', '.venv', '__pycache__']);

/** All records of a workspace. What lies in tracked data or in `outs` is data itself; symbolic links are not followed. */
export function findRecords(root: string, outs: ReadonlySet<string>): FoundRecords {
  const records: string[] = [];
  const locks: string[] = [];
  const pending = [''];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    const entries = readdirSync(join(root, folder), { withFileTypes: true });
    const tracked = new Set(entries.filter(({ name }) => isRecordName(name)).map(({ name }) => dataNameOf(name)));
    for (const entry of entries) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (outs.has(path) || tracked.has(entry.name)) continue;
      if (entry.isDirectory()) {
        if (!notLookedInto.has(entry.name)) pending.push(path);
      } else if (isRecordName(entry.name)) records.push(path);
      else if (entry.name.endsWith('.lock')) locks.push(path);
    }
  }
  return { records: records.sort(), locks: locks.sort() };
}
