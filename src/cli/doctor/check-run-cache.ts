import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseEntry, type RunCacheEntry } from '../../cache/run-cache.ts';
import { readText } from '../../config/read-text.ts';
import type { Artifact } from '../../core/artifact.ts';
import { asFingerprint, isSha256 } from '../../core/brands.ts';
import { ok } from '../../core/result.ts';
import { places, placeOf } from '../../core/workspace.ts';
import { parseManifest } from '../../fs/manifest.ts';
import { lockFileFor } from '../../pipeline/open-project.ts';
import { parseLock } from '../../record/lock-file.ts';
import { countOf, shortHash } from '../../report/format.ts';
import { foldersIn, setAside, type CachedObject } from './check-cache.ts';
import type { Finding, Site } from './finding.ts';

const area = 'cache';

/** Whether the run cache can be read, and whether directories that it or the lock file knows are whole in the cache. */
export async function checkResults(site: Site, objects: readonly CachedObject[]): Promise<Finding[]> {
  const { entries, unreadable } = readRunCache(site);
  const outs = [...entries.flatMap((entry) => entry.outs), ...(await recordedOuts(site))];
  return [...entryFindings(entries.length, unreadable), ...directoryFindings(site, objects, outs)];
}

interface Read {
  readonly entries: readonly RunCacheEntry[];
  /** Absolute paths. */
  readonly unreadable: readonly string[];
}

function readRunCache({ workspace }: Site): Read {
  const folder = join(placeOf(workspace, 'cache'), 'runs');
  const entries: RunCacheEntry[] = [];
  const unreadable: string[] = [];
  for (const prefix of foldersIn(folder)) {
    for (const rest of readdirSync(join(folder, prefix))) {
      if (!isSha256(prefix + rest)) continue;
      const path = join(folder, prefix, rest);
      const entry = readEntry(path, prefix + rest);
      if (entry === undefined) unreadable.push(path);
      else entries.push(entry);
    }
  }
  return { entries, unreadable };
}

function readEntry(path: string, fingerprint: string): RunCacheEntry | undefined {
  try {
    return parseEntry(readFileSync(path, 'utf8'), asFingerprint(fingerprint));
  } catch {
    return undefined;
  }
}

function entryFindings(count: number, unreadable: readonly string[]): Finding[] {
  const subject = `${places.cache}/runs`;
  if (unreadable.length === 0) return [{ area, subject, verdict: 'ok', text: countOf(count, 'known result') }];
  const mend = (): ReturnType<NonNullable<Finding['mend']>> => {
    for (const path of unreadable) rmSync(path, { force: true });
    return ok(`${countOf(unreadable.length, 'unreadable result')} removed`);
  };
  const text = `${unreadable.length} of ${countOf(count + unreadable.length, 'known result')} cannot be read`;
  const next = 'mlp doctor --fix removes them; their stages run again when they are asked for';
  return [{ area, subject, verdict: 'problem', text, next, mend }];
}

/** What the lock file speaks of; a lock file that cannot be read is told elsewhere. */
async function recordedOuts({ workspace }: Site): Promise<Artifact[]> {
  const file = lockFileFor(workspace.pipelineFile);
  const text = existsSync(join(workspace.root, file)) ? readText(workspace.root, file) : undefined;
  const evidence = text?.ok === true ? await parseLock(text.value, file) : undefined;
  return evidence?.ok === true ? [...evidence.value.values()].flatMap(({ outs }) => outs) : [];
}

/** A manifest in the cache promises that its files are there: nothing asks about them before they are wanted. */
function directoryFindings(site: Site, objects: readonly CachedObject[], outs: readonly Artifact[]): Finding[] {
  const byHash = new Map<string, CachedObject>(objects.map((object) => [object.hash, object]));
  const hashes = new Set(outs.filter(({ files }) => files !== undefined).map(({ hash }) => hash));
  const known = [...hashes].sort().flatMap((hash) => byHash.get(hash) ?? []);
  const broken = known.filter((manifest) => !isWhole(manifest, byHash));
  const subject = 'directories';
  if (broken.length === 0) {
    return known.length === 0
      ? []
      : [{ area, subject, verdict: 'ok', text: `${known.length}, each with all its files` }];
  }
  const named = broken.slice(0, 10).map(({ hash }) => shortHash(hash));
  return [
    {
      area,
      subject,
      verdict: 'problem',
      text: `${broken.length} of ${known.length} lack files: ${named.join(', ')}`,
      next: 'mlp doctor --fix sets their lists aside; the next mlp repro stores or makes them again',
      mend: () => setAside(site, broken),
    },
  ];
}

/** A list that cannot be read is damaged, which the objects' own check tells unless it was left out. */
function isWhole(manifest: CachedObject, byHash: ReadonlyMap<string, unknown>): boolean {
  let text: string;
  try {
    text = readFileSync(manifest.path, 'utf8');
  } catch {
    return false;
  }
  return parseManifest(text)?.files.every(({ hash }) => byHash.has(hash)) ?? false;
}
