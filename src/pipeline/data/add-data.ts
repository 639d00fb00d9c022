import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { asFingerprint, type Fingerprint } from '../../core/brands.ts';
import { sameContent, type Artifact } from '../../core/artifact.ts';
import { failure } from '../../core/failure.ts';
import { canonicalJson } from '../../core/json.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { writeFileAtomic } from '../../fs/atomic-write.ts';
import { hashBytes } from '../../fs/hash-file.ts';
import { ignoreFileOf, ignoreInGit } from '../../fs/import/git-ignore.ts';
import { recordPathOf, recordText } from '../../fs/import/record.ts';
import { systemProblem } from '../../fs/system-problem.ts';
import type { Project } from '../open-project.ts';
import { readTracked } from './tracked-data.ts';

/** What `mlp add` did with one path. */
export interface AddedData {
  readonly artifact: Artifact;
  readonly record: string;
  readonly action: 'added' | 'updated' | 'unchanged';
  /** The `.gitignore` that was changed. */
  readonly ignoredIn?: string;
}

/**
 * Stores what stands at a path that may be added, and writes its record: the content first, so that no record is of something that
 * is not there. Only for the holder of the workspace's lock.
 */
export async function addData(project: Project, path: string): Promise<Result<AddedData>> {
  const { root } = project.workspace;
  const found = await project.hasher.artifact(path);
  if (!found.ok) return found;
  if (found.value === undefined) {
    return err(failure('file-access', { what: 'add', path, why: 'it is gone', code: 'ENOENT' }));
  }
  const artifact = found.value;
  const stored = await project.cache.store(artifact);
  if (!stored.ok) return stored;
  const record = recordPathOf(path);
  try {
    const before = existsSync(join(root, record)) ? await readTracked(root, record) : undefined;
    const was = before?.ok === true ? before.value[0]?.content : undefined;
    // Adding the same again changes nothing that git would show; an import that is as it was keeps its address.
    const same = was?.by === 'sha256' && sameContent(was.artifact, artifact);
    const { hash: sha256, ...rest } = artifact;
    if (!same) writeFileAtomic(join(root, record), recordText({ ...rest, sha256 }));
    project.runCache.remember(fingerprintOfAdded(artifact), { outs: [artifact] });
    const ignored = ignoreInGit(root, path) ? { ignoredIn: ignoreFileOf(path) } : {};
    const action = same ? 'unchanged' : before === undefined ? 'added' : 'updated';
    return ok({ artifact, record, action, ...ignored });
  } catch (error) {
    return err(systemProblem(error, { what: 'write', path: record }));
  }
}

/** The run cache knows what mlp ever put where; with added data among it, checkout can tell what it may take away. */
const fingerprintOfAdded = ({ path, hash }: Artifact): Fingerprint =>
  asFingerprint(hashBytes(canonicalJson({ version: 1, added: path, hash })));
