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
import type { TreeRegressor } from './tree-regressor.ts';

const python = process.env['MLP_TEST_PYTHON'];

/** A line of test/peers/missing.py. */
interface Answer {
  readonly seed: number;
  readonly params: Readonly<Record<string, number>> & {
    readonly objective: 'binary' | 'multiclass' | 'regression';
    readonly use_missing: boolean;
  };
  readonly x: Omit<PeerMatrix, 'data'> & { readonly data: readonly (number | null)[] };
  readonly y: readonly number[];
  readonly weights: readonly number[] | null;
  readonly first: readonly PeerTree[];
  readonly firstPredictions: readonly number[];
  readonly predictions: readonly number[];
}

const seeds = 18;
const answers = (count: number): Answer[] =>
  execFileSync(python ?? '', ['test/peers/missing.py', String(count)], { encoding: 'utf8', maxBuffer: 1 << 30 })
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Answer);

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

describe.skipIf(python === undefined)('missing values beside LightGBM', () => {
  it(
    `go to the side that gains more: the same first trees on ${seeds} seeded data sets, and the same loss after a hundred iterations`,
    { timeout: 120_000 },
    async () => {
      for (const answer of answers(seeds)) {
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

  it('lead the real LightGBM to the same probabilities by an exported model', async () => {
    const [answer] = answers(3).filter(({ params }) => params.objective === 'multiclass');
    const { model, x, predictions } = await fit(answer!, 20);
    if (!(model instanceof TreeClassifier)) throw new Error('no classifier');
    expect(farthest(askedOfLightgbm(model, x), predictions)).toBeLessThan(1e-9);
  });
});
