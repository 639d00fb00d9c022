import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { failureMessage, failureNext } from '../core/failure.ts';
import { ok, type Result } from '../core/result.ts';
import { placeOf } from '../core/workspace.ts';
import type { Tracer } from '../execute/trace/tracer.ts';
import { IgnoreRules } from '../fs/ignore/ignore-rules.ts';
import type { Project } from './open-project.ts';
import type { ReproOptions } from './repro-types.ts';

/**
 * What watches the stages' use of files, where that is asked for. Where it cannot be had, a run that only wanted warnings goes on with
 * one warning.
 */
export async function openTracer(
  project: Project,
  options: Pick<ReproOptions, 'trace' | 'env' | 'emit'>,
): Promise<Result<Tracer | undefined>> {
  const { trace: mode, env } = options;
  if (mode === undefined) return ok(undefined);
  const { Tracer: tracers } = await import('../execute/trace/tracer.ts');
  const { Unremarkable } = await import('../execute/trace/unremarkable.ts');
  const { root } = project.workspace;
  const rules = new IgnoreRules(root);
  const { stages, shown } = projectFiles(project);
  const scene = {
    root,
    makers: new Map(stages.flatMap((stage) => stage.outs.map(({ path }) => [path, stage.name] as const))),
    paramsFiles: new Set([...stages.flatMap(({ params }) => params.map(({ file }) => file)), ...shown]),
    unremarkable: new Unremarkable({
      root,
      temporary: folderInside(root, env['TMPDIR'] ?? tmpdir()),
      ignored: (path) => rules.ruleAgainst(path) !== undefined,
    }),
  };
  const tracer = await tracers.open({
    mode,
    scene,
    env,
    scratch: join(placeOf(project.workspace, 'temporary'), 'trace'),
  });
  if (tracer.ok || mode === 'strict') return tracer;
  const text = [failureMessage(tracer.error), failureNext(tracer.error)]
    .filter((part) => part !== undefined)
    .join('; ');
  options.emit({ type: 'warning', text: `${text}. Nothing is traced.` });
  return ok(undefined);
}

function projectFiles({ config }: Project): { stages: Project['config']['stages']; shown: readonly string[] } {
  return { stages: config.stages, shown: ['params.yaml', ...config.shown.params.map(({ path }) => path)] };
}

/** Relative to the workspace; undefined when it is not in it. */
function folderInside(root: string, folder: string): string | undefined {
  const path = relative(root, folder).split(sep).join('/');
  return path === '' || path.startsWith('../') || path === '..' ? undefined : path;
}
