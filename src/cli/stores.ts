import type { Failure } from '../core/failure.ts';
import { err, type Result } from '../core/result.ts';
import { placeOf, type Workspace } from '../core/workspace.ts';
import type { Registry } from '../registry/registry.ts';
import type { TrackingStore } from '../tracking/store.ts';
import type { CliContext } from './context.ts';

export interface OpenRuns {
  readonly workspace: Workspace;
  readonly runs: TrackingStore;
}

export interface OpenModels extends OpenRuns {
  readonly registry: Registry;
}

/** Opens the runs of the project that the command was called in, and closes them after use. Makes no store where there is none. */
export async function withRuns<T, E = Failure>(
  context: CliContext,
  use: (open: OpenRuns) => Promise<Result<T, E>>,
): Promise<Result<T, E | Failure>> {
  const workspace = context.workspace();
  if (!workspace.ok) return workspace;
  const { openTrackingStore } = await import('../tracking/sqlite-store.ts');
  const runs = openTrackingStore(placeOf(workspace.value, 'store'), { access: 'existing' });
  if (!runs.ok) return runs;
  try {
    return await use({ workspace: workspace.value, runs: runs.value });
  } finally {
    await runs.value.close();
  }
}

/** As `withRuns`, with the models that the runs made. */
export async function withModels<T, E = Failure>(
  context: CliContext,
  use: (open: OpenModels) => Promise<Result<T, E>>,
): Promise<Result<T, E | Failure>> {
  return withRuns(context, async (open): Promise<Result<T, E | Failure>> => {
    const { openRegistry } = await import('../registry/sqlite-registry.ts');
    const registry = openRegistry(placeOf(open.workspace, 'store'), { access: 'existing' });
    if (!registry.ok) return err<E | Failure>(registry.error);
    try {
      return await use({ ...open, registry: registry.value });
    } finally {
      await registry.value.close();
    }
  });
}
