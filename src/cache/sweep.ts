import { closeSync, existsSync, openSync, readdirSync, readFileSync, readSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Artifact } from '../core/artifact.ts';
import { asContentHash, isSha256, type ContentHash } from '../core/brands.ts';
import { parseManifest } from '../fs/manifest.ts';
import { Md5Index } from './md5-index.ts';
import type { ObjectStore } from './object-store.ts';
import { RunCache } from './run-cache.ts';

/** What a cache can do without. */
export interface Garbage {
  readonly objects: readonly { readonly hash: ContentHash; readonly size: number }[];
  /** Outs that go with the run cache's entries of them, to give objects a name. */
  readonly outs: readonly Artifact[];
  /** Files that go: entries of the run cache and of the MD5 index, absolute. */
  readonly entries: readonly string[];
  /** Damaged objects that were set aside, absolute. */
  readonly quarantine: readonly { readonly file: string; readonly size: number }[];
  readonly kept: { readonly objects: number; readonly bytes: number };
}

interface CacheParts {
  /** The cache's root, absolute. */
  readonly folder: string;
  readonly objects: ObjectStore;
}

/** All content that these artifacts need: of folders, the files too. */
export function reachable({ objects }: CacheParts, roots: Iterable<Artifact>): Set<ContentHash> {
  const kept = new Set<ContentHash>();
  const opened = new Set<ContentHash>();
  for (const { hash, files } of roots) {
    kept.add(hash);
    if (files === undefined || opened.has(hash) || !objects.has(hash)) continue;
    opened.add(hash);
    const manifest = parseManifest(readFileSync(objects.pathOf(hash), 'utf8'));
    for (const file of manifest?.files ?? []) kept.add(file.hash);
  }
  return kept;
}

/** Everything in the cache that is not needed for `kept`. Changes nothing. Throws the system's error. */
export function findGarbage(cache: CacheParts, kept: ReadonlySet<ContentHash>, recorded: readonly Artifact[]): Garbage {
  const objects: { hash: ContentHash; size: number }[] = [];
  const rest = { objects: 0, bytes: 0 };
  for (const { hash, size } of allObjects(cache)) {
    if (!kept.has(hash)) objects.push({ hash, size });
    else {
      rest.objects++;
      rest.bytes += size;
    }
  }
  const going = new Set(objects.map(({ hash }) => hash));
  const runs = deadRuns(cache, going, recorded);
  const md5s = new Md5Index(cache.folder)
    .entries()
    .filter(({ contents }) => contents.length === 0 || contents.every(({ hash }) => going.has(hash)));
  return {
    objects,
    outs: runs
      .flatMap(({ entry }) => entry.outs.filter(({ hash }) => going.has(hash)))
      .sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : a.hash < b.hash ? -1 : 1)),
    entries: [...runs, ...md5s].map(({ file }) => file),
    quarantine: filesIn(join(cache.folder, 'quarantine')),
    kept: rest,
  };
}

/**
 * Removes it. What names content goes before the content, and a folder's manifest before its files: killed at any point, nothing that is
 * left promises what is not there.
 */
export function sweep(cache: CacheParts, garbage: Garbage): void {
  for (const file of garbage.entries) rmSync(file, { force: true });
  const manifests = garbage.objects.filter(({ hash }) => looksLikeManifest(cache.objects.pathOf(hash)));
  for (const { hash } of [...manifests, ...garbage.objects]) rmSync(cache.objects.pathOf(hash), { force: true });
  for (const { file } of garbage.quarantine) rmSync(file, { force: true });
}

/** Entries that can never be restored again: content of theirs goes, or none of it is anywhere. */
function deadRuns(
  { folder, objects }: CacheParts,
  going: ReadonlySet<ContentHash>,
  recorded: readonly Artifact[],
): ReturnType<RunCache['entries']> {
  // An out that is not kept in the cache may stand in the workspace as it was recorded.
  const standing = new Set(recorded.map(({ hash }) => hash));
  return new RunCache(folder).entries().filter(({ entry }) => {
    const isGoing = entry.outs.some(({ hash }) => going.has(hash));
    return isGoing || entry.outs.every(({ hash }) => !objects.has(hash) && !standing.has(hash));
  });
}

function allObjects({ folder }: CacheParts): { hash: ContentHash; size: number }[] {
  const root = join(folder, 'sha256');
  if (!existsSync(root)) return [];
  return readdirSync(root)
    .sort()
    .flatMap((head) =>
      filesIn(join(root, head)).flatMap(({ file, size }) => {
        const hash = head + file.slice(-62);
        return isSha256(hash) ? [{ hash: asContentHash(hash), size }] : [];
      }),
    );
}

function filesIn(folder: string): { file: string; size: number }[] {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return [];
  return readdirSync(folder)
    .sort()
    .map((name) => join(folder, name))
    .map((file) => ({ file, size: statSync(file).size }));
}

/** How every manifest begins. A file of the user's may begin so too: it only goes a little earlier. */
function looksLikeManifest(path: string): boolean {
  if (!existsSync(path)) return false;
  const file = openSync(path, 'r');
  try {
    const head = Buffer.alloc(16);
    const text = head.toString('utf8', 0, readSync(file, head, 0, head.length, 0));
    return text.startsWith('[{"executable":') || text.startsWith('[{"folder":') || text === '[]\n';
  } finally {
    closeSync(file);
  }
}
