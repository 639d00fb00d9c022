import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { sameContent, type Artifact } from '../../core/artifact.ts';
import { ok, type Result } from '../../core/result.ts';
import { foldersAbove } from '../../graph/out-index.ts';
import type { Project } from '../open-project.ts';
import { contentOfLocks } from './lock-content.ts';
import type { TrackedData } from './tracked-data.ts';

/**
 * What stands in the workspace as mlp once made or stored it there, is whole in the cache, and is named by nothing any more: neither
 * by the pipeline nor by a lock file or record. So it is after another branch was checked out.
 */
export async function leftOver(project: Project, tracked: readonly TrackedData[]): Promise<Result<readonly Artifact[]>> {
  const known = new Map<string, Artifact[]>();
  for (const { entry } of project.runCache.entries()) {
    for (const out of entry.outs) known.set(out.path, [...(known.get(out.path) ?? []), out]);
  }
  const locks = await contentOfLocks(project);
  if (!locks.ok) return locks;
  const named = namedPaths(project, [...tracked, ...locks.value.outs]);
  const around = new Set([...named].flatMap(foldersAbove));
  const isNamed = (path: string): boolean =>
    named.has(path) || around.has(path) || foldersAbove(path).some((folder) => folder !== '.' && named.has(folder));
  const found: Artifact[] = [];
  for (const [path, made] of [...known].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (isNamed(path) || !existsSync(join(project.workspace.root, path))) continue;
    const standing = await project.hasher.artifact(path);
    if (!standing.ok) return standing;
    const { value } = standing;
    if (value !== undefined && project.cache.has(value) && made.some((out) => sameContent(out, value))) found.push(value);
  }
  return ok(found);
}

function namedPaths(project: Project, recorded: readonly { readonly path: string }[]): ReadonlySet<string> {
  const named = new Set(recorded.map(({ path }) => path));
  for (const { deps, outs, params } of project.graph.stages) {
    for (const { path } of [...deps, ...outs]) named.add(path);
    for (const { file } of params) named.add(file);
  }
  return named;
}
