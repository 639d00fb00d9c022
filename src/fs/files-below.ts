import { readdirSync, statSync } from 'node:fs';
import { join, posix, sep } from 'node:path';

/** The files below a folder of the workspace, by their paths in it, sorted; undefined where it is no folder. Throws the system's error. */
export function filesBelow(root: string, path: string): readonly string[] | undefined {
  const folder = join(root, path);
  if (!statSync(folder).isDirectory()) return undefined;
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => statSync(join(folder, name), { throwIfNoEntry: false })?.isFile());
  return files.map((name) => posix.join(path, name.split(sep).join('/'))).sort();
}
