import { seededRandom } from '../../core/random.ts';
import { threadsOf } from '../threads/in-threads.ts';
import type { BinnedMatrix } from './binned-matrix.ts';
import type { Objective } from './objectives/objective.ts';
import { openGrower, type TreeGrower } from './tree-grower.ts';
import type { GrownTree, TreeParams } from './tree-params.ts';

export interface BoostParams extends TreeParams {
  readonly numIterations: number;
  readonly learningRate: number;
  /** Share of the features that each tree may use. */
  readonly featureFraction: number;
  readonly seed: number;
  /** 0 for one a core. They change the time and nothing else. */
  readonly numThreads: number;
}

export interface Iteration {
  /** From 1. */
  readonly number: number;
  /** One an output; values of leaves are multiplied by the learning rate. */
  readonly trees: readonly GrownTree[];
  /** Mean loss of the training rows after it. */
  readonly loss: number;
}

export type Verdict = 'go on' | 'enough' | 'cancelled';

/** Gradient boosting: in each iteration one tree an output, which the objective's gradients ask for. Gives the trees by iteration, then by output; undefined when cancelled. */
export async function boost(
  data: BinnedMatrix,
  objective: Objective,
  params: BoostParams,
  onIteration: (done: Iteration) => Verdict,
): Promise<readonly GrownTree[] | undefined> {
  const grower = openGrower(data, { params, outputs: objective.outputs, threads: threadsOf(params.numThreads) });
  try {
    return await iterate(data, objective, { params, grower, onIteration });
  } finally {
    await grower.close();
  }
}

async function iterate(
  { features }: BinnedMatrix,
  objective: Objective,
  options: {
    readonly params: BoostParams;
    readonly grower: TreeGrower;
    readonly onIteration: (done: Iteration) => Verdict;
  },
): Promise<readonly GrownTree[] | undefined> {
  const { params, grower, onIteration } = options;
  const random = seededRandom(params.seed);
  const trees: GrownTree[] = [];
  for (let number = 1; number <= params.numIterations; number++) {
    // All gradients come from the same scores.
    const facts = grower.rowSums.map((rowSums, output) => ({ output, ...objective.gradients(output, rowSums) }));
    const requests = facts.map((fact) => ({ ...fact, used: chooseFeatures(features, params.featureFraction, random) }));
    const grown: GrownTree[] = [];
    await grower.grow(requests, (output, tree, leafOf) => {
      const leafValue = finalValues(tree, objective, leafOf).map((value) => value * params.learningRate);
      objective.add(output, leafOf, leafValue);
      grown.push({ ...tree, leafValue });
    });
    trees.push(...grown);
    const verdict = onIteration({ number, trees: grown, loss: objective.settle() });
    if (verdict === 'cancelled') return undefined;
    if (verdict === 'enough') break;
    // Signals and whoever cancels get their turn between iterations.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return trees;
}

/** A tree that found nothing to split says nothing, as in LightGBM. */
function finalValues(tree: GrownTree, objective: Objective, leafOf: Int32Array): Float64Array {
  const leaves = tree.leafValue.length;
  if (leaves === 1) return new Float64Array(1);
  return objective.leafValues?.(leafOf, leaves) ?? tree.leafValue;
}

/** Ascending; by selection sampling (Knuth, The Art of Computer Programming, volume 2, algorithm S). */
function chooseFeatures(features: number, fraction: number, random: () => number): Int32Array {
  const count = Math.max(Math.min(1, features), Math.round(features * fraction));
  const chosen = new Int32Array(count);
  let taken = 0;
  for (let feature = 0; taken < count; feature++) {
    if (random() * (features - feature) < count - taken) chosen[taken++] = feature;
  }
  return chosen;
}
