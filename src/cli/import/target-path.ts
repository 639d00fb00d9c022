import { statSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { failure } from '../../core/failure.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { baseNameOf } from '../../fs/import/source.ts';

/** Where in the workspace an import goes, from what was typed in `cwd`: a file, a folder (the address then names the file), or nothing. */
export function targetPath(
  typed: string | undefined,
  url: URL,
  { root, cwd }: { readonly root: string; readonly cwd: string },
): Result<string> {
  const asked = typed ?? '.';
  const refuse = (why: string): Result<never> => err(failure('import-path-unusable', { path: asked, why }));
  const absolute = resolve(cwd, asked);
  const isFolder = /[/\\]$/.test(asked) || statSync(absolute, { throwIfNoEntry: false })?.isDirectory() === true;
  const name = baseNameOf(url);
  if (isFolder && name === undefined) return refuse('it is a folder, and the address does not end in a file name');
  const path = relative(root, isFolder ? resolve(absolute, name ?? '') : absolute)
    .split(sep)
    .join('/');
  if (
    path === '..' ||
    path.startsWith('../') ||
    resolve(root, path) !== resolve(absolute, isFolder ? (name ?? '') : '')
  ) {
    return refuse('it lies outside the project');
  }
  if (/^(\.mlp|\.git)(\/|$)/.test(path)) return refuse('that folder is not for data');
  return ok(path);
}
