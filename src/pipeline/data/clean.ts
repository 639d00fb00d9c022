import { failure, type Failure } from '../../core/failure.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { removeOwn } from '../../fs/remove.ts';
import { selectTargets } from '../../graph/select-targets.ts';
import type { Project } from '../open-project.ts';
import { Contents } from './content-of.ts';
import { unsavedFiles } from './unsaved.ts';

export interface CleanOptions {
  readonly targets: readonly string[];
  /** Remove also what no cache has. */
  readonly force: boolean;
  readonly dry: boolean;
}

export interface Cleaned {
  readonly dry: boolean;
  readonly removed: readonly { readonly path: string; readonly size: number; readonly files?: number }[];
  /** Outs with `cache: false`, which only git or the stage could bring back. */
  readonly kept: readonly string[];
  readonly problems: readonly Failure[];
}

/** Removes outs of stages from the workspace, as long as the cache can give them back. Only for the holder of the workspace's lock. */
export async function clean(project: Project, options: CleanOptions): Promise<Result<Cleaned, readonly Failure[]>> {
  const selection = selectTargets(project.graph, options.targets);
  if (!selection.ok) return selection;
  const contents = new Contents(project);
  const removed: Cleaned['removed'][number][] = [];
  const kept: string[] = [];
  const problems: Failure[] = [];
  for (const stage of project.graph.stages.filter(({ name }) => selection.value.named.has(name))) {
    for (const { path, cache } of stage.outs) {
      const standing = await project.hasher.artifact(path);
      if (!standing.ok) problems.push(standing.error);
      if (!standing.ok || standing.value === undefined) continue;
      if (!cache && !options.force) {
        kept.push(path);
        continue;
      }
      const { size, files } = standing.value;
      const unsaved = options.force ? ok([]) : await unsavedFiles(project, contents, standing.value);
      const done = unsaved.ok ? removeSaved(project, { path, unsaved: unsaved.value, dry: options.dry }) : unsaved;
      if (done.ok) removed.push({ path, size, ...(files === undefined ? {} : { files }) });
      else problems.push(done.error);
    }
  }
  return ok({ dry: options.dry, removed, kept, problems });
}

function removeSaved(
  { workspace }: Project,
  out: { readonly path: string; readonly unsaved: readonly string[]; readonly dry: boolean },
): Result<void> {
  if (out.unsaved.length > 0) return err(failure('unsaved-data', { path: out.path, files: out.unsaved }));
  return out.dry ? ok(undefined) : removeOwn(workspace.root, out.path);
}
