import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import { parsePipeline } from '../../config/parse-pipeline.ts';
import { readText } from '../../config/read-text.ts';
import type { PipelineConfig } from '../../config/types.ts';
import type { Artifact } from '../../core/artifact.ts';
import type { Failure } from '../../core/failure.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { parseManifest } from '../../fs/manifest.ts';
import { lockFileFor, type Project } from '../../pipeline/open-project.ts';
import { parseLock } from '../../record/lock-file.ts';
import { git } from '../processes/git.ts';

/** One state of the project whose files can be read: the workspace, or a git revision. */
export interface ValuesSource {
  readonly name: string;
  readonly config: PipelineConfig;
  /** The text of a file at that state; undefined when it has none. */
  text(path: string): Promise<Result<string | undefined>>;
}

export function workspaceSource({ workspace, config }: Project): ValuesSource {
  return {
    name: 'workspace',
    config,
    text: (path) =>
      Promise.resolve(existsSync(join(workspace.root, path)) ? readText(workspace.root, path) : ok(undefined)),
  };
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
  const config = await configAt(pipelineFile, inGit);
  if (!config.ok) return config;
  const made = await outsAt(lockFileFor(pipelineFile), inGit);
  if (!made.ok) return err([made.error]);
  return ok({
    name: revision,
    config: config.value ?? project.config,
    text: async (path) => {
      const text = await inGit(path);
      return text.ok && text.value === undefined ? ok(cachedText(project, made.value, path)) : text;
    },
  });
}

type Reader = (path: string) => Promise<Result<string | undefined>>;

/** Reads files of a commit, by their path from the workspace's root, which may lie below that of the repository. */
function gitReader(root: string, commit: string): Reader {
  return async (path) => {
    if (posix.isAbsolute(path) || path.startsWith('../')) return ok(undefined);
    const what = `read ${path} of ${commit.slice(0, 8)}`;
    const listed = await git(root, ['ls-tree', '-z', '--full-name', commit, '--', `:(literal)${path}`], what);
    if (!listed.ok) return listed;
    if (!/^\d+ blob /.test(listed.value)) return ok(undefined);
    return git(root, ['cat-file', 'blob', `${commit}:./${path}`], what);
  };
}

/** Reads the pipeline file, and then whatever its templates ask for, until it asks for nothing new. */
async function configAt(file: string, read: Reader): Promise<Result<PipelineConfig | undefined, readonly Failure[]>> {
  const text = await read(file);
  if (!text.ok) return err([text.error]);
  if (text.value === undefined) return ok(undefined);
  const known = new Map<string, string | undefined>();
  for (;;) {
    const wanted = new Set<string>();
    const config = parsePipeline(text.value, file, (path) => {
      if (!known.has(path)) wanted.add(path);
      return known.get(path);
    });
    if (wanted.size === 0) return config;
    for (const path of wanted) {
      const found = await read(path);
      if (!found.ok) return err([found.error]);
      known.set(path, found.value);
    }
  }
}

async function outsAt(lockFile: string, read: Reader): Promise<Result<readonly Artifact[]>> {
  const text = await read(lockFile);
  if (!text.ok) return text;
  if (text.value === undefined) return ok([]);
  const evidence = await parseLock(text.value, lockFile);
  return evidence.ok ? ok([...evidence.value.values()].flatMap(({ outs }) => outs)) : evidence;
}

function cachedText({ cache }: Project, outs: readonly Artifact[], path: string): string | undefined {
  const around = outs.find((out) => out.path === path || path.startsWith(`${out.path}/`));
  if (around === undefined) return undefined;
  if (around.files === undefined) return around.path === path ? cache.read(around.hash)?.toString('utf8') : undefined;
  const manifest = cache.read(around.hash)?.toString('utf8');
  const inside = path.slice(around.path.length + 1);
  const files = manifest === undefined ? [] : (parseManifest(manifest)?.files ?? []);
  const hash = files.find((file) => file.path === inside)?.hash;
  return hash === undefined ? undefined : cache.read(hash)?.toString('utf8');
}
