import { readFileSync } from 'node:fs';
import { failure } from '../core/failure.ts';
import { err, ok, type Result } from '../core/result.ts';
import { parseManifest, type Manifest, type ManifestFile } from '../fs/manifest.ts';
import { systemProblem } from '../fs/system-problem.ts';
import type { DvcCache } from './dvc-cache.ts';
import { parseDvcListing, type Md5Content } from './md5-content.ts';
import type { KnownContent, Md5Index } from './md5-index.ts';
import { sumFile } from './md5-sums.ts';
import type { ObjectStore } from './object-store.ts';

interface Places {
  /** Undefined where there is no DVC project. */
  readonly dvc: DvcCache | undefined;
  readonly objects: ObjectStore;
  readonly index: Md5Index;
}

/**
 * The files of a content that is named by its MD5, by our hashes and without taking anything over; a single file has the empty path.
 * Copies in DVC's cache are read for that, once: what they are is remembered. Undefined when the caches do not have all of it.
 */
export async function knownFiles(
  places: Places,
  content: Md5Content,
  path: string,
): Promise<Result<Manifest | undefined>> {
  try {
    return content.folder ? await folderFiles(places, content, path) : await singleFile(places, content, path);
  } catch (error) {
    return err(systemProblem(error, { what: 'read', path }));
  }
}

async function singleFile(places: Places, content: Md5Content, path: string): Promise<Result<Manifest | undefined>> {
  const file = await knownFile(places, content, path);
  if (!file.ok || file.value === undefined) return file.ok ? ok(undefined) : file;
  const { hash, size } = file.value;
  return ok({ files: [{ path: '', hash, size, executable: false }], emptyFolders: [] });
}

async function knownFile(
  { dvc, objects, index }: Places,
  content: Md5Content,
  path: string,
): Promise<Result<KnownContent | undefined>> {
  const names = index.find(content);
  const ours = names.find(({ hash }) => objects.has(hash));
  const file = ours === undefined ? dvc?.find(content) : undefined;
  if (file === undefined) return ok(ours);
  if (names[0] !== undefined) return ok(names[0]);
  const sums = await sumFile(file, content.algorithm);
  if (sums.md5 !== content.md5) return err(failure('dvc-object-corrupt', { path, file }));
  const found = { hash: sums.sha256, size: sums.size };
  index.remember(content, found);
  return ok(found);
}

async function folderFiles(places: Places, content: Md5Content, path: string): Promise<Result<Manifest | undefined>> {
  const ours = places.index.find(content).find(({ hash }) => places.objects.has(hash));
  const text = ours === undefined ? undefined : places.objects.read(ours.hash);
  const manifest = text === undefined ? undefined : parseManifest(text.toString('utf8'));
  if (manifest !== undefined) return ok(manifest);
  const listing = places.dvc?.find(content);
  if (listing === undefined) return ok(undefined);
  const sums = await sumFile(listing, 'md5');
  const listed = sums.md5 === content.md5 ? parseDvcListing(readFileSync(listing, 'utf8')) : undefined;
  if (listed === undefined) return err(failure('dvc-object-corrupt', { path, file: listing }));
  const files: ManifestFile[] = [];
  for (const each of listed) {
    const part = { algorithm: content.algorithm, md5: each.md5, folder: false };
    const file = await knownFile(places, part, `${path}/${each.path}`);
    if (!file.ok || file.value === undefined) return file.ok ? ok(undefined) : file;
    files.push({ path: each.path, hash: file.value.hash, size: file.value.size, executable: false });
  }
  return ok({ files, emptyFolders: [] });
}
