import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Artifact } from '../../core/artifact.ts';
import { hashBytes } from '../../fs/hash-file.ts';
import type { Project } from '../../pipeline/open-project.ts';

/** The content of paths at some moment, as texts that are equal when the content is. */
export type States = ReadonlyMap<string, string>;

export const missing = 'missing';

export function textStates(root: string, paths: Iterable<string>): States {
  return new Map([...paths].map((path) => [path, textState(join(root, path))]));
}

function textState(file: string): string {
  try {
    return hashBytes(readFileSync(file));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ENOTDIR' ? missing : `unreadable ${code ?? ''}`;
  }
}

/** By the hasher, so that ignored files do not count and nothing is read twice. */
export async function artifactStates(project: Project, paths: Iterable<string>): Promise<States> {
  const states = new Map<string, string>();
  for (const path of paths) {
    const found = await project.hasher.artifact(path);
    states.set(path, found.ok ? artifactState(found.value) : `unreadable ${found.error.reason}`);
  }
  return states;
}

export const artifactState = (artifact: Artifact | undefined): string =>
  artifact === undefined
    ? missing
    : [artifact.hash, artifact.files === undefined ? 'file' : 'folder', artifact.executable === true].join(' ');

export interface PathChange {
  readonly path: string;
  readonly how: 'changed' | 'appeared' | 'gone';
}

/** What differs, of the paths that both know. */
export function changesBetween(before: States, now: States): readonly PathChange[] {
  return [...now].flatMap(([path, state]): PathChange[] => {
    const was = before.get(path);
    if (was === undefined || was === state) return [];
    return [{ path, how: was === missing ? 'appeared' : state === missing ? 'gone' : 'changed' }];
  });
}
