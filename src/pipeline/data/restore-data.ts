import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { failure, type Failure } from '../../core/failure.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { fetchRecorded, type FetchImportsOptions } from '../fetch-imports.ts';
import type { Project } from '../open-project.ts';
import { Contents } from './content-of.ts';
import { readTracked, type TrackedData } from './tracked-data.ts';

/**
 * Puts back the data of these records that is not there: from the cache, from that of DVC, else from the address that it was imported
 * from. Only for the holder of the workspace's lock. Stops at the first that fails: the next would be waited for in vain.
 */
export async function restoreData(
  project: Project,
  records: readonly string[],
  options: FetchImportsOptions,
): Promise<Result<void, readonly Failure[]>> {
  const contents = new Contents(project);
  for (const record of records) {
    const tracked = await readTracked(project.workspace.root, record);
    if (!tracked.ok) return err([tracked.error]);
    for (const data of tracked.value) {
      if (existsSync(resolve(project.workspace.root, data.path))) continue;
      const restored = await bringBack(project, contents, { data, options });
      if (!restored.ok) return err([restored.error]);
    }
  }
  return ok(undefined);
}

/** Makes the path what its record says; whatever stood there is replaced. */
export async function bringBack(
  project: Project,
  contents: Contents,
  { data, options }: { readonly data: TrackedData; readonly options: FetchImportsOptions },
): Promise<Result<void>> {
  const artifact = await contents.obtain(data);
  if (!artifact.ok) return artifact;
  const restored = artifact.value === undefined ? undefined : await project.cache.restore(artifact.value);
  if (restored?.ok === true) return restored;
  if (data.content.by === 'sha256' && data.content.url !== undefined) {
    return fetchRecorded(project, data.record, options);
  }
  return restored ?? err(failure('data-not-cached', { path: data.path, record: data.record }));
}
