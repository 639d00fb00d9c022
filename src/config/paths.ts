import { posix } from 'node:path';
import { places } from '../core/workspace.ts';

interface PathProblem {
  readonly problem: string;
  readonly hint: string;
}

export type PathCheck = { readonly ok: true; readonly path: string } | ({ readonly ok: false } & PathProblem);

const bad = (problem: string, hint: string): PathCheck => ({ ok: false, problem, hint });

/** As Linux has it. It also bounds the work that each path costs. */
const longestPath = 4096;

/** A path as written, relative to `base`, as it is kept everywhere: relative to the workspace, normalised, no `/` at the end. */
export function inputPath(base: string, written: string): PathCheck {
  if (written.trim() === '') return bad('is empty', 'write a path, or remove the entry');
  if (written.includes('\0')) return bad('holds a NUL character', 'no file system allows it');
  if (written.length > longestPath) return bad(`is longer than ${longestPath} characters`, 'shorten it');
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(written)) {
    return bad('is an address, not a file', 'fetch it with mlp import-url and name the local path');
  }
  const joined = posix.isAbsolute(written) ? posix.normalize(written) : posix.join(base, written);
  const path = joined.length > 1 && joined.endsWith('/') ? joined.slice(0, -1) : joined;
  return { ok: true, path };
}

/** As `inputPath`, for what must lie inside the workspace. */
export function innerPath(base: string, written: string): PathCheck {
  const checked = inputPath(base, written);
  if (!checked.ok) return checked;
  if (posix.isAbsolute(checked.path) || /^[a-z]:[\\/]/i.test(checked.path)) {
    return bad('is absolute', 'name it relative to the pipeline file, inside the workspace');
  }
  if (checked.path === '..' || checked.path.startsWith('../')) {
    return bad('leaves the workspace', 'mlp changes nothing outside the workspace: choose a path inside it');
  }
  return checked;
}

/** As `innerPath`, for what mlp may remove before a stage runs. `pipelineFile` is relative to the workspace. */
export function outPath(base: string, written: string, pipelineFile: string): PathCheck {
  const checked = innerPath(base, written);
  if (!checked.ok) return checked;
  const { path } = checked;
  if (path === '.') return bad('is the whole workspace', 'give the stage a folder of its own');
  const own = ['.git', places.stateFolder, places.lockFile, pipelineFile];
  // Where the file system does not tell case apart, another spelling is the same file.
  const spelt = path.toLowerCase();
  const hit = own.find((kept) => isSameOrNested(spelt, kept.toLowerCase()));
  if (hit === undefined) return checked;
  return bad(`would take ${hit} with it when it is removed`, 'give the stage a folder of its own');
}

const isSameOrNested = (path: string, kept: string): boolean =>
  path === kept || path.startsWith(`${kept}/`) || kept.startsWith(`${path}/`);
