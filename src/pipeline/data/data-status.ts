import type { Artifact } from '../../core/artifact.ts';
import type { Failure } from '../../core/failure.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { parseManifest, type Manifest } from '../../fs/manifest.ts';
import type { Project } from '../open-project.ts';
import type { RevisionText } from './collect-garbage.ts';
import { Contents } from './content-of.ts';
import { contentKeys, keyOf } from './content-keys.ts';
import { recordedState, type Recorded } from './recorded.ts';

/** Paths, sorted; those of folders end in `/`. */
export interface DataChanges {
  readonly added: readonly string[];
  readonly modified: readonly string[];
  readonly deleted: readonly string[];
}

export interface DataStatus {
  /** Recorded content that could not be put back, should it get lost. */
  readonly notInCache: readonly string[];
  /** Between the last commit and the records of the workspace; absent outside git. */
  readonly committed?: DataChanges;
  /** Between the records and what stands in the workspace. */
  readonly uncommitted: DataChanges;
  readonly unchanged: number;
}

export interface DataStatusOptions {
  readonly targets: readonly string[];
  /** Name the changed files of folders too. */
  readonly granular: boolean;
  /** Lock files and records of the last commit; undefined where there is none. */
  readonly head: readonly RevisionText[] | undefined;
}

class Changes {
  readonly added: string[] = [];
  readonly modified: string[] = [];
  readonly deleted: string[] = [];

  get sorted(): DataChanges {
    return { added: this.added.sort(), modified: this.modified.sort(), deleted: this.deleted.sort() };
  }
}

/** How outs and tracked data differ from their records, and these from the last commit. */
export async function dataStatus(
  project: Project,
  options: DataStatusOptions,
): Promise<Result<DataStatus, readonly Failure[]>> {
  const state = await recordedState(project, options.targets);
  if (!state.ok) return state;
  const { items } = state.value;
  const contents = new Contents(project);
  const uncommitted = new Changes();
  const notInCache: string[] = [];
  let unchanged = 0;
  for (const item of items) {
    const compared = await compare(project, contents, item);
    if (!compared.ok) return err([compared.error]);
    if (!isSafe(project, contents, item)) notInCache.push(nameOf(item));
    const { change, standing } = compared.value;
    if (change === undefined) unchanged++;
    else {
      uncommitted[change].push(nameOf(item));
      if (options.granular) await compareFiles(project, { item, standing, into: uncommitted });
    }
  }
  const committed = options.head === undefined ? undefined : await sinceCommit(project, items, options.head, options);
  if (committed?.ok === false) return err([committed.error]);
  const since = committed === undefined ? {} : { committed: committed.value };
  return ok({ notInCache, ...since, uncommitted: uncommitted.sorted, unchanged });
}

const isFolder = ({ content }: Recorded): boolean =>
  content.by === 'md5' ? content.md5.folder : content.artifact.files !== undefined;

const nameOf = (item: Recorded): string => (isFolder(item) ? `${item.path}/` : item.path);

interface Compared {
  readonly change?: 'modified' | 'deleted';
  readonly standing?: Artifact;
}

async function compare(project: Project, contents: Contents, item: Recorded): Promise<Result<Compared>> {
  const standing = await project.hasher.artifact(item.path);
  if (!standing.ok) return standing;
  if (standing.value === undefined) return ok({ change: 'deleted' });
  const holds = await contents.holds(item.content, standing.value);
  if (!holds.ok) return holds;
  return ok(holds.value ? {} : { change: 'modified', standing: standing.value });
}

/** What is not to be cached, and what can be downloaded again, is not missed in the cache. */
function isSafe(project: Project, contents: Contents, { cache, content }: Recorded): boolean {
  if (!cache || (content.by === 'sha256' && content.url !== undefined)) return true;
  return content.by === 'sha256' ? project.cache.has(content.artifact) : contents.isCached(content.md5);
}

/** Only where the recorded listing is at hand: that of a folder that was lost with the cache is not. */
async function compareFiles(
  project: Project,
  at: { readonly item: Recorded; readonly standing: Artifact | undefined; readonly into: Changes },
): Promise<void> {
  const { path, content } = at.item;
  if (content.by !== 'sha256' || content.artifact.files === undefined) return;
  const text = project.cache.read(content.artifact.hash)?.toString('utf8');
  const was = text === undefined ? undefined : parseManifest(text);
  const now = at.standing === undefined ? undefined : await project.hasher.manifest(at.standing);
  if (was === undefined || now?.ok === false) return;
  const before = filesOf(was);
  const after = filesOf(now?.value ?? { files: [], emptyFolders: [] });
  for (const [file, hash] of after) {
    if (!before.has(file)) at.into.added.push(`${path}/${file}`);
    else if (before.get(file) !== hash) at.into.modified.push(`${path}/${file}`);
  }
  for (const file of before.keys()) if (!after.has(file)) at.into.deleted.push(`${path}/${file}`);
}

const filesOf = ({ files }: Manifest): Map<string, string> =>
  new Map(files.map(({ path, hash, executable }) => [path, `${hash} ${executable}`]));

async function sinceCommit(
  project: Project,
  items: readonly Recorded[],
  head: readonly RevisionText[],
  { targets }: DataStatusOptions,
): Promise<Result<DataChanges>> {
  const before = await contentKeys(project, head);
  if (!before.ok) return before;
  const changes = new Changes();
  for (const item of items) {
    const was = before.value.get(item.path);
    if (was === undefined) changes.added.push(nameOf(item));
    else if (was !== keyOf(item.content)) changes.modified.push(nameOf(item));
  }
  const present = new Set(items.map(({ path }) => path));
  // With targets, what the last commit had beside them is not looked at.
  if (targets.length === 0) for (const path of before.value.keys()) if (!present.has(path)) changes.deleted.push(path);
  return ok(changes.sorted);
}
