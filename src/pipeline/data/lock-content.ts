import { readText } from '../../config/read-text.ts';
import type { Artifact } from '../../core/artifact.ts';
import { ok, type Result } from '../../core/result.ts';
import { findRecords } from '../../fs/records/find-records.ts';
import { parseLock } from '../../record/lock-file.ts';
import type { Project } from '../open-project.ts';

/** Whether the text of a `.lock` file is that of a pipeline of ours; DVC's schema is written `2.0`. */
export const isOwnLock = (text: string): boolean => /^schema: '\d+'$/m.test(text) && /^stages:/m.test(text);

export interface LockContent {
  readonly outs: readonly Artifact[];
  readonly deps: readonly Artifact[];
}

/** What all lock files below the workspace name: other pipeline files have lock files of their own. */
export async function contentOfLocks({ workspace, graph }: Project): Promise<Result<LockContent>> {
  const made = new Set(graph.stages.flatMap((stage) => stage.outs.map((out) => out.path)));
  const outs: Artifact[] = [];
  const deps: Artifact[] = [];
  for (const file of findRecords(workspace.root, made).locks) {
    const text = readText(workspace.root, file);
    if (!text.ok || !isOwnLock(text.value)) continue;
    const parsed = await parseLock(text.value, file);
    if (!parsed.ok) return parsed;
    for (const entry of parsed.value.values()) {
      outs.push(...entry.outs);
      deps.push(...entry.deps);
    }
  }
  return ok({ outs, deps });
}
