import type { EventSink } from '../core/events.ts';
import { failure, type Failure } from '../core/failure.ts';
import { err, ok, type Result } from '../core/result.ts';
import { missingImports } from '../fs/import/missing-imports.ts';
import { recordPathOf } from '../fs/import/record.ts';
import { selectTargets } from '../graph/select-targets.ts';
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

/** Records of imported files that stages of these targets read and that are not there. Unknown targets are for the planner to refuse. */
export function importsToFetch({ workspace, graph }: Project, targets: readonly string[]): string[] {
  const selection = selectTargets(graph, targets);
  if (!selection.ok) return [];
  const stages = graph.stages.filter(({ name }) => selection.value.stages.has(name));
  const deps = stages.flatMap((stage) => stage.deps.map(({ path }) => path));
  return missingImports(
    workspace.root,
    deps.filter((path) => !graph.makers.has(path)),
  );
}

/** Fetches the files of these records again. Stops at the first that fails: the next would be waited for in vain. */
export async function fetchImports(
  project: Project,
  records: readonly string[],
  options: FetchImportsOptions,
): Promise<Result<void, readonly Failure[]>> {
  const { root } = project.workspace;
  const [{ fetchImport }, { parseMirror }] = await Promise.all([
    import('../fs/import/fetch-import.ts'),
    import('../fs/import/mirror.ts'),
  ]);
  const mirror = parseMirror(options.env['MLP_IMPORT_MIRROR'], root);
  if (!mirror.ok) return err([mirror.error]);
  const ports = {
    root,
    mirror: mirror.value,
    maxBytes: standardImportLimit,
    idleMs: standardImportIdleMs,
    signal: options.signal,
    emit: options.emit,
  };
  for (const record of records) {
    const fetched = await fetchImport(record, ports);
    if (!fetched.ok) return err([fetched.error]);
  }
  return ok(undefined);
}

/** Says of a missing dep that was imported how to get it back, in place of that it does not exist. */
export function namingImports({ workspace }: Project, problems: readonly Failure[]): readonly Failure[] {
  return problems.map((problem) => {
    if (problem.reason !== 'missing-dep') return problem;
    const { path } = problem.detail;
    const [record] = missingImports(workspace.root, [path]);
    if (record !== recordPathOf(path)) return problem;
    return failure('import-missing', { path, record }, { at: problem.at, stage: problem.stage });
  });
}
