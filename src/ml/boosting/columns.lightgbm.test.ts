import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CsrMatrix } from '../sparse/csr.ts';
import { lightgbmModel } from '../trees/lightgbm-text.ts';
import { TreeClassifier } from '../trees/tree-classifier.ts';
import { boostedRegression } from './boosted-regression.ts';
import { boostedTrees } from './boosted-trees.ts';
import { correlation, difference, matrixOf, withBase, type PeerMatrix, type PeerTree } from './peer-trees.ts';
import type { TrainParams } from './train-params.ts';
import type { TreeRegressor } from './tree-regressor.ts';

const python = process.env['MLP_TEST_PYTHON'];

/** A line of test/peers/boosted_columns.py. */
interface Answer {
  readonly seed: number;
  readonly params: Readonly<Record<string, number>> & {
    readonly objective: 'binary' | 'multiclass' | 'regression';
    readonly use_missing: boolean;
    readonly categorical_feature?: readonly number[];
  };
  readonly x: Omit<PeerMatrix, 'data'> & { readonly data: readonly (number | null)[] };
  readonly y: readonly number[];
  readonly weights: readonly number[] | null;
  readonly first: readonly PeerTree[];
  readonly firstPredictions: readonly number[];
  readonly predictions: readonly number[];
}

const answers = (kind: string, count: number): Answer[] =>
  execFileSync(python ?? '', ['test/peers/boosted_columns.py', kind, String(count)], {
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  })
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Answer);

const categoriesOf = ({ categorical_feature: columns, ...params }: Answer['params']): Partial<TrainParams> =>
  columns === undefined
    ? {}
    : {
        categoricalFeature: columns,
        maxCatToOnehot: params['max_cat_to_onehot']!,
        maxCatThreshold: params['max_cat_threshold']!,
        catSmooth: params['cat_smooth']!,
        catL2: params['cat_l2']!,
        minDataPerGroup: params['min_data_per_group']!,
      };

interface Outcome {
  readonly model: TreeClassifier | TreeRegressor;
  readonly x: CsrMatrix;
  readonly predictions: Float64Array;
}

async function fit({ params, y, weights, ...answer }: Answer, numIterations: number): Promise<Outcome> {
  const x = matrixOf({ ...answer.x, data: answer.x.data.map((value) => value ?? NaN) });
  const given = {
    numIterations,
    numLeaves: params['num_leaves']!,
    minDataInLeaf: params['min_data_in_leaf']!,
    lambdaL1: params['lambda_l1']!,
    lambdaL2: params['lambda_l2']!,
    maxBin: params['max_bin']!,
    useMissing: params.use_missing,
    ...categoriesOf(params),
  };
  if (params.objective === 'regression') {
    const fitted = await boostedRegression(given).fit({ x, y: Float64Array.from(y) });
    if (!fitted.ok) throw new Error(fitted.error.reason);
    return { model: fitted.value, x, predictions: fitted.value.predict(x) };
  }
  const isBinary = params.objective === 'binary';
  const classes = isBinary ? ['no', 'yes'] : ['a', 'b', 'c'];
  const fitted = await boostedTrees(given).fit({
    x,
    y: Int32Array.from(y),
    classes,
    rowWeights: Float64Array.from(weights ?? []),
  });
  if (!fitted.ok || !(fitted.value instanceof TreeClassifier)) throw new Error('no trees');
  const predictions = fitted.value.probabilities(x).filter((_, at) => !isBinary || at % 2 === 1);
  return { model: fitted.value, x, predictions };
}

function meanLoss({ params: { objective }, y, weights }: Answer, predictions: ArrayLike<number>): number {
  const outputs = predictions.length / y.length;
  const lossOf = (wanted: number, row: number): number => {
    const told = predictions[row * outputs + (objective === 'multiclass' ? wanted : 0)]!;
    if (objective === 'regression') return (told - wanted) ** 2;
    return -Math.log(objective === 'binary' && wanted === 0 ? 1 - told : told);
  };
  return y.reduce((sum, wanted, row) => sum + (weights?.[row] ?? 1) * lossOf(wanted, row), 0);
}

const farthest = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((most, value, at) => Math.max(most, Math.abs(value - b[at]!)), 0);

/** What LightGBM says of the same rows by our model. */
function askedOfLightgbm({ trees }: TreeClassifier, x: CsrMatrix): number[] {
  const folder = mkdtempSync(join(tmpdir(), 'mlp-missing-'));
  try {
    const model = lightgbmModel(trees);
    if (typeof model === 'string') throw new Error(model);
    writeFileSync(join(folder, 'model.txt'), model);
    const parts = { indptr: [...x.indptr], indices: [...x.indices], values: Array.from(x.values) };
    const asked = { model: join(folder, 'model.txt'), rows: x.rows, columns: x.columns, ...parts };
    writeFileSync(join(folder, 'cases.json'), JSON.stringify([asked]));
    const command = ['test/peers/lightgbm_text.py', join(folder, 'cases.json')];
    const answer = execFileSync(python ?? '', command, { encoding: 'utf8', maxBuffer: 1 << 30 });
    return (JSON.parse(answer) as [{ probabilities: number[] }])[0].probabilities;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe.skipIf(python === undefined)('boosted trees beside LightGBM', () => {
  it.each([
    ['missing', 18],
    ['joined', 9],
    ['categories', 15],
  ])(
    'grow the same first trees on columns of the kind: %s (%i data sets), and have the same loss after a hundred iterations',
    { timeout: 180_000 },
    async (kind, seeds) => {
      for (const answer of answers(kind, seeds)) {
        const name = `seed ${answer.seed}, ${answer.params.objective}`;
        const one = await fit(answer, 1);
        const trees = withBase(one.model.trees);
        answer.first.forEach((first, tree) => {
          expect(difference(trees, trees.roots[tree]!, first, 0), name).toBeUndefined();
        });
        expect(farthest(one.predictions, answer.firstPredictions), name).toBeLessThan(1e-6);
        const { predictions } = await fit(answer, 100);
        const off = Math.abs(meanLoss(answer, predictions) / meanLoss(answer, answer.predictions) - 1);
        expect(off, name).toBeLessThan(2e-3);
        expect(correlation(predictions, answer.predictions), name).toBeGreaterThan(0.999);
      }
    },
  );

  it.each(['missing', 'categories'])(
    'are read by the real LightGBM, which gives the same probabilities: %s',
    { timeout: 60_000 },
    async (kind) => {
      const [answer] = answers(kind, 3).filter(({ params }) => params.objective === 'multiclass');
      const { model, x, predictions } = await fit(answer!, 20);
      if (!(model instanceof TreeClassifier)) throw new Error('no classifier');
      expect(farthest(askedOfLightgbm(model, x), predictions)).toBeLessThan(1e-9);
    },
  );
});
