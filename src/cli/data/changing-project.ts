import type { EventSink } from '../../core/events.ts';
import type { Failure } from '../../core/failure.ts';
import type { Result } from '../../core/result.ts';
import { holdingLock } from '../../pipeline/holding-lock.ts';
import type { Project } from '../../pipeline/open-project.ts';
import { createProgressBar } from '../../report/live/progress-bar.ts';
import type { CliContext } from '../context.ts';
import { openCalledProject } from '../open.ts';

/** What work on the workspace is given beside the project. */
export interface Working {
  readonly env: CliContext['env'];
  readonly emit: EventSink;
  readonly signal: AbortSignal;
}

/** Opens the project and does the work as the only process that changes the workspace, with a bar for what takes a while. */
export async function changingProject<T>(
  context: CliContext,
  file: string | undefined,
  work: (project: Project, working: Working) => Promise<Result<T, readonly Failure[]>>,
): Promise<Result<T, readonly Failure[]>> {
  const { terminal, columns, colour } = context.log;
  const bar = terminal === undefined ? undefined : createProgressBar({ terminal, columns, colour });
  const emit: EventSink = (event) => {
    if (event.type === 'warning') context.log.write(`warning: ${event.text}\n`);
    else bar?.sink(event);
  };
  const project = await openCalledProject(context, file, { emit });
  if (!project.ok) return project;
  try {
    const command = ['mlp', ...context.argv].join(' ');
    // Ctrl-C simply ends the process: each step leaves the workspace whole, and the system frees the lock.
    const { signal } = new AbortController();
    return await holdingLock(project.value, { command }, () => work(project.value, { env: context.env, emit, signal }));
  } finally {
    bar?.finish();
    project.value.close();
  }
}
