import { seededRandom } from '../../core/random.ts';
import type { BinnedMatrix } from './binned-matrix.ts';
import { growTree, workspaceFor } from './grow-tree.ts';
import { SoftmaxObjective } from './softmax.ts';
import type { GrownTree, TreeParams } from './tree-params.ts';

export interface BoostParams extends TreeParams {
  readonly numIterations: number;
  readonly learningRate: number;
  /** Share of the features that each tree may use. */
  readonly featureFraction: number;
  readonly seed: number;
}

export interface Boosted {
  /** By iteration, then by class. */
  readonly trees: readonly GrownTree[];
  readonly startScores: Float64Array;
}

/** Gradient boosting of the softmax of one tree a class and iteration. `onIteration` returning true ends the work: undefined is given. */
export function boost(
  data: BinnedMatrix,
  labels: { readonly y: Int32Array; readonly weights: Float64Array; readonly classes: number },
  params: BoostParams,
  onIteration: (iteration: number, loss: number) => boolean,
): Boosted | undefined {
  const { y, weights, classes } = labels;
  const objective = new SoftmaxObjective(y, weights, classes);
  const workspace = workspaceFor(data);
  const random = seededRandom(params.seed);
  const rowSums = new Int32Array(data.rows * 2);
  const gradientsOf = Array.from({ length: classes }, () => new Int32Array(data.rows * 2));
  const trees: GrownTree[] = [];
  for (let iteration = 1; iteration <= params.numIterations; iteration++) {
    // All classes' gradients come from the same scores.
    const facts = gradientsOf.map((out, c) => objective.gradients(c, out));
    for (let c = 0; c < classes; c++) {
      const used = chooseFeatures(data.features, params.featureFraction, random);
      const fact = facts[c];
      if (fact === undefined) break;
      const tree = growTree(workspace, params, { rowSums: gradientsOf[c] ?? rowSums, used, ...fact });
      const values = tree.leafValue.map((value) => value * params.learningRate);
      trees.push({ ...tree, leafValue: values });
      objective.add(c, workspace.leafOf, values);
    }
    if (onIteration(iteration, objective.settle())) return undefined;
  }
  return { trees, startScores: objective.startScores };
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
