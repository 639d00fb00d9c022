import { posix } from 'node:path';
import type { StageName } from '../../core/brands.ts';
import { failure, type Failure } from '../../core/failure.ts';
import { nearestNames } from '../../core/nearest.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { findRecords } from '../../fs/records/find-records.ts';
import { selectTargets } from '../../graph/select-targets.ts';
import type { Evidence } from '../../plan/types.ts';
import type { Project } from '../open-project.ts';
import { readEvidence } from '../read-evidence.ts';
import { readTracked, type TrackedData } from './tracked-data.ts';

/** What should stand at a path: an out by the lock file, or tracked data by its record. */
export interface Recorded extends TrackedData {
  /** The stage that makes it. */
  readonly stage?: StageName;
}

export interface RecordedState {
  /** Sorted by path. */
  readonly items: readonly Recorded[];
  /** Selected stages without an entry in the lock file. */
  readonly neverBuilt: readonly StageName[];
}

/** All that is recorded of these targets: stages, outs, tracked data or its records, folders with such in them; everything without. */
export async function recordedState(
  project: Project,
  targets: readonly string[],
): Promise<Result<RecordedState, readonly Failure[]>> {
  const evidence = await readEvidence(project.workspace.root, project.lockFile, project.memo);
  if (!evidence.ok) return err([evidence.error]);
  const tracked = await allTracked(project);
  if (!tracked.ok) return tracked;
  const chosen = choose(project, tracked.value, targets);
  if (!chosen.ok) return chosen;
  const outs = recordedOuts(project, evidence.value, chosen.value.stages);
  const items = [...outs.items, ...chosen.value.data].sort((a, b) => (a.path < b.path ? -1 : 1));
  return ok({ items, neverBuilt: outs.neverBuilt });
}

/** Everything that the records of the workspace track. */
export async function allTracked(project: Project): Promise<Result<readonly TrackedData[], readonly Failure[]>> {
  const { root } = project.workspace;
  const made = new Set(project.graph.stages.flatMap((stage) => stage.outs.map((out) => out.path)));
  const found: TrackedData[] = [];
  const problems: Failure[] = [];
  for (const record of findRecords(root, made).records) {
    const read = await readTracked(root, record);
    if (read.ok) found.push(...read.value);
    else problems.push(read.error);
  }
  return problems.length > 0 ? err(problems) : ok(found);
}

interface Chosen {
  readonly stages: ReadonlySet<StageName>;
  readonly data: readonly TrackedData[];
}

function choose(
  { graph }: Project,
  tracked: readonly TrackedData[],
  targets: readonly string[],
): Result<Chosen, readonly Failure[]> {
  if (targets.length === 0) return ok({ stages: new Set(graph.byName.keys()), data: tracked });
  const stages = new Set<StageName>();
  const data = new Set<TrackedData>();
  const problems: Failure[] = [];
  for (const target of targets) {
    const path = posix.normalize(target).replace(/(?<=.)\/$/, '');
    const hits = tracked.filter((each) => each.record === path || each.path === path || isBelow(each.path, path));
    for (const hit of hits) data.add(hit);
    const selected = selectTargets(graph, [target]);
    if (selected.ok) for (const name of selected.value.named) stages.add(name);
    else if (hits.length === 0) {
      const paths = tracked.map((each) => each.path);
      const near = nearestNames(target, [...graph.byName.keys(), ...graph.makers.keys(), ...paths]);
      problems.push(failure('unknown-target', { target, near }));
    }
  }
  return problems.length > 0 ? err(problems) : ok({ stages, data: [...data] });
}

const isBelow = (path: string, folder: string): boolean => folder === '.' || path.startsWith(`${folder}/`);

/** Of an out that the pipeline file no longer declares nothing is said here. */
function recordedOuts(project: Project, evidence: Evidence, chosen: ReadonlySet<StageName>): RecordedState {
  const items: Recorded[] = [];
  const neverBuilt: StageName[] = [];
  for (const stage of project.graph.stages) {
    if (!chosen.has(stage.name)) continue;
    const entry = evidence.get(stage.name);
    if (entry === undefined && stage.outs.length > 0) neverBuilt.push(stage.name);
    for (const artifact of entry?.outs ?? []) {
      const declared = stage.outs.find((out) => out.path === artifact.path);
      if (declared === undefined) continue;
      const content = { by: 'sha256', artifact } as const;
      const record = project.lockFile;
      items.push({ path: artifact.path, record, stage: stage.name, cache: declared.cache, content });
    }
  }
  return { items, neverBuilt };
}
