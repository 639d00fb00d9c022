import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ObjectStore } from '../../cache/object-store.ts';
import { asContentHash, isSha256, type ContentHash } from '../../core/brands.ts';
import { ok, type Result } from '../../core/result.ts';
import { places, placeOf } from '../../core/workspace.ts';
import { hashFile } from '../../fs/hash-file.ts';
import { statOf } from '../../fs/identity.ts';
import { Pace } from '../../fs/pace.ts';
import { StateDb } from '../../fs/state-db.ts';
import { countOf, formatBytes, shortHash } from '../../report/format.ts';
import type { Finding, Site } from './finding.ts';

const area = 'cache';
/** Damaged objects that are named one by one. */
const mostNamed = 10;

/** An object as its name says, not yet as its bytes do. */
export interface CachedObject {
  readonly hash: ContentHash;
  readonly path: string;
  readonly size: number;
}

/** Every file of the cache that has the name of an object. */
export function cachedObjects({ workspace }: Site): CachedObject[] {
  const folder = join(placeOf(workspace, 'cache'), 'sha256');
  return foldersIn(folder).flatMap((prefix) =>
    readdirSync(join(folder, prefix)).flatMap((rest) => {
      const path = join(folder, prefix, rest);
      const stats = isSha256(prefix + rest) ? statOf(path) : undefined;
      return stats?.isFile() === true ? [{ hash: asContentHash(prefix + rest), path, size: stats.size }] : [];
    }),
  );
}

export function foldersIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return entries.map(({ name }) => name).sort();
}

/** The damaged ones, for which all bytes are read; none when they are not to be read. */
export async function damagedObjects(site: Site, objects: readonly CachedObject[]): Promise<CachedObject[]> {
  if (site.quick) return [];
  const total = objects.reduce((sum, { size }) => sum + size, 0);
  const damaged: CachedObject[] = [];
  const pace = new Pace((done) => {
    site.emit({ type: 'progress', task: 'hash', label: places.cache, done, total });
  });
  for (const object of objects) {
    if (!(await isSound(object, pace))) damaged.push(object);
    await pace.fileDone(object.size);
  }
  return damaged;
}

/** Whether every object has the SHA-256 that it is named by. */
export function objectFindings(
  site: Site,
  objects: readonly CachedObject[],
  damaged: readonly CachedObject[],
): Finding[] {
  const bytes = objects.reduce((sum, { size }) => sum + size, 0);
  const amount = `${countOf(objects.length, 'object')}, ${formatBytes(bytes)}`;
  const subject = places.cache;
  const aside = setAsideBefore(site);
  if (site.quick) return [{ area, subject, verdict: 'ok', text: `${amount}; not read, for --quick` }, ...aside];
  if (damaged.length === 0) {
    const text = objects.length === 0 ? 'empty' : `${amount}, each as its name says`;
    return [{ area, subject, verdict: 'ok', text }, ...aside];
  }
  const named = damaged.slice(0, mostNamed).map(({ hash }) => shortHash(hash));
  const more = damaged.length > named.length ? ` and ${damaged.length - named.length} more` : '';
  return [
    {
      area,
      subject,
      verdict: 'problem',
      text: `${damaged.length} of ${countOf(objects.length, 'object')} damaged: ${named.join(', ')}${more}`,
      next: 'mlp doctor --fix sets them aside; the next mlp repro makes them again',
      mend: () => setAside(site, damaged),
    },
    ...aside,
  ];
}

/** One that is gone meanwhile was removed by another command; one that cannot be read serves nobody. */
async function isSound({ hash, path, size }: CachedObject, pace: Pace): Promise<boolean> {
  try {
    return (await hashFile(path, size, pace.onBytes)) === hash;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
}

/** Puts objects out of the way; the bytes stay in the quarantine. */
export function setAside({ workspace }: Site, objects: readonly Pick<CachedObject, 'hash'>[]): Result<string> {
  const state = new StateDb(placeOf(workspace, 'state'));
  const store = new ObjectStore({ folder: placeOf(workspace, 'cache'), state });
  for (const { hash } of objects) store.setAside(hash);
  state.close();
  return ok(`${countOf(objects.length, 'object')} set aside in ${places.cache}/quarantine`);
}

function setAsideBefore({ workspace }: Site): Finding[] {
  const folder = join(placeOf(workspace, 'cache'), 'quarantine');
  if (!existsSync(folder)) return [];
  const count = readdirSync(folder).length;
  if (count === 0) return [];
  const text = `${countOf(count, 'damaged object')} set aside before`;
  const next = 'delete the folder when nobody wants to look at them';
  return [{ area, subject: `${places.cache}/quarantine`, verdict: 'note', text, next }];
}
