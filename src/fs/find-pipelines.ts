import { readdirSync, type Dirent } from 'node:fs';
import { join } from 'node:path';
import { pipelineFileNames } from './find-workspace.ts';
import { identityOf, statOf, youthMs } from './identity.ts';
import type { StateDb } from './state-db.ts';

/** One folder as it was looked into; valid as long as its times and number are the same, since every new entry changes them. */
interface KnownFolder {
  readonly stamp: string;
  /** Names of the folders in it that are looked into. */
  readonly folders: readonly string[];
  readonly pipeline?: string;
}

type KnownFolders = Record<string, KnownFolder | undefined>;

const memoKey = 'folders of the workspace, 1';

/**
 * The pipeline files of a workspace, relative to it and sorted: at most one a folder. Not looked into are folders whose name begins with a
 * dot, `node_modules`, `__pycache__`, Python's environments, and projects of their own (with a `.mlp` or `.dvc` folder).
 *
 * What a folder holds is remembered with its times, so that later calls cost one look at each folder and read none.
 */
export function findPipelines(root: string, state?: StateDb): string[] {
  const before = knownFolders(state);
  const after: KnownFolders = {};
  const found: string[] = [];
  let changed = false;
  const pending = [''];
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    const startedAt = Date.now();
    const stats = statOf(join(root, path));
    if (stats?.isDirectory() !== true) continue;
    const identity = identityOf(stats);
    const stamp = `${identity.mtimeMs} ${identity.ctimeMs} ${identity.ino}`;
    const known = before[path];
    const folder = known?.stamp === stamp ? known : lookInto(join(root, path), stamp, path === '');
    if (folder === undefined) continue;
    // As with files: what may still change within the clock's tick is not remembered.
    if (youthMs(identity, startedAt) === 0) after[path] = folder;
    changed ||= folder !== known;
    if (folder.pipeline !== undefined) found.push(below(path, folder.pipeline));
    for (const name of folder.folders) pending.push(below(path, name));
  }
  if (changed || Object.keys(before).length !== Object.keys(after).length) {
    state?.rememberMemo(memoKey, JSON.stringify(after));
  }
  return found.sort();
}

const below = (folder: string, name: string): string => (folder === '' ? name : `${folder}/${name}`);

function knownFolders(state: StateDb | undefined): KnownFolders {
  const text = state?.memo(memoKey);
  return text === undefined ? {} : (JSON.parse(text) as KnownFolders);
}

/** Undefined for a folder that is not looked into, or cannot be. */
function lookInto(folder: string, stamp: string, isRoot: boolean): KnownFolder | undefined {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    const names = new Set(entries.map(({ name }) => name));
    if (!isRoot && (names.has('.mlp') || names.has('.dvc') || names.has('pyvenv.cfg'))) return { stamp, folders: [] };
    const folders = entries.filter((entry) => entry.isDirectory() && isLookedInto(entry.name)).map(({ name }) => name);
    const pipeline = pipelineFileNames.find((name) => names.has(name));
    return { stamp, folders, ...(pipeline === undefined ? {} : { pipeline }) };
  } catch {
    return undefined;
  }
}

/** Whether a folder of that name may hold parts of the project. */
export const isLookedInto = (name: string): boolean =>
  !name.startsWith('.') && name !== 'node_modules' && name !== '__pycache__';

/** How many folders are looked into for pipeline files that only help to say what is wrong. */
const mostFolders = 500;

/** Pipeline files near below a folder that is in no project, projects of their own too, the nearest first; not all where there are very many folders. */
export function pipelinesBelow(folder: string): string[] {
  const found: string[] = [];
  const pending = [''];
  for (let count = 0; count < mostFolders; count += 1) {
    const path = pending.shift();
    if (path === undefined) break;
    const entries = entriesOf(join(folder, path));
    const pipeline = pipelineFileNames.find((name) => entries.some((entry) => entry.name === name && entry.isFile()));
    if (pipeline !== undefined) found.push(below(path, pipeline));
    const folders = entries.filter((entry) => entry.isDirectory() && isLookedInto(entry.name));
    pending.push(...folders.map(({ name }) => below(path, name)).sort());
  }
  return found;
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
