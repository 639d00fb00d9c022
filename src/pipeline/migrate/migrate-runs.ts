import { readFileSync } from 'node:fs';
import type { DvcCache } from '../../cache/dvc-cache.ts';
import { posix } from 'node:path';
import type { StageConfig } from '../../config/types.ts';
import { isRepeatable } from '../../plan/plan-stage.ts';
import type { Project } from '../open-project.ts';
import { dvcEntry, type DvcEntry } from './dvc-lock.ts';
import type { Keeper } from './keeper.ts';
import { evidenceFrom } from './migrate-stage.ts';
import type { Sources } from './sources.ts';

/** How many entries of DVC's run cache there are, and how many were taken over. */
export interface MigratedRuns {
  readonly found: number;
  readonly taken: number;
}

/**
 * Takes over DVC's run cache. An entry names no stage: it belongs to those that make its outs. One whose inputs or outs cannot be had any
 * more is of no use.
 */
export async function migrateRuns(
  project: Project,
  dvc: DvcCache,
  { sources, keeper }: { readonly sources: Sources; readonly keeper: Keeper },
): Promise<MigratedRuns> {
  const { parseYaml } = await import('../../record/parse-yaml.ts');
  const files = dvc.runEntries();
  let taken = 0;
  for (const file of files) {
    const parsed = parseYaml(readFileSync(file, 'utf8'));
    const entry = parsed.ok ? dvcEntry(parsed.value) : undefined;
    const stage = entry === undefined ? undefined : project.graph.stages.find((each) => makes(each, entry));
    if (entry === undefined || stage === undefined || !isRepeatable(stage)) continue;
    const evidence = await evidenceFrom(entry, { stage, wdir: stage.wdir }, sources);
    if (!evidence.ok || (await keeper.outs(stage, evidence.value)) !== undefined) continue;
    if (keeper.result(evidence.value)) taken++;
  }
  return { found: files.length, taken };
}

function makes(stage: StageConfig, entry: DvcEntry): boolean {
  const recorded = entry.outs.map(({ path }) => posix.join(stage.wdir, path)).sort();
  const declared = stage.outs.map(({ path }) => path).sort();
  return recorded.length === declared.length && recorded.every((path, at) => path === declared[at]);
}
