import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import type { CsrMatrix } from '../sparse/csr.ts';
import { TreeClassifier } from '../trees/tree-classifier.ts';
import type { TreeEnsemble } from '../trees/ensemble.ts';
import { boostedTrees } from './boosted-trees.ts';

const python = process.env['MLP_TEST_PYTHON'];
if (python === undefined) process.stderr.write('comparison with LightGBM skipped: MLP_TEST_PYTHON is not set\n');

/** A line of test/peers/boosting.py. */
interface Answer {
  readonly seed: number;
  readonly kind: string;
  readonly params: Readonly<Record<string, number>>;
  readonly x: { rows: number; columns: number; indptr: number[]; indices: number[]; data: number[] };
  readonly y: readonly number[];
  readonly first: readonly PeerTree[];
  readonly predictions: readonly number[];
}

type PeerTree =
  { readonly value: number } | { column: number; threshold: number; gain: number; left: PeerTree; right: PeerTree };

const seeds = 30;
/** Of them, how many are compared after a hundred iterations too. */
const longSeeds = 12;
const answers = (): Answer[] =>
  execFileSync(python ?? '', ['test/peers/boosting.py', String(seeds), String(longSeeds)], {
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  })
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Answer);

async function fit({ params, x, y }: Answer, numIterations: number): Promise<TreeClassifier> {
  const estimator = boostedTrees({
    numIterations,
    learningRate: 0.1,
    numLeaves: params['num_leaves']!,
    maxDepth: params['max_depth']!,
    minDataInLeaf: params['min_data_in_leaf']!,
    minSumHessianInLeaf: 1e-3,
    lambdaL1: params['lambda_l1']!,
    lambdaL2: params['lambda_l2']!,
    minGainToSplit: params['min_gain_to_split']!,
    featureFraction: 1,
    maxBin: params['max_bin']!,
    classWeight: 'none',
    seed: 0,
  });
  const classes = Array.from({ length: params['num_class']! }, (_, c) => String(c));
  const fitted = await estimator.fit({ x: matrixOf(x), y: Int32Array.from(y), classes });
  if (!fitted.ok) throw new Error(fitted.error.reason);
  if (!(fitted.value instanceof TreeClassifier)) throw new Error('no trees');
  return fitted.value;
}

const matrixOf = ({ rows, columns, indptr, indices, data }: Answer['x']): CsrMatrix => ({
  rows,
  columns,
  indptr: Int32Array.from(indptr),
  indices: Int32Array.from(indices),
  values: Float64Array.from(data),
});

/**
 * The first place where two trees differ. Two splits of equal gain are a tie, which rounding decides in LightGBM; nor does a split count
 * whose gain is the rounding of 0. What hangs below a tie is not compared.
 */
function difference(ours: TreeEnsemble, node: number, theirs: PeerTree, minGain: number): string | undefined {
  if ('value' in theirs) {
    if (node >= 0) return isNothing(ours.gain[node]!) ? undefined : `a split of gain ${ours.gain[node]!} more`;
    const value = ours.leaves[~node]!;
    return Math.abs(value - theirs.value) < 1e-6 ? undefined : `leaf ${value} instead of ${theirs.value}`;
  }
  if (node < 0) return isNothing(theirs.gain) ? undefined : `a split of gain ${theirs.gain} less`;
  const [column, threshold, gain] = [ours.feature[node]!, ours.threshold[node]!, ours.gain[node]!];
  if (column === theirs.column && Math.abs(threshold - theirs.threshold) < 1e-12) {
    return (
      difference(ours, ours.left[node]!, theirs.left, minGain) ??
      difference(ours, ours.right[node]!, theirs.right, minGain)
    );
  }
  // LightGBM writes gains without what min_gain_to_split takes from them.
  const isTie = Math.abs(gain + minGain - theirs.gain) <= 1e-5 * theirs.gain + 1e-9;
  return isTie
    ? undefined
    : `${column} <= ${threshold}: ${gain}, not ${theirs.column} <= ${theirs.threshold}: ${theirs.gain}`;
}

const isNothing = (gain: number): boolean => gain < 1e-12;

describe.skipIf(python === undefined)('boosted trees beside LightGBM', () => {
  it(
    `of ${seeds} seeded data sets have the same first trees, and those of ${longSeeds} after a hundred iterations the same loss`,
    { timeout: 120_000 },
    async () => {
      for (const answer of answers()) {
        const { params, x, y, first, predictions, seed, kind } = answer;
        const name = `seed ${seed}, ${kind}`;
        const one = (await fit(answer, 1)).trees;
        // LightGBM puts what is predicted before the first tree into that tree.
        const trees = { ...one, leaves: one.leaves.slice() };
        one.roots.forEach((root, tree) => {
          shift(trees, root, one.base[tree]!);
        });
        first.forEach((theirs, tree) => {
          expect(difference(trees, trees.roots[tree]!, theirs, params['min_gain_to_split']!), name).toBeUndefined();
        });
        if (seed >= longSeeds) continue;
        const ours = (await fit(answer, 100)).probabilities(matrixOf(x));
        const loss = (probabilities: ArrayLike<number>): number =>
          y.reduce((sum, c, row) => sum - Math.log(probabilities[row * params['num_class']! + c]!), 0);
        expect(Math.abs(loss(ours) / loss(predictions) - 1), name).toBeLessThan(2e-3);
        expect(correlation(ours, predictions), name).toBeGreaterThan(0.999);
      }
    },
  );
});

function shift(trees: TreeEnsemble, node: number, by: number): void {
  if (node < 0) trees.leaves[~node] = trees.leaves[~node]! + by;
  else for (const child of [trees.left[node]!, trees.right[node]!]) shift(trees, child, by);
}

function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const n = a.length;
  const mean = (of: ArrayLike<number>): number => Array.from(of).reduce((sum, value) => sum + value, 0) / n;
  const [meanA, meanB] = [mean(a), mean(b)];
  let [both, ofA, ofB] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    both += (a[i]! - meanA) * (b[i]! - meanB);
    ofA += (a[i]! - meanA) ** 2;
    ofB += (b[i]! - meanB) ** 2;
  }
  return both / Math.sqrt(ofA * ofB);
}
