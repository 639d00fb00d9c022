import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import type { TreeEnsemble } from '../trees/ensemble.ts';
import { TreeClassifier } from '../trees/tree-classifier.ts';
import { boostedRegression } from './boosted-regression.ts';
import { boostedTrees } from './boosted-trees.ts';
import { pointLoss, type RegressionObjectiveName } from './objectives/point-losses.ts';
import { correlation, difference, matrixOf, withBase } from './peer-trees.ts';
import type { PeerMatrix, PeerTree } from './peer-trees.ts';

const python = process.env['MLP_TEST_PYTHON'];

const answersOf = (command: readonly string[]): Answer[] =>
  execFileSync(python ?? '', command, { encoding: 'utf8', maxBuffer: 1 << 30 })
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Answer);

/** A line of test/peers/objectives.py. */
interface Answer {
  readonly objective: 'binary' | RegressionObjectiveName;
  readonly seed: number;
  readonly kind: string;
  readonly params: Readonly<Record<string, number>> & { readonly boost_from_average: boolean };
  readonly x: PeerMatrix;
  readonly y: readonly number[];
  readonly weights: readonly number[] | null;
  readonly first: readonly PeerTree[];
  readonly predictions: readonly number[];
}

const seeds = 12;
/** Of them, how many are compared after a hundred iterations too. */
const longSeeds = 6;

interface Outcome {
  readonly trees: TreeEnsemble;
  readonly predictions: Float64Array;
}

async function fit(answer: Answer, numIterations: number): Promise<Outcome> {
  const { params, objective, weights } = answer;
  const x = matrixOf(answer.x);
  const rowWeights = weights === null ? {} : { rowWeights: Float64Array.from(weights) };
  const given = {
    numIterations,
    numLeaves: params['num_leaves']!,
    maxDepth: params['max_depth']!,
    minDataInLeaf: params['min_data_in_leaf']!,
    lambdaL1: params['lambda_l1']!,
    lambdaL2: params['lambda_l2']!,
    minGainToSplit: params['min_gain_to_split']!,
    maxBin: params['max_bin']!,
    boostFromAverage: params.boost_from_average,
  };
  if (objective === 'binary') {
    const data = { x, y: Int32Array.from(answer.y), classes: ['no', 'yes'], ...rowWeights };
    const fitted = await boostedTrees(given).fit(data);
    if (!fitted.ok || !(fitted.value instanceof TreeClassifier)) throw new Error('no trees');
    const predictions = fitted.value.probabilities(x).filter((_, at) => at % 2 === 1);
    return { trees: fitted.value.trees, predictions };
  }
  const regression = boostedRegression({
    ...given,
    objective,
    alpha: params['alpha']!,
    poissonMaxDeltaStep: params['poisson_max_delta_step']!,
  });
  const fitted = await regression.fit({ x, y: Float64Array.from(answer.y), ...rowWeights });
  if (!fitted.ok) throw new Error(fitted.error.reason);
  return { trees: fitted.value.trees, predictions: fitted.value.predict(x) };
}

function meanLoss({ objective, y, weights, params }: Answer, predictions: ArrayLike<number>): number {
  const loss = (predicted: number, wanted: number): number => {
    if (objective === 'binary') return -Math.log(wanted === 1 ? predicted : 1 - predicted);
    const options = { alpha: params['alpha']!, poissonMaxDeltaStep: 0 };
    const score = objective === 'poisson' ? Math.log(predicted) : predicted;
    return pointLoss(objective, options).loss(score, wanted);
  };
  const losses = y.map((wanted, row) => (weights?.[row] ?? 1) * loss(predictions[row]!, wanted));
  return losses.reduce((sum, own) => sum + own, 0) / (weights ?? y.map(() => 1)).reduce((sum, own) => sum + own, 0);
}

/** Of both libraries' models, how far apart they are on the training rows. */
async function apart(answer: Answer): Promise<{ readonly loss: number; readonly correlation: number }> {
  const ours = (await fit(answer, 100)).predictions;
  return {
    loss: Math.abs(meanLoss(answer, ours) / meanLoss(answer, answer.predictions) - 1),
    correlation: correlation(ours, answer.predictions),
  };
}

describe.skipIf(python === undefined)('the objectives beside LightGBM', () => {
  it.each(['binary', 'regression', 'poisson', 'regression_l1', 'quantile'])(
    `%s has the same first trees on ${seeds} seeded data sets, and on ${longSeeds} the same loss after a hundred iterations`,
    { timeout: 120_000 },
    async (objective) => {
      const command = ['test/peers/objectives.py', String(seeds), String(longSeeds), objective];
      const distances: { loss: number; correlation: number }[] = [];
      for (const answer of answersOf(command)) {
        const { seed, kind, params, first } = answer;
        const name = `seed ${seed}, ${kind}`;
        const trees = withBase((await fit(answer, 1)).trees);
        expect(difference(trees, trees.roots[0]!, first[0]!, params['min_gain_to_split']!), name).toBeUndefined();
        if (seed < longSeeds) distances.push(await apart(answer));
      }
      const same = distances.filter(({ loss, correlation: r }) => loss < 2e-3 && r > 0.999);
      // Where every row asks for a step of the same size, many splits have equal gains. LightGBM's rounding tells them apart, and from there on the trees differ.
      const hasTies = objective === 'regression_l1' || objective === 'quantile';
      expect(same.length).toBeGreaterThanOrEqual(hasTies ? longSeeds / 2 : longSeeds);
      for (const { loss, correlation: r } of distances) {
        expect(loss).toBeLessThan(0.03);
        expect(r).toBeGreaterThan(0.95);
      }
    },
  );
});
