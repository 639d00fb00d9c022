import { seededRandom } from '../../core/random.ts';
import type { BinnedMatrix } from './binned-matrix.ts';
import { growTree, workspaceFor } from './grow-tree.ts';
import type { Objective } from './objectives/objective.ts';
import type { GrownTree, TreeParams } from './tree-params.ts';

export interface BoostParams extends TreeParams {
  readonly numIterations: number;
  readonly learningRate: number;
  /** Share of the features that each tree may use. */
  readonly featureFraction: number;
  readonly seed: number;
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
  const workspace = workspaceFor(data);
  const random = seededRandom(params.seed);
  const rowSumsOf = Array.from({ length: objective.outputs }, () => new Int32Array(data.rows * 2));
  const trees: GrownTree[] = [];
  for (let number = 1; number <= params.numIterations; number++) {
    // All gradients come from the same scores.
    const inputs = rowSumsOf.map((rowSums, output) => ({ rowSums, ...objective.gradients(output, rowSums) }));
    const grown = inputs.map((input, output) => {
      const used = chooseFeatures(data.features, params.featureFraction, random);
      const tree = growTree(workspace, params, { ...input, used });
      const leafValue = finalValues(tree, objective, workspace.leafOf).map((value) => value * params.learningRate);
      objective.add(output, workspace.leafOf, leafValue);
      return { ...tree, leafValue };
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
