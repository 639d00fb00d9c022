import { posix } from 'node:path';
import { commandLines } from '../../config/build-stage.ts';
import type { StageConfig } from '../../config/types.ts';
import type { Artifact } from '../../core/artifact.ts';
import { failureMessage } from '../../core/failure.ts';
import type { JsonValue } from '../../core/json.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { StageEvidence } from '../../plan/types.ts';
import type { DvcEntry, DvcPath } from './dvc-lock.ts';
import type { Sources } from './sources.ts';

/** Evidence, or the words that say what it lacks. */
type Taken = Result<StageEvidence, string>;

/** What DVC recorded of a stage as evidence of ours. `wdir` is the folder that its paths and its command are relative to. */
export async function evidenceFrom(
  entry: DvcEntry,
  { stage, wdir }: { readonly stage: StageConfig | undefined; readonly wdir: string },
  sources: Sources,
): Promise<Taken> {
  const deps = await artifactsOf('dep', entry.deps, { wdir, sources });
  if (!deps.ok) return deps;
  const outs = await artifactsOf('out', entry.outs, { wdir, sources });
  if (!outs.ok) return outs;
  const cmd = typeof entry.cmd === 'string' ? commandLines(entry.cmd) : entry.cmd.map((line) => line.trim());
  return ok({
    cmd,
    ...(wdir === '.' ? {} : { wdir }),
    deps: deps.value,
    params: paramsOf(entry, stage, wdir),
    outs: outs.value,
  });
}

async function artifactsOf(
  role: string,
  recorded: readonly DvcPath[],
  { wdir, sources }: { readonly wdir: string; readonly sources: Sources },
): Promise<Result<readonly Artifact[], string>> {
  const found: Artifact[] = [];
  for (const each of recorded) {
    const path = posix.join(wdir, each.path).replace(/(?<=.)\/$/, '');
    if (each.content === undefined) return err(`${role} ${each.path} has no MD5`);
    const artifact = await sources.find(path, each);
    if (!artifact.ok) return err(failureMessage(artifact.error));
    if (artifact.value === undefined) return err(`${role} ${path}: its recorded content is nowhere to be had`);
    found.push(artifact.value);
  }
  return ok(found.sort((a, b) => (a.path < b.path ? -1 : 1)));
}

/** DVC records a file that is read as a whole by its top-level keys. */
function paramsOf(entry: DvcEntry, stage: StageConfig | undefined, wdir: string): StageEvidence['params'] {
  const files = Object.entries(entry.params).map(([written, values]): [string, Record<string, JsonValue>] => {
    const file = posix.join(wdir, written);
    const whole = stage?.params.some((ref) => ref.file === file && ref.keys === 'all') === true;
    return [file, whole ? { '*': values } : values];
  });
  return Object.fromEntries(files);
}
