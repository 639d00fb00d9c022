import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import { findDvcCache } from '../../cache/dvc-cache.ts';
import { readText } from '../../config/read-text.ts';
import { asStageName, type StageName } from '../../core/brands.ts';
import { failure, failureMessage, type Failure } from '../../core/failure.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { isRepeatable } from '../../plan/plan-stage.ts';
import type { StageEvidence } from '../../plan/types.ts';
import { Contents, type ContentFinder } from '../data/content-of.ts';
import { allTracked } from '../data/recorded.ts';
import type { TrackedData } from '../data/tracked-data.ts';
import { prefixOf } from '../merge-pipelines.ts';
import type { Project } from '../open-project.ts';
import { readEvidence } from '../read-evidence.ts';
import { parseDvcLock, type DvcEntry } from './dvc-lock.ts';
import { migrateRuns, type MigratedRuns } from './migrate-runs.ts';
import { DryContents } from './dry-contents.ts';
import { dryKeeper, keeperFor, type Keeper } from './keeper.ts';
import { evidenceFrom } from './migrate-stage.ts';
import { Sources, type OldVersion } from './sources.ts';

export interface MigrateOptions {
  /** Versions of a path in git that may be what DVC recorded. */
  readonly oldVersions: (path: string) => Promise<readonly OldVersion[]>;
  /** Only tell what would be taken over; then nobody need hold the lock. */
  readonly dry: boolean;
}

export interface Migrated {
  /** Stages of the pipeline in order, then entries of stages that are not in it. */
  readonly stages: readonly {
    readonly stage: string;
    readonly outcome: 'taken' | 'already' | 'left';
    /** For `left`: what is missing. */
    readonly why?: string;
  }[];
  readonly data: readonly { readonly path: string; readonly record: string; readonly outcome: 'taken' | 'left' }[];
  readonly runs: MigratedRuns;
}

type Row = Migrated['stages'][number];

/**
 * Takes over what DVC knows: evidence from dvc.lock, the run cache, and the content of both and of tracked data. Nothing of DVC's is
 * changed, and no evidence of ours is replaced. Objects first, then the run cache, then pipeline.lock: killed at any point, it is done
 * again. Only for the holder of the workspace's lock.
 */
export async function migrate(
  project: Project,
  options: MigrateOptions,
): Promise<Result<Migrated, readonly Failure[]>> {
  const locks = await readLocks(project);
  if (!locks.ok) return locks;
  const dvc = findDvcCache(project.workspace.root);
  if (locks.value.size === 0 && dvc === undefined) return err([failure('nothing-of-dvc', {})]);
  const before = await readEvidence(project.workspace.root, project.lockFile, project.memo);
  if (!before.ok) return err([before.error]);
  const contents = options.dry ? new DryContents(project) : new Contents(project);
  const keeper = options.dry ? dryKeeper : keeperFor(project);
  const executables = options.dry ? new Set<string>() : executablesOf(project, locks.value);
  const sources = new Sources(project, contents, { ...options, executables });
  const evidence = new Map<StageName, StageEvidence>(before.value);
  const stages: Row[] = [];
  for (const { name } of project.graph.stages) {
    const entry = locks.value.get(name);
    if (before.value.has(name)) stages.push({ stage: name, outcome: 'already' });
    else if (entry === undefined) stages.push({ stage: name, outcome: 'left', why: 'DVC never ran it' });
    else stages.push(await takeStage(project, { name, entry, sources, keeper, evidence }));
  }
  for (const name of locks.value.keys()) {
    if (!project.graph.byName.has(name))
      stages.push({ stage: name, outcome: 'left', why: 'the pipeline has no such stage' });
  }
  const data = await takeData(project, contents, keeper);
  if (!data.ok) return data;
  const runs = dvc === undefined ? { found: 0, taken: 0 } : await migrateRuns(project, dvc, { sources, keeper });
  const written = evidence.size > before.value.size ? keeper.lock(evidence) : ok(undefined);
  return written.ok ? ok({ stages, data: data.value, runs }) : err([written.error]);
}

async function takeStage(
  project: Project,
  at: {
    readonly name: StageName;
    readonly entry: DvcEntry;
    readonly sources: Sources;
    readonly keeper: Keeper;
    readonly evidence: Map<StageName, StageEvidence>;
  },
): Promise<Row> {
  const stage = project.graph.byName.get(at.name);
  if (stage === undefined) return { stage: at.name, outcome: 'left', why: 'the pipeline has no such stage' };
  const found = await evidenceFrom(at.entry, { stage, wdir: stage.wdir }, at.sources);
  if (!found.ok) return { stage: at.name, outcome: 'left', why: found.error };
  const unstored = await at.keeper.outs(stage, found.value);
  if (unstored !== undefined) return { stage: at.name, outcome: 'left', why: failureMessage(unstored) };
  if (isRepeatable(stage)) at.keeper.result(found.value);
  at.evidence.set(at.name, found.value);
  return { stage: at.name, outcome: 'taken' };
}

async function takeData(
  project: Project,
  contents: ContentFinder,
  keeper: Keeper,
): Promise<Result<Migrated['data'], readonly Failure[]>> {
  const tracked = await allTracked(project);
  if (!tracked.ok) return tracked;
  const rows: Migrated['data'][number][] = [];
  for (const data of tracked.value.filter(({ content }) => content.by === 'md5')) {
    const obtained = await contents.obtain(data);
    const isTaken =
      (obtained.ok && obtained.value !== undefined) || (await keepStanding(project, data, { contents, keeper }));
    rows.push({ path: data.path, record: data.record, outcome: isTaken ? 'taken' : 'left' });
  }
  return ok(rows);
}

/** Data that DVC's cache has lost may stand in the workspace as it was recorded. */
async function keepStanding(
  project: Project,
  { path, content }: TrackedData,
  { contents, keeper }: { readonly contents: ContentFinder; readonly keeper: Keeper },
): Promise<boolean> {
  const standing = await project.hasher.artifact(path);
  if (!standing.ok || standing.value === undefined) return false;
  const holds = await contents.holds(content, standing.value);
  return holds.ok && holds.value && keeper.standing(standing.value);
}

/** The entries of all dvc.lock files, by the names that their stages have here. */
async function readLocks({
  workspace,
  config,
}: Project): Promise<Result<ReadonlyMap<StageName, DvcEntry>, readonly Failure[]>> {
  const entries = new Map<StageName, DvcEntry>();
  for (const file of config.files ?? [config.file]) {
    const lock = posix.join(posix.dirname(file), 'dvc.lock');
    if (!existsSync(join(workspace.root, lock))) continue;
    const text = readText(workspace.root, lock);
    if (!text.ok) return err([text.error]);
    const parsed = await parseDvcLock(text.value, lock);
    if (!parsed.ok) return err([parsed.error]);
    const prefix = config.files === undefined ? '' : prefixOf(file);
    for (const [name, entry] of parsed.value) entries.set(asStageName(prefix + name), entry);
  }
  return ok(entries);
}

function executablesOf({ graph }: Project, entries: ReadonlyMap<StageName, DvcEntry>): ReadonlySet<string> {
  const paths = [...entries].flatMap(([name, { deps, outs }]) => {
    const wdir = graph.byName.get(name)?.wdir ?? '.';
    return [...deps, ...outs].flatMap(({ path, executable }) => (executable ? [posix.join(wdir, path)] : []));
  });
  return new Set(paths);
}
