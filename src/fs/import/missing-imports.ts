import { existsSync, readdirSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { recordPathOf } from './record.ts';

/** Which of these workspace paths are missing though a record beside them says where they come from: the records' paths. */
export function missingImports(root: string, paths: readonly string[]): string[] {
  const records = paths.flatMap((path) => {
    if (existsSync(resolve(root, recordPathOf(path)))) return [path];
    const isFolder = statSync(resolve(root, path), { throwIfNoEntry: false })?.isDirectory() === true;
    const inside = isFolder
      ? readdirSync(resolve(root, path)).filter((name) => name.endsWith('.mlp') && name !== '.mlp')
      : [];
    return inside.map((name) => `${path}/${name.slice(0, -'.mlp'.length)}`);
  });
  return [...new Set(records)].filter((path) => !existsSync(resolve(root, path))).map(recordPathOf);
}
