import type { Artifact } from '../../core/artifact.ts';
import { ok, type Result } from '../../core/result.ts';
import type { Project } from '../open-project.ts';
import type { Contents } from './content-of.ts';

/** Files of what stands at a path that no cache has: they would be lost with it. Relative to the workspace. */
export async function unsavedFiles(
  project: Project,
  contents: Contents,
  standing: Artifact,
): Promise<Result<readonly string[]>> {
  if (project.cache.has(standing)) return ok([]);
  if (standing.files === undefined) {
    return ok((await contents.isInDvcCache(standing.path)) ? [] : [standing.path]);
  }
  const manifest = await project.hasher.manifest(standing);
  if (!manifest.ok) return manifest;
  const unsaved: string[] = [];
  for (const file of manifest.value?.files ?? []) {
    const path = `${standing.path}/${file.path}`;
    if (!project.objects.has(file.hash) && !(await contents.isInDvcCache(path))) unsaved.push(path);
  }
  return ok(unsaved);
}
