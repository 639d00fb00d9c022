import { otherEnds, otherRuns, type Difference } from './deliberate.ts';
import type { Step } from './run-case.ts';

/** How two outcomes relate: what is not the same, and which deliberate differences account for the rest. */
export interface Comparison {
  readonly wrong: readonly string[];
  readonly explained: readonly Difference[];
  /** From here on the two go different ways, and nothing more can be compared. */
  readonly apart: boolean;
}

/**
 * Which stages ran and the final bytes must be the same. After a failure both tools are compared once all is well again: DVC runs one
 * stage at a time and stops, mlp lets stages beside the failing one finish, so that by then the same ones have run.
 */
export function compare(step: Step): Comparison {
  const { dvc, mlp } = step;
  if (dvc.good !== mlp.good) {
    const reason = otherEnds.find((difference) => difference.explains(step));
    const word = (good: boolean): string => (good ? 'succeeds' : 'fails');
    if (reason !== undefined) return { wrong: [], explained: [reason], apart: true };
    return { wrong: [`DVC ${word(dvc.good)}, mlp ${word(mlp.good)}`], explained: [], apart: true };
  }
  if (!dvc.good) return { wrong: [], explained: [], apart: false };
  const stages = compareStages(step);
  return { wrong: [...stages.wrong, ...otherBytes(step)], explained: stages.explained, apart: false };
}

function compareStages(step: Step): Omit<Comparison, 'apart'> {
  const theirs = ranSince(step, 'dvc');
  const ours = ranSince(step, 'mlp');
  const wrong: string[] = [];
  const explained = new Set<Difference>();
  for (const stage of new Set([...theirs, ...ours])) {
    const [inTheirs, inOurs] = [count(theirs, stage), count(ours, stage)];
    if (inTheirs === inOurs) continue;
    const ranIn = inTheirs > inOurs ? 'dvc' : 'mlp';
    const reason = otherRuns.find((difference) => difference.explains({ stage, ranIn, step }));
    if (reason === undefined) wrong.push(`${stage} ran ${inTheirs} times in DVC and ${inOurs} times in mlp`);
    else explained.add(reason);
  }
  return { wrong, explained: [...explained] };
}

/** With failures in between, each stage counts once, however often it was tried. */
function ranSince({ failures, ...now }: Step, side: 'dvc' | 'mlp'): readonly string[] {
  if (failures.length === 0) return now[side].ran;
  return [...new Set([...failures.flatMap((failed) => failed[side].ran), ...now[side].ran])];
}

const count = (names: readonly string[], name: string): number => names.filter((each) => each === name).length;

function otherBytes({ dvc, mlp }: Step): string[] {
  const paths = new Set([...Object.keys(dvc.files), ...Object.keys(mlp.files)]);
  return [...paths]
    .sort()
    .filter((path) => dvc.files[path] !== mlp.files[path])
    .map((path) => `${path} differs`);
}
