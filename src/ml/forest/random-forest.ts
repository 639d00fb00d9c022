import { failure } from '../../core/failure.ts';
import { seededRandom } from '../../core/random.ts';
import type { Result } from '../../core/result.ts';
import { err, ok } from '../../core/result.ts';
import type { ClassWeight } from '../class-weight.ts';
import type { Estimator, FitControl, FittedClassifier, TrainingSet } from '../estimator.ts';
import { largestOfRows } from '../estimator.ts';
import { inThreads, threadsOf } from '../threads/in-threads.ts';
import { weighRows } from '../weighted-rows.ts';
import { forestClassifier, joinTrees } from './forest-classifier.ts';
import type { GrownTree, TreeParams } from './grow-tree.ts';
import type { ForestTask, TreeAnswer } from './grow-trees.ts';
import { tableOf } from './table.ts';

/** A number of columns, or how many that is of all. */
export type MaxFeatures = 'sqrt' | 'log2' | number | null;

export interface ForestParams extends Omit<TreeParams, 'maxFeatures' | 'maxDepth' | 'maxLeafNodes'> {
  readonly trees: number;
  readonly maxDepth: number | null;
  readonly maxLeafNodes: number | null;
  /** Below 1 a share of the columns; null takes all. */
  readonly maxFeatures: MaxFeatures;
  readonly bootstrap: boolean;
  /** Of the rows, drawn for each tree; null for as many as there are. */
  readonly maxSamples: number | null;
  readonly oobScore: boolean;
  readonly classWeight: ClassWeight | 'balanced_subsample';
  /** 0 for one a core. */
  readonly threads: number;
  readonly seed: number;
}

/** Below, starting threads takes longer than they save: entries x trees. */
const leastForThreads = 3_000_000;

/**
 * Trees on bootstrap samples that look at some of the columns in each node (Breiman, "Random forests", 2001), or with drawn thresholds on all
 * rows (Geurts, Ernst and Wehenkel, "Extremely randomized trees", 2006), with scikit-learn's parameters and rules.
 */
export const forest = (algorithm: string, params: ForestParams): Estimator => ({
  algorithm,
  params: { ...params },
  fit: (data, control) => fit(algorithm, params, data, control),
});

async function fit(
  algorithm: string,
  params: ForestParams,
  data: TrainingSet,
  control: FitControl = {},
): Promise<Result<FittedClassifier>> {
  const balanced = params.classWeight === 'balanced_subsample';
  const weighed = weighRows(params.classWeight === 'balanced_subsample' ? 'none' : params.classWeight, data);
  if (!weighed.ok) return weighed;
  const { x, y, classes } = data;
  const table = tableOf(x, { y, classes: classes.length, weights: weighed.value.weights });
  const drawnRows = params.bootstrap ? Math.max(1, Math.round(x.rows * (params.maxSamples ?? 1))) : null;
  const outOfBag = params.oobScore && params.bootstrap;
  const shared: ForestTask = { table, params: treeParams(params, x.columns), drawnRows, balanced, outOfBag };
  const seeds = treeSeeds(params);
  const trees: GrownTree[] = [];
  const votes = new Float64Array(outOfBag ? x.rows * classes.length : 0);
  let done = 0;
  const onAnswer = (index: number, answer: TreeAnswer): boolean => {
    trees[index] = answer.tree;
    if (outOfBag) addVotes(votes, answer, classes.length);
    done++;
    control.onProgress?.({ iteration: done, total: seeds.length, value: answer.tree.feature.length, measure: 'nodes' });
    return control.cancelled?.() !== true;
  };
  const threads = x.indices.length * seeds.length < leastForThreads ? 1 : threadsOf(params.threads);
  const isWhole = await inThreads({ job: 'forest', shared, tasks: seeds, threads, onAnswer });
  if (!isWhole) return err(failure('fit-cancelled', { algorithm }));
  const metrics = {
    trees: trees.length,
    nodes: trees.reduce((sum, tree) => sum + tree.feature.length, 0),
    ...(outOfBag ? { oob_accuracy: outOfBagAccuracy(votes, y, classes.length) } : {}),
  };
  return ok(forestClassifier({ algorithm, classes, metrics }, joinTrees(trees, x.columns, classes.length)));
}

function treeParams(params: ForestParams, columns: number): TreeParams {
  const { maxFeatures, maxDepth, maxLeafNodes } = params;
  return {
    ...params,
    maxDepth: maxDepth ?? Infinity,
    maxLeafNodes: maxLeafNodes ?? Infinity,
    maxFeatures: Math.min(columns, Math.max(1, Math.floor(columnsOf(maxFeatures, columns)))),
  };
}

function columnsOf(wanted: MaxFeatures, columns: number): number {
  if (wanted === null) return columns;
  if (wanted === 'sqrt') return Math.sqrt(columns);
  if (wanted === 'log2') return Math.log2(columns);
  return wanted < 1 ? wanted * columns : wanted;
}

/** One a tree, so that it does not matter which thread grows it. */
function treeSeeds({ trees, seed }: ForestParams): number[] {
  const random = seededRandom(seed);
  return Array.from({ length: trees }, () => Math.floor(random() * 2 ** 32));
}

function addVotes(votes: Float64Array, { tree, unseen, leafOf }: TreeAnswer, classes: number): void {
  unseen.forEach((row, at) => {
    const leaf = (leafOf[at] ?? 0) * classes;
    for (let c = 0; c < classes; c++) {
      votes[row * classes + c] = (votes[row * classes + c] ?? 0) + (tree.leaves[leaf + c] ?? 0);
    }
  });
}

/** Among the rows that at least one tree did not see. */
function outOfBagAccuracy(votes: Float64Array, y: Int32Array, classes: number): number {
  const predicted = largestOfRows(votes, classes);
  let asked = 0;
  let right = 0;
  y.forEach((label, row) => {
    if (!votes.subarray(row * classes, (row + 1) * classes).some((vote) => vote > 0)) return;
    asked++;
    if (predicted[row] === label) right++;
  });
  return asked === 0 ? 0 : right / asked;
}
