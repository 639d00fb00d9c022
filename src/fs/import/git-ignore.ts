import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { writeFileAtomic } from '../atomic-write.ts';

/** The `.gitignore` beside a file, relative as the file's path is. */
export const ignoreFileOf = (path: string): string => join(dirname(path), '.gitignore').replaceAll('\\', '/');

/**
 * Lets git ignore one file (relative to `root`) by a line in the `.gitignore` of its folder. Says whether it wrote: not where there is no
 * git repository, nor where the line is there.
 */
export function ignoreInGit(root: string, path: string): boolean {
  if (!insideGit(root)) return false;
  const file = join(root, ignoreFileOf(path));
  const line = `/${escaped(basename(path))}`;
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  if (text.split(/\r?\n/).includes(line)) return false;
  writeFileAtomic(file, `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${line}\n`);
  return true;
}

function insideGit(folder: string): boolean {
  if (existsSync(join(folder, '.git'))) return true;
  const parent = dirname(folder);
  return parent !== folder && insideGit(parent);
}

/** A name as a pattern that fits it alone. */
const escaped = (name: string): string => name.replace(/[\\*?[\]]/g, '\\$&').replace(/ $/, '\\ ');
