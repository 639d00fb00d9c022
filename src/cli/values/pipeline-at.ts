import { posix } from 'node:path';
import { parsePipeline } from '../../config/parse-pipeline.ts';
import type { PipelineConfig } from '../../config/types.ts';
import type { Failure } from '../../core/failure.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { isLookedInto } from '../../fs/find-pipelines.ts';
import { isFoundByName, pipelineFileNames } from '../../fs/find-workspace.ts';
import { IgnoreRules } from '../../fs/ignore/ignore-rules.ts';
import { mergePipelines, prefixOf, type Part } from '../../pipeline/merge-pipelines.ts';
import { git } from '../processes/git.ts';

/** Reads a file of one commit; undefined when it has none. */
export type Reader = (path: string) => Promise<Result<string | undefined>>;

interface Revision {
  readonly root: string;
  readonly commit: string;
  /** The pipeline file that the command was called with. */
  readonly called: string;
}

/** The pipeline of a commit, of all its pipeline files; undefined when it has none. */
export async function pipelineAt(
  at: Revision,
  read: Reader,
): Promise<Result<PipelineConfig | undefined, readonly Failure[]>> {
  const { called } = at;
  const files = isFoundByName(called) ? await filesAt(at) : ok([called]);
  if (!files.ok) return err([files.error]);
  const parts: Part[] = [];
  for (const file of files.value) {
    const config = await configAt(file, read);
    if (!config.ok) parts.push({ file, read: config });
    else if (config.value !== undefined) parts.push({ file, read: ok(config.value) });
  }
  const [only, ...others] = parts;
  if (only === undefined) return ok(undefined);
  return others.length === 0 && prefixOf(only.file) === '' ? only.read : mergePipelines(called, parts);
}

/** As in the workspace: one a folder, none in what is not looked into, in ignored folders, and in projects of their own. */
async function filesAt({ root, commit, called }: Revision): Promise<Result<string[]>> {
  const what = `list the files of ${commit.slice(0, 8)}`;
  const listed = await git(root, ['ls-tree', '-r', '-z', '--name-only', commit], what);
  if (!listed.ok) return listed;
  const paths = listed.value.split('\0');
  const apart = paths.flatMap((path) => /^(.+)\/(?:\.mlp|\.dvc|pyvenv\.cfg)(?:\/|$)/.exec(path)?.[1] ?? []);
  const rules = new IgnoreRules(root);
  const found = new Map<string, string>();
  for (const file of paths.filter((path) => isFoundByName(path))) {
    const folder = posix.dirname(file);
    if (folder !== '.' && !folder.split('/').every(isLookedInto)) continue;
    if (apart.some((own) => file.startsWith(`${own}/`)) || rules.ruleAgainst(file) !== undefined) continue;
    const known = found.get(folder);
    if (known === undefined || rank(file) < rank(known)) found.set(folder, file);
  }
  if (paths.includes(called)) found.set(posix.dirname(called), called);
  return ok([...found.values()].sort());
}

const rank = (file: string): number => pipelineFileNames.indexOf(posix.basename(file));

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
