import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import type { EventSink } from '../core/events.ts';
import { failure, type Failure } from '../core/failure.ts';
import { ok, type Result } from '../core/result.ts';
import { recordsOfMissing } from '../fs/records/missing-data.ts';
import { recordBeside } from '../fs/records/record-names.ts';
import { selectTargets, type Reach } from '../graph/select-targets.ts';
import type { Project } from './open-project.ts';

/** As large as an import may be where nothing else is said; one that was larger may be fetched again in its recorded size. */
export const standardImportLimit = 10e9;
/** Longest silence of a server, in milliseconds. */
export const standardImportIdleMs = 60_000;

export interface FetchImportsOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly emit: EventSink;
}

/** Records of data that stages of these targets read and that is not there. Unknown targets are for the planner to refuse. */
export function dataToRestore(
  { workspace, graph }: Project,
  { targets, reach }: { readonly targets: readonly string[]; readonly reach?: Reach },
): string[] {
  const selection = selectTargets(graph, targets, reach);
  if (!selection.ok) return [];
  const stages = graph.stages.filter(({ name }) => selection.value.stages.has(name));
  const deps = stages.flatMap((stage) => stage.deps.map(({ path }) => path));
  return recordsOfMissing(
    workspace.root,
    deps.filter((path) => !graph.makers.has(path)),
  );
}

/** Fetches the file of a record again. */
export async function fetchRecorded(
  { workspace: { root } }: Project,
  record: string,
  options: FetchImportsOptions,
): Promise<Result<void>> {
  const [{ fetchImport }, { parseMirror }] = await Promise.all([
    import('../fs/import/fetch-import.ts'),
    import('../fs/import/mirror.ts'),
  ]);
  const mirror = parseMirror(options.env['MLP_IMPORT_MIRROR'], root);
  if (!mirror.ok) return mirror;
  const ports = {
    root,
    mirror: mirror.value,
    maxBytes: standardImportLimit,
    idleMs: standardImportIdleMs,
    signal: options.signal,
    emit: options.emit,
  };
  const fetched = await fetchImport(record, ports);
  return fetched.ok ? ok(undefined) : fetched;
}

/** Says of a missing dep that has a record, or lay in a tracked folder, how to get it back, in place of that it does not exist. */
export async function namingRecords(project: Project, problems: readonly Failure[]): Promise<readonly Failure[]> {
  const { root } = project.workspace;
  const named: Failure[] = [];
  for (const problem of problems) {
    if (problem.reason !== 'missing-dep') {
      named.push(problem);
      continue;
    }
    const { path } = problem.detail;
    const where = { at: problem.at, stage: problem.stage };
    const [record] = recordsOfMissing(root, [path]);
    const folder = record === undefined ? await folderThatHeld(project, path) : undefined;
    if (folder !== undefined) named.push(failure('dep-left-folder', { path, ...folder }, where));
    else if (record === undefined) named.push(problem);
    else named.push(failure(isImport(join(root, record)) ? 'import-missing' : 'data-missing', { path, record }, where));
  }
  return named;
}

/** The tracked folder, still there, whose record knows the path. */
async function folderThatHeld(
  project: Project,
  path: string,
): Promise<{ readonly folder: string; readonly record: string } | undefined> {
  const { root } = project.workspace;
  for (let folder = posix.dirname(path); folder !== '.' && isInside(folder); folder = posix.dirname(folder)) {
    const record = recordBeside(root, folder);
    if (record === undefined) continue;
    const { didHold } = await import('./data/did-hold.ts');
    return (await didHold(project, record, path)) ? { folder, record } : undefined;
  }
  return undefined;
}

const isInside = (path: string): boolean => !posix.isAbsolute(path) && !path.startsWith('../') && path !== '..';

function isImport(record: string): boolean {
  try {
    return record.endsWith('.mlp') && /^url:/m.test(readFileSync(record, 'utf8'));
  } catch {
    return false;
  }
}
