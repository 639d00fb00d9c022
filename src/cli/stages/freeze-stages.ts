import { join } from 'node:path';
import { readText } from '../../config/read-text.ts';
import { setFrozen } from '../../config/set-frozen.ts';
import type { StageConfig } from '../../config/types.ts';
import { failure, type Failure } from '../../core/failure.ts';
import { nearestNames } from '../../core/nearest.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { writeFileAtomic } from '../../fs/atomic-write.ts';
import { systemProblem } from '../../fs/system-problem.ts';
import type { FrozenStages } from '../../report/frozen-stages.ts';

/** Freezes the named stages and groups in their pipeline files, or no longer. Writes nothing unless all of it can be done. */
export function freezeStages(
  { root, stages }: { readonly root: string; readonly stages: readonly StageConfig[] },
  names: readonly string[],
  frozen: boolean,
): Result<FrozenStages, readonly Failure[]> {
  const places = [...new Set(names)].map((name) => placeOf(name, stages));
  const problems = places.flatMap((place) => (place.ok ? [] : [place.error]));
  if (problems.length > 0) return err(problems);
  const texts = new Map<string, string>();
  const changed: string[] = [];
  for (const place of places) {
    if (!place.ok) continue;
    const { name, file, key } = place.value;
    const known = texts.get(file);
    const before = known === undefined ? readText(root, file) : ok(known);
    if (!before.ok) return err([before.error]);
    const after = setFrozen(before.value, file, { name: key, frozen });
    if (!after.ok) return err([after.error]);
    if (after.value === before.value) continue;
    texts.set(file, after.value);
    changed.push(name);
  }
  const written = writeAll(root, texts);
  const unchanged = names.filter((name) => !changed.includes(name));
  return written.ok ? ok({ frozen, changed, unchanged, files: [...texts.keys()] }) : err([written.error]);
}

interface Place {
  readonly name: string;
  readonly file: string;
  /** The key below `stages` in that file. */
  readonly key: string;
}

function placeOf(name: string, stages: readonly StageConfig[]): Result<Place> {
  const found = stages.find((stage) => stage.name === name || stage.group === name);
  if (found === undefined) {
    const known = stages.flatMap(({ name: stage, group }) => group ?? stage);
    return err(failure('unknown-stage', { name, near: nearestNames(name, [...new Set(known)]) }));
  }
  const { group, at } = found;
  if (group !== undefined && group !== name) {
    const problem = 'it is one of a group, and "frozen" stands in what all of the group share';
    return err(failure('cannot-freeze', { name, problem, group }, { at }));
  }
  return ok({ name, file: at.file, key: ownName(name) });
}

/** A stage of another pipeline file is named with that file in front. */
const ownName = (name: string): string => name.slice(name.lastIndexOf(':') + 1);

function writeAll(root: string, texts: ReadonlyMap<string, string>): Result<void> {
  let doing = '';
  try {
    for (const [file, text] of texts) {
      doing = file;
      writeFileAtomic(join(root, file), text);
    }
    return ok(undefined);
  } catch (error) {
    return err(systemProblem(error, { what: 'write', path: doing }));
  }
}
