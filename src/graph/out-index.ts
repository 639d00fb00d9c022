import type { OutConfig, StageConfig } from '../config/types.ts';

/** An out and the stage that makes it, by its index in the order of declaration. */
export interface OwnedOut {
  readonly out: OutConfig;
  readonly owner: number;
}

/** Finds outs by path without comparing paths pairwise: each look-up costs the depth of its path. */
export interface OutIndex {
  readonly byPath: ReadonlyMap<string, OwnedOut>;
  /** Directory -> outs anywhere below it. */
  readonly below: ReadonlyMap<string, readonly OwnedOut[]>;
}

/** Of several outs with one path the first counts; overlap.ts tells about the others. */
export function indexOuts(stages: readonly StageConfig[]): OutIndex {
  const byPath = new Map<string, OwnedOut>();
  const below = new Map<string, OwnedOut[]>();
  stages.forEach((stage, owner) => {
    for (const out of stage.outs) {
      if (byPath.has(out.path)) continue;
      const owned = { out, owner };
      byPath.set(out.path, owned);
      for (const folder of foldersAbove(out.path)) {
        const known = below.get(folder);
        if (known === undefined) below.set(folder, [owned]);
        else known.push(owned);
      }
    }
  });
  return { byPath, below };
}

/** The directories that hold `path`, the nearest first; of a path inside the workspace the last is `.`. */
export function foldersAbove(path: string): string[] {
  const folders: string[] = [];
  for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
    folders.push(path.slice(0, slash));
  }
  const inWorkspace = path !== '.' && path !== '..' && !path.startsWith('../') && !path.startsWith('/');
  if (inWorkspace) folders.push('.');
  return folders;
}

/** The out that `path` is or lies in. */
function outAround(index: OutIndex, path: string): OwnedOut | undefined {
  const exact = index.byPath.get(path);
  if (exact !== undefined) return exact;
  for (const folder of foldersAbove(path)) {
    const around = index.byPath.get(folder);
    if (around !== undefined) return around;
  }
  return undefined;
}

/** All outs that reading `path` reads from: the one around it, or those below it. */
export function outsReadAt(index: OutIndex, path: string): readonly OwnedOut[] {
  const around = outAround(index, path);
  return around === undefined ? (index.below.get(path) ?? []) : [around];
}
