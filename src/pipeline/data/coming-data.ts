import { existsSync } from 'node:fs';
import { posix, resolve } from 'node:path';
import type { Artifact } from '../../core/artifact.ts';
import { failure } from '../../core/failure.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { isIgnored, IgnoreRules } from '../../fs/ignore/ignore-rules.ts';
import { manifestHash, type Manifest, type ManifestFile } from '../../fs/manifest.ts';
import type { MissingData } from '../../plan/types.ts';
import type { Project } from '../open-project.ts';
import { Contents, singleFile } from './content-of.ts';
import { readTracked, type TrackedData } from './tracked-data.ts';

/** Data that `mlp repro` would put back before anything else, with what it holds. */
export interface ComingData extends MissingData {
  readonly manifest: Manifest;
  readonly isFolder: boolean;
}

/** What these records say of data that is not there. Fails, as `mlp repro` would, where it cannot be put back. Takes nothing over. */
export async function comingData(
  project: Project,
  records: readonly string[],
): Promise<Result<readonly ComingData[]>> {
  const contents = new Contents(project);
  const coming: ComingData[] = [];
  for (const record of records) {
    const tracked = await readTracked(project.workspace.root, record);
    if (!tracked.ok) return tracked;
    for (const data of tracked.value) {
      if (existsSync(resolve(project.workspace.root, data.path))) continue;
      const found = await lookUp(contents, data);
      if (!found.ok) return found;
      coming.push(found.value);
    }
  }
  return ok(coming);
}

async function lookUp(contents: Contents, data: TrackedData): Promise<Result<ComingData>> {
  const { path, record, content } = data;
  const manifest = await contents.filesOf(data);
  if (!manifest.ok) return manifest;
  const isFolder = content.by === 'md5' ? content.md5.folder : content.artifact.files !== undefined;
  if (manifest.value !== undefined) return ok({ path, record, from: 'cache', manifest: manifest.value, isFolder });
  if (content.by === 'sha256' && content.url !== undefined) {
    return ok({ path, record, from: 'url', manifest: singleFile(content.artifact), isFolder: false });
  }
  return err(failure('data-not-cached', { path, record }));
}

/** What will stand at a path once the data is back: the data, something in it, or a folder around it. */
export async function withComing(
  project: Project,
  path: string,
  { standing, coming }: { readonly standing: Artifact | undefined; readonly coming: readonly ComingData[] },
): Promise<Result<Artifact | undefined>> {
  if (standing === undefined) {
    const whole = coming.find((data) => data.path === path || path.startsWith(`${data.path}/`));
    return ok(whole === undefined ? undefined : partOf(whole, path));
  }
  const inside = coming.filter((data) => data.path.startsWith(`${path}/`));
  if (inside.length === 0 || standing.files === undefined) return ok(standing);
  const now = await project.hasher.manifest(standing);
  if (!now.ok || now.value === undefined) return now.ok ? ok(standing) : now;
  const rules = new IgnoreRules(project.workspace.root);
  const counts = (file: string): boolean => !isIgnored(rules.of(posix.dirname(file)), file, false);
  const added = inside.flatMap((data) => placedFiles(data).filter((file) => counts(file.path)));
  const folders = inside.flatMap((data) => data.manifest.emptyFolders.map((folder) => `${data.path}/${folder}`));
  const relative = added.map((file) => ({ ...file, path: file.path.slice(path.length + 1) }));
  const emptyFolders = [...now.value.emptyFolders, ...folders.map((folder) => folder.slice(path.length + 1))];
  return ok(folderAt(path, { files: [...now.value.files, ...relative], emptyFolders }));
}

/** Files of the data, relative to the workspace. */
const placedFiles = ({ path, manifest, isFolder }: ComingData): ManifestFile[] =>
  manifest.files.map((file) => ({ ...file, path: isFolder ? `${path}/${file.path}` : path }));

function partOf(data: ComingData, path: string): Artifact | undefined {
  const files = placedFiles(data);
  const file = files.find((each) => each.path === path);
  if (file !== undefined) {
    return { path, hash: file.hash, size: file.size, ...(file.executable ? { executable: true } : {}) };
  }
  const prefix = data.path === path ? '' : `${path.slice(data.path.length + 1)}/`;
  const below = ({ path: each }: { readonly path: string }): boolean => each.startsWith(prefix);
  const manifest = {
    files: data.manifest.files
      .filter(below)
      .map((each) => ({ ...each, path: each.path.slice(prefix.length) })),
    emptyFolders: data.manifest.emptyFolders
      .filter((folder) => folder.startsWith(prefix))
      .map((folder) => folder.slice(prefix.length)),
  };
  const isThere = data.path === path || manifest.files.length + manifest.emptyFolders.length > 0;
  return isThere ? folderAt(path, manifest) : undefined;
}

const folderAt = (path: string, manifest: Manifest): Artifact => ({
  path,
  hash: manifestHash(manifest),
  size: manifest.files.reduce((sum, { size }) => sum + size, 0),
  files: manifest.files.length,
});
