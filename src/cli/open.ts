import type { Failure } from '../core/failure.ts';
import type { EventSink } from '../core/events.ts';
import { err, type Result } from '../core/result.ts';
import { openProject, type Project } from '../pipeline/open-project.ts';
import type { CliContext } from './context.ts';

/** Opens the project that the command was called in, or whose pipeline file -f names. */
export async function openCalledProject(
  context: CliContext,
  file: string | undefined,
  more: { readonly emit?: EventSink; readonly texts?: ReadonlyMap<string, string> } = {},
): Promise<Result<Project, readonly Failure[]>> {
  const workspace = context.workspace(file);
  if (!workspace.ok) return err([workspace.error]);
  return openProject(workspace.value, { emit: () => undefined, ...more, build: context.build });
}
