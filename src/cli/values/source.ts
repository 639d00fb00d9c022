import { readFileSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import { readText } from '../../config/read-text.ts';
import type { PipelineConfig } from '../../config/types.ts';
import type { Artifact } from '../../core/artifact.ts';
import type { Failure } from '../../core/failure.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { filesBelow } from '../../fs/files-below.ts';
import { parseManifest } from '../../fs/manifest.ts';
import { lockFileFor, type Project } from '../../pipeline/open-project.ts';
import { parseLock } from '../../record/lock-file.ts';
import { systemProblem } from '../../fs/system-problem.ts';
import { git, gitBytes } from '../processes/git.ts';
import { pipelineAt, type Reader } from './pipeline-at.ts';

/** One state of the project whose files can be read: the workspace, or a git revision. */
export interface ValuesSource {
  readonly name: string;
  readonly config: PipelineConfig;
  /** The text of a file at that state; undefined when it has none. */
  text(path: string): Promise<Result<string | undefined>>;
  /** As `text`, of a file that need not be text. */
  bytes(path: string): Promise<Result<Uint8Array | undefined>>;
  /** The files below a directory, sorted; undefined when it is none. */
  list(path: string): Promise<Result<readonly string[] | undefined>>;
}

export function workspaceSource({ workspace, config }: Project): ValuesSource {
  const { root } = workspace;
  return {
    name: 'workspace',
    config,
    text: (path) => Promise.resolve(holdsText(join(root, path)) ? readText(root, path) : ok(undefined)),
    bytes: (path) => Promise.resolve(attempt(path, () => readFileSync(join(root, path)))),
    list: (path) => Promise.resolve(attempt(path, () => filesBelow(root, path))),
  };
}

const holdsText = (absolute: string): boolean => statSync(absolute, { throwIfNoEntry: false })?.isDirectory() === false;

/** Undefined for what is not there. */
function attempt<T>(path: string, read: () => T): Result<T | undefined> {
  try {
    return ok(read());
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT'
      ? ok(undefined)
      : err(systemProblem(error, { what: 'read', path }));
  }
}

/**
 * A git revision. Files that are not in git but were outs at that revision come from the cache, by the hash in that revision's lock file.
 * Where the revision has no pipeline file, the present one says which files matter.
 */
export async function revisionSource(
  project: Project,
  revision: string,
): Promise<Result<ValuesSource, readonly Failure[]>> {
  const { root, pipelineFile } = project.workspace;
  const commit = await git(
    root,
    ['rev-parse', '--verify', '--end-of-options', `${revision}^{commit}`],
    `find the revision "${revision}"`,
  );
  if (!commit.ok) return err([commit.error]);
  const inGit = gitReader(root, commit.value.trim());
  const config = await pipelineAt({ root, commit: commit.value.trim(), called: pipelineFile }, inGit);
  if (!config.ok) return config;
  const made = await outsAt(lockFileFor(pipelineFile), inGit);
  if (!made.ok) return err([made.error]);
  return ok({
    name: revision,
    config: config.value ?? project.config,
    text: async (path) => {
      const text = await inGit(path);
      return text.ok && text.value === undefined ? ok(cachedBytes(project, made.value, path)?.toString('utf8')) : text;
    },
    bytes: async (path) => {
      const bytes = await bytesInGit(root, commit.value.trim(), path);
      return bytes.ok && bytes.value === undefined ? ok(cachedBytes(project, made.value, path)) : bytes;
    },
    list: async (path) => {
      const found = await listInGit(root, commit.value.trim(), path);
      return found.ok && found.value === undefined ? ok(cachedList(project, made.value, path)) : found;
    },
  });
}

/** Reads files of a commit, by their path from the workspace's root, which may lie below that of the repository. */
function gitReader(root: string, commit: string): Reader {
  return async (path) => {
    const bytes = await bytesInGit(root, commit, path);
    return bytes.ok ? ok(bytes.value === undefined ? undefined : Buffer.from(bytes.value).toString('utf8')) : bytes;
  };
}

async function bytesInGit(root: string, commit: string, path: string): Promise<Result<Uint8Array | undefined>> {
  if (posix.isAbsolute(path) || path.startsWith('../')) return ok(undefined);
  const what = `read ${path} of ${commit.slice(0, 8)}`;
  const listed = await git(root, ['ls-tree', '-z', '--full-name', commit, '--', `:(literal)${path}`], what);
  if (!listed.ok) return listed;
  if (!/^\d+ blob /.test(listed.value)) return ok(undefined);
  return gitBytes(root, ['cat-file', 'blob', `${commit}:./${path}`], what);
}

async function listInGit(root: string, commit: string, path: string): Promise<Result<readonly string[] | undefined>> {
  if (posix.isAbsolute(path) || path.startsWith('../')) return ok(undefined);
  const what = `list ${path} of ${commit.slice(0, 8)}`;
  const listed = await git(root, ['ls-tree', '-r', '-z', '--name-only', commit, '--', `:(literal)${path}/`], what);
  if (!listed.ok) return listed;
  const files = listed.value.split('\0').filter((name) => name !== '');
  return ok(files.length === 0 ? undefined : files.sort());
}

async function outsAt(lockFile: string, read: Reader): Promise<Result<readonly Artifact[]>> {
  const text = await read(lockFile);
  if (!text.ok) return text;
  if (text.value === undefined) return ok([]);
  const evidence = await parseLock(text.value, lockFile);
  return evidence.ok ? ok([...evidence.value.values()].flatMap(({ outs }) => outs)) : evidence;
}

/** A file as these outs had it, from the cache. */
export function cachedBytes({ cache }: Project, outs: readonly Artifact[], path: string): Buffer | undefined {
  const around = outs.find((out) => out.path === path || path.startsWith(`${out.path}/`));
  if (around === undefined) return undefined;
  if (around.files === undefined) return around.path === path ? cache.read(around.hash) : undefined;
  const manifest = cache.read(around.hash)?.toString('utf8');
  const inside = path.slice(around.path.length + 1);
  const files = manifest === undefined ? [] : (parseManifest(manifest)?.files ?? []);
  const hash = files.find((file) => file.path === inside)?.hash;
  return hash === undefined ? undefined : cache.read(hash);
}

export function cachedList({ cache }: Project, outs: readonly Artifact[], path: string): readonly string[] | undefined {
  const out = outs.find((each) => each.files !== undefined && each.path === path);
  const manifest = out === undefined ? undefined : cache.read(out.hash)?.toString('utf8');
  const files = manifest === undefined ? undefined : parseManifest(manifest)?.files;
  return files?.map((file) => posix.join(path, file.path));
}
