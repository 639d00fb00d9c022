import { threadsOf } from '../threads/in-threads.ts';
import { leavesOf, moveToFront } from './bag.ts';
import type { BinnedMatrix } from './binned-matrix.ts';
import type { Objective } from './objectives/objective.ts';
import { Sampler, type SamplingParams } from './sampling.ts';
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
  /** Mean loss of the training rows after it. */
  readonly loss: number;
}

export type Verdict = 'go on' | 'enough' | 'cancelled';

export interface Boosting {
  readonly data: BinnedMatrix;
  readonly objective: Objective;
  readonly params: BoostParams;
  /** Iterations of an earlier training that this one goes on from. */
  readonly earlier?: number;
  readonly onIteration: (done: Iteration) => Verdict;
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
  const { data, objective, params, earlier = 0, onIteration } = boosting;
  const sampler = new Sampler(params);
  const trees: GrownTree[] = [];
  let bag: Int32Array | undefined;
  for (let number = 1; number <= params.numIterations; number++) {
    const iteration = earlier + number;
    if (number === 1 || sampler.bagNumber(iteration) !== sampler.bagNumber(iteration - 1)) {
      bag = sampler.rows(iteration, data.rows);
      if (bag !== undefined) grower.use(bag);
    }
    // All gradients come from the same scores.
    const facts = grower.rowSums.map((rowSums, output) => ({ output, ...objective.gradients(output, rowSums) }));
    const requests = facts.map((fact) => ({
      ...fact,
      ...(bag === undefined ? {} : { total: moveToFront(grower.rowSums[fact.output] ?? new Int32Array(0), bag) }),
      ...sampler.features((iteration - 1) * objective.outputs + fact.output, data.features),
    }));
    const grown: GrownTree[] = [];
    await grower.grow(requests, (output, tree, leafOf) => {
      grown.push(addTree(boosting, { output, tree, leafOf: bag === undefined ? leafOf : leavesOf(tree, data), bag }));
    });
    if (number > 1 && !sampler.draws && grown.every(isStump)) break;
    trees.push(...grown);
    const verdict = onIteration({ number, trees: grown, loss: objective.settle() });
    if (verdict === 'cancelled') return undefined;
    if (verdict === 'enough') break;
    // Signals and whoever cancels get their turn between iterations.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return trees;
}

interface NewTree {
  readonly output: number;
  readonly tree: GrownTree;
  /** Leaf of every row. */
  readonly leafOf: Int32Array;
  readonly bag: Int32Array | undefined;
}

/** Adds a tree to the scores, its values multiplied by the learning rate. One that found nothing to split says nothing, as in LightGBM. */
function addTree({ objective, params }: Boosting, { output, tree, leafOf, bag }: NewTree): GrownTree {
  const leaves = tree.leafValue.length;
  const values = isStump(tree) ? new Float64Array(1) : (objective.leafValues?.(leafOf, leaves, bag) ?? tree.leafValue);
  const leafValue = values.map((value) => value * params.learningRate);
  objective.add(output, leafOf, leafValue);
  return { ...tree, leafValue };
}

const isStump = (tree: GrownTree): boolean => tree.feature.length === 0;
