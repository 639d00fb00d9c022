import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { TreeClassifier } from '../trees/tree-classifier.ts';
import { boostedTrees } from './boosted-trees.ts';
import { correlation, difference, matrixOf, withBase, type PeerMatrix, type PeerTree } from './peer-trees.ts';

const python = process.env['MLP_TEST_PYTHON'];

const answersOf = (command: readonly string[]): Answer[] =>
  execFileSync(python ?? '', command, { encoding: 'utf8', maxBuffer: 1 << 30 })
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Answer);

if (python === undefined) process.stderr.write('comparison with LightGBM skipped: MLP_TEST_PYTHON is not set\n');

/** A line of test/peers/boosting.py. */
interface Answer {
  readonly seed: number;
  readonly kind: string;
  readonly params: Readonly<Record<string, number>>;
  readonly x: PeerMatrix;
  readonly y: readonly number[];
  readonly first: readonly PeerTree[];
  readonly predictions: readonly number[];
}

const seeds = 30;
/** Of them, how many are compared after a hundred iterations too. */
const longSeeds = 12;
async function fit({ params, x, y }: Answer, numIterations: number): Promise<TreeClassifier> {
  const estimator = boostedTrees({
    numIterations,
    numLeaves: params['num_leaves']!,
    maxDepth: params['max_depth']!,
    minDataInLeaf: params['min_data_in_leaf']!,
    lambdaL1: params['lambda_l1']!,
    lambdaL2: params['lambda_l2']!,
    minGainToSplit: params['min_gain_to_split']!,
    maxBin: params['max_bin']!,
  });
  const classes = Array.from({ length: params['num_class']! }, (_, c) => String(c));
  const fitted = await estimator.fit({ x: matrixOf(x), y: Int32Array.from(y), classes });
  if (!fitted.ok) throw new Error(fitted.error.reason);
  if (!(fitted.value instanceof TreeClassifier)) throw new Error('no trees');
  return fitted.value;
}

describe.skipIf(python === undefined)('boosted trees beside LightGBM', () => {
  it(
    `of ${seeds} seeded data sets have the same first trees, and those of ${longSeeds} after a hundred iterations the same loss`,
    { timeout: 120_000 },
    async () => {
      for (const answer of answersOf(['test/peers/boosting.py', String(seeds), String(longSeeds)])) {
        const { params, x, y, first, predictions, seed, kind } = answer;
        const name = `seed ${seed}, ${kind}`;
        const one = (await fit(answer, 1)).trees;
        const trees = withBase(one);
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
