import { bagOf, bagOfAll, type Bag } from './bag.ts';
import type { BinnedMatrix } from './binned-matrix.ts';
import { growTree, type GrowInput } from './grow-tree.ts';
import type { Objective } from './objectives/objective.ts';
import { Sampler, type SamplingParams } from './sampling.ts';
import type { GrownTree, TreeParams } from './tree-params.ts';

export interface BoostParams extends TreeParams, SamplingParams {
  readonly numIterations: number;
  readonly learningRate: number;
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

export interface Boosting {
  readonly data: BinnedMatrix;
  readonly objective: Objective;
  readonly params: BoostParams;
  /** Iterations of an earlier training that this one goes on from. */
  readonly earlier: number;
  onIteration(done: Iteration): Verdict;
}

/**
 * Gradient boosting: in each iteration one tree an output, which the objective's gradients ask for. Gives the trees by iteration, then by
 * output; undefined when cancelled. It ends early where no tree finds anything to split and nothing is drawn, so that none ever would.
 */
export async function boost(boosting: Boosting): Promise<readonly GrownTree[] | undefined> {
  const { data, objective, params, earlier } = boosting;
  const sampler = new Sampler(params);
  const rowSumsOf = Array.from({ length: objective.outputs }, () => new Int32Array(data.rows * 2));
  let bag = bagOfAll(data);
  let bagNumber: number | undefined;
  const trees: GrownTree[] = [];
  for (let number = 1; number <= params.numIterations; number++) {
    const rows =
      sampler.bagNumber(earlier + number) === bagNumber ? undefined : sampler.rows(earlier + number, data.rows);
    if (rows !== undefined) bag = bagOf(data, rows);
    bagNumber = sampler.bagNumber(earlier + number);
    // All gradients come from the same scores.
    const inputs = rowSumsOf.map((rowSums, output) => ({ rowSums, ...objective.gradients(output, rowSums) }));
    const grown = inputs.map((input, output) => {
      const tree = (earlier + number - 1) * objective.outputs + output;
      const used = sampler.features(tree, data.features);
      const choose = sampler.byNode(tree, used, data.features);
      return grow(boosting, bag, { input: { ...input, used, choose }, output });
    });
    if (number > 1 && !sampler.draws && grown.every(isStump)) break;
    trees.push(...grown);
    const verdict = boosting.onIteration({ number, trees: grown, loss: objective.settle() });
    if (verdict === 'cancelled') return undefined;
    if (verdict === 'enough') break;
    // Signals and whoever cancels get their turn between iterations.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return trees;
}

/** Grows one tree, and adds it to the scores. */
function grow(
  { objective, params }: Boosting,
  bag: Bag,
  { input, output }: { readonly input: GrowInput; readonly output: number },
): GrownTree {
  const tree = growTree(bag.workspace, params, { ...input, ...bag.take(input) });
  const leafOf = bag.leafOf(tree);
  const leafValue = finalValues(tree, objective, { leafOf, rows: bag.rows }).map(
    (value) => value * params.learningRate,
  );
  objective.add(output, leafOf, leafValue);
  return { ...tree, leafValue };
}

const isStump = (tree: GrownTree): boolean => tree.feature.length === 0;

/** A tree that found nothing to split says nothing, as in LightGBM. */
function finalValues(
  tree: GrownTree,
  objective: Objective,
  { leafOf, rows }: { readonly leafOf: Int32Array; readonly rows: Int32Array | undefined },
): Float64Array {
  if (isStump(tree)) return new Float64Array(1);
  return objective.leafValues?.(leafOf, tree.leafValue.length, rows) ?? tree.leafValue;
}
