import { threadsOf } from '../threads/in-threads.ts';
import type { BinnedMatrix } from './binned-matrix.ts';
import type { Objective } from './objectives/objective.ts';
import { Sampler, type SamplingParams } from './sampling.ts';
import type { TreeRequest } from './bag-grower.ts';
import { openGrower, type TreeGrower } from './tree-grower.ts';
import type { GrownTree, TreeParams } from './tree-params.ts';

export interface BoostParams extends TreeParams, SamplingParams {
  readonly numIterations: number;
  readonly learningRate: number;
  /** 0 for one a core. They change the time and nothing else. */
  readonly numThreads: number;
}

export interface Iteration {
  /** From 1. */
  readonly number: number;
  /** One an output; values of leaves are multiplied by the learning rate. */
  readonly trees: readonly GrownTree[];
  /** Mean loss of the training rows after it, worked out where somebody asks before the next one. */
  readonly loss: () => number;
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
  const { data, objective, params } = boosting;
  const grower = openGrower(data, { params, outputs: objective.outputs, threads: threadsOf(params.numThreads) });
  try {
    return await iterate(boosting, grower);
  } finally {
    await grower.close();
  }
}

async function iterate(boosting: Boosting, grower: TreeGrower): Promise<readonly GrownTree[] | undefined> {
  const { data, objective, params, earlier } = boosting;
  const sampler = new Sampler(params);
  let rows: Int32Array | undefined;
  let bagNumber: number | undefined;
  const trees: GrownTree[] = [];
  for (let number = 1; number <= params.numIterations; number++) {
    if (sampler.bagNumber(earlier + number) !== bagNumber) {
      bagNumber = sampler.bagNumber(earlier + number);
      rows = sampler.rows(earlier + number, data.rows);
      if (rows !== undefined) grower.takeRows(rows);
    }
    // All gradients come from the same scores: they are asked for before the first tree is heard of.
    const requestOf = (output: number): TreeRequest => ({
      output,
      tree: (earlier + number - 1) * objective.outputs + output,
      ...objective.gradients(output, grower.rowSums[output] ?? new Int32Array(0)),
    });
    const byOutput = new Map<number, GrownTree>();
    await grower.grow(requestOf, (output, tree, leafOf) => {
      const leafValue = finalValues(tree, objective, { leafOf, rows }).map((value) => value * params.learningRate);
      objective.add(output, leafOf, leafValue);
      byOutput.set(output, { ...tree, leafValue });
    });
    const grown = [...byOutput].sort(([one], [other]) => one - other).map(([, tree]) => tree);
    if (number > 1 && !sampler.draws && grown.every(isStump)) break;
    trees.push(...grown);
    objective.settle();
    const verdict = boosting.onIteration({ number, trees: grown, loss: () => objective.loss() });
    if (verdict === 'cancelled') return undefined;
    if (verdict === 'enough') break;
    // Signals and whoever cancels get their turn between iterations.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return trees;
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
