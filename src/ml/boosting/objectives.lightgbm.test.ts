import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import type { CsrMatrix } from '../sparse/csr.ts';
import type { TreeEnsemble } from '../trees/ensemble.ts';
import { treesFromLightgbm } from '../trees/lightgbm-model.ts';
import { TreeClassifier } from '../trees/tree-classifier.ts';
import { boostedRegression } from './boosted-regression.ts';
import { boostedTrees } from './boosted-trees.ts';
import { pointLoss, type RegressionObjectiveName } from './objectives/point-losses.ts';
import { correlation, difference, matrixOf, withBase } from './peer-trees.ts';
import type { PeerMatrix, PeerTree } from './peer-trees.ts';
import { compareTrees } from './peer-ties.ts';
import { TreeRegressor } from './tree-regressor.ts';

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
  /** LightGBM's text. */
  readonly model: string;
  readonly predictions: readonly number[];
}

const seeds = 16;
/** Of them, how many are compared after a hundred iterations too. */
const longSeeds = 12;

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

/** The first tree that is not LightGBM's, and whether they part at a tie; nothing where all are the same. */
function firstApart(answer: Answer, ours: TreeEnsemble): string | undefined {
  const { params, objective, y } = answer;
  if (objective === 'binary') throw new Error('its hessians are not all 1');
  const x = matrixOf(answer.x);
  // The reader knows the objectives of classifiers alone.
  const theirs = treesFromLightgbm(answer.model.replace(/^objective=.*$/m, 'objective=binary sigmoid:1'));
  if (typeof theirs === 'string') throw new Error(theirs);
  const loss = pointLoss(objective, { alpha: params['alpha']!, poissonMaxDeltaStep: 0 });
  const data = {
    rows: denseRows(x),
    lambdaL1: params['lambda_l1']!,
    lambdaL2: params['lambda_l2']!,
    minGainToSplit: params['min_gain_to_split']!,
  };
  const first = withBase({ ...ours, roots: ours.roots.slice(0, 1) });
  for (const [number, node] of theirs.roots.entries()) {
    const before = { ...ours, roots: ours.roots.slice(0, number), outputOf: ours.outputOf.slice(0, number) };
    const scores = new TreeRegressor({ objective, metrics: {} }, before).predict(x);
    const gradients = scores.map((score, row) => loss.gradient(score, y[row]!));
    const own = { trees: number === 0 ? first : ours, node: ours.roots[number]! };
    const outcome = compareTrees(own, { trees: theirs, node }, { ...data, gradients });
    if (outcome !== 'same') return `tree ${number}: ${outcome}`;
  }
  return undefined;
}

const denseRows = ({ rows, columns, indptr, indices, values }: CsrMatrix): Float64Array[] =>
  Array.from({ length: rows }, (_, row) => {
    const own = new Float64Array(columns);
    for (let at = indptr[row]!; at < indptr[row + 1]!; at++) own[indices[at]!] = values[at]!;
    return own;
  });

describe.skipIf(python === undefined)('the objectives beside LightGBM', () => {
  it.each(['binary', 'regression', 'poisson', 'regression_l1', 'quantile'])(
    `%s has the same first trees on ${seeds} seeded data sets, and on ${longSeeds} the same loss after a hundred iterations`,
    { timeout: 120_000 },
    async (objective) => {
      const command = ['test/peers/objectives.py', String(seeds), String(longSeeds), objective];
      for (const answer of answersOf(command)) {
        const { seed, kind, params, first } = answer;
        const name = `seed ${seed}, ${kind}`;
        const trees = withBase((await fit(answer, 1)).trees);
        expect(difference(trees, trees.roots[0]!, first[0]!, params['min_gain_to_split']!), name).toBeUndefined();
        if (seed >= longSeeds) continue;
        const ours = await fit(answer, 100);
        const loss = meanLoss(answer, ours.predictions) / meanLoss(answer, answer.predictions);
        expect(Math.abs(loss - 1), name).toBeLessThan(2e-3);
        expect(correlation(ours.predictions, answer.predictions), name).toBeGreaterThan(0.999);
        // Where every row asks for a step of few sizes, many splits gain exactly the same: one that is taken otherwise changes all trees from there on.
        const hasTies = objective === 'regression_l1' || objective === 'quantile';
        if (hasTies) expect(firstApart(answer, ours.trees), name).toBeUndefined();
      }
    },
  );
});
