import { existsSync } from 'node:fs';
import type { Failure } from '../../core/failure.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { placeOf } from '../../core/workspace.ts';
import type { Project } from '../../pipeline/open-project.ts';
import type { CliContext } from '../context.ts';
import { cachedBytes, cachedList, type ValuesSource } from './source.ts';

/**
 * A run by its name, as runs are named everywhere: the outs of its stages, from the cache. The run does not keep its pipeline file, so
 * the present one says which files matter. Undefined when no run is called so.
 */
export async function runSource(
  context: Pick<CliContext, 'tracking'>,
  project: Project,
  reference: string,
): Promise<Result<ValuesSource | undefined, readonly Failure[]>> {
  if (!existsSync(placeOf(project.workspace, 'store'))) return ok(undefined);
  const store = await context.tracking(project.workspace);
  if (!store.ok) return err([store.error]);
  const run = await store.value.findRun(reference);
  await store.value.close();
  if (!run.ok) return run.error.reason === 'unknown-run' ? ok(undefined) : err([run.error]);
  const outs = run.value.stages.flatMap((stage) => stage.outs);
  const bytes = (path: string): Buffer | undefined => cachedBytes(project, outs, path);
  return ok({
    name: run.value.name,
    config: project.config,
    text: (path) => Promise.resolve(ok(bytes(path)?.toString('utf8'))),
    bytes: (path) => Promise.resolve(ok(bytes(path))),
    list: (path) => Promise.resolve(ok(cachedList(project, outs, path))),
  });
}
