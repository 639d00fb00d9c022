import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../core/random.ts';
import type { FittedClassifier, TrainingSet } from '../estimator.ts';
import { largestOfRows } from '../estimator.ts';
import { classifierFromParts, trainField } from '../estimators.ts';
import { readField } from '../fields.ts';
import { selectRows } from '../sparse/csr.ts';
import { inThreads } from '../threads/in-threads.ts';
import { TreeGrower, type GrownTree, type TreeParams } from './grow-tree.ts';
import type { ForestTask, TreeAnswer } from './grow-trees.ts';
import { hypergeometric } from './hypergeometric.ts';
import { tableOf } from './table.ts';
import { walkTree } from './walk.ts';

interface Shape {
  readonly rows: number;
  readonly columns: number;
  readonly classes: number;
  /** Share of entries that are not zero. */
  readonly density: number;
  readonly signed?: boolean;
}

/** Labels are quantiles of a sum over some columns, with noise. Values are exact as float32. */
function makeData({ rows, columns, classes, density, signed = false }: Shape, seed: number): TrainingSet {
  const random = seededRandom(seed);
  const indptr = new Int32Array(rows + 1);
  const indices: number[] = [];
  const values: number[] = [];
  const scores = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    let score = random() * 0.4;
    for (let column = 0; column < columns; column++) {
      if (random() >= density) continue;
      const value = Math.fround(random() - (signed ? 0.5 : 0)) || 0.5;
      indices.push(column);
      values.push(value);
      score += (column % 5) * value;
    }
    indptr[row + 1] = indices.length;
    scores[row] = score;
  }
  const order = Array.from(scores.keys()).sort((a, b) => scores[a]! - scores[b]!);
  const y = new Int32Array(rows);
  order.forEach((row, rank) => (y[row] = Math.floor((rank * classes) / rows)));
  const x = { rows, columns, indptr, indices: Int32Array.from(indices), values: Float64Array.from(values) };
  return { x, y, classes: Array.from({ length: classes }, (_, c) => `c${c}`) };
}

const fit = async (params: object, data: TrainingSet): Promise<FittedClassifier> => {
  const estimator = readField({ train: { algorithm: 'random_forest', ...params } }, 'train', trainField);
  if (!estimator.ok) throw new Error(JSON.stringify(estimator.error.detail));
  const fitted = await estimator.value.estimator.fit(data);
  if (!fitted.ok) throw new Error(fitted.error.reason);
  return fitted.value;
};

const whole: TreeParams = {
  criterion: 'gini',
  splitter: 'best',
  maxDepth: Infinity,
  minSamplesSplit: 2,
  minSamplesLeaf: 1,
  maxFeatures: 1e6,
  maxLeafNodes: Infinity,
  minImpurityDecrease: 0,
};

const growOne = (data: TrainingSet, params: Partial<TreeParams>, weights?: Float64Array, seed = 1): GrownTree => {
  const own = weights ?? new Float64Array(data.x.rows).fill(1);
  const table = tableOf(data.x, { y: data.y, classes: data.classes.length, weights: own });
  return new TreeGrower(table, { ...whole, ...params }).grow(own, seededRandom(seed));
};

/** Row numbers by the leaf that they end in. */
function rowsOfLeaves(tree: GrownTree, { x }: TrainingSet): Map<number, number[]> {
  const found = new Map<number, number[]>();
  for (let row = 0; row < x.rows; row++) {
    const dense = new Float32Array(x.columns);
    for (let at = x.indptr[row]!; at < x.indptr[row + 1]!; at++) dense[x.indices[at]!] = x.values[at]!;
    const leaf = walkTree(tree, tree.feature.length === 0 ? -1 : 0, dense);
    found.set(leaf, [...(found.get(leaf) ?? []), row]);
  }
  return found;
}

const shapes: readonly Shape[] = [
  { rows: 300, columns: 40, classes: 3, density: 0.1 },
  { rows: 200, columns: 6, classes: 2, density: 0.9, signed: true },
  { rows: 1500, columns: 200, classes: 4, density: 0.03 },
  { rows: 60, columns: 3, classes: 5, density: 1 },
];

describe.each(shapes)('one tree on %j', (shape) => {
  const data = makeData(shape, 7);

  it('ends in pure leaves that hold all rows, where nothing limits it', () => {
    const tree = growOne(data, {});
    const leaves = rowsOfLeaves(tree, data);
    const alike = (a: number, b: number): boolean =>
      [a, b].map((row) => {
        const own = selectRows(data.x, Int32Array.of(row));
        return [...own.indices].map((column, at) => `${column}:${own.values[at]}`).join();
      })[0] ===
      [...selectRows(data.x, Int32Array.of(b)).indices]
        .map((column, at) => `${column}:${selectRows(data.x, Int32Array.of(b)).values[at]}`)
        .join();
    for (const rows of leaves.values()) {
      const labels = new Set(rows.map((row) => data.y[row]));
      // Rows of different labels in one leaf cannot be told apart.
      if (labels.size > 1) expect(rows.every((row) => alike(rows[0]!, row))).toBe(true);
    }
    expect(tree.leaves.length / shape.classes).toBe(tree.feature.length + 1);
  });

  it.each([{ splitter: 'best' }, { splitter: 'random' }] as const)('keeps its limits: %j', (splitter) => {
    const limited = { ...splitter, minSamplesLeaf: 4, maxDepth: 6, maxFeatures: 5 };
    const tree = growOne(data, limited, undefined, 3);
    for (const rows of rowsOfLeaves(tree, data).values()) expect(rows.length).toBeGreaterThanOrEqual(4);
    const depthOf = (node: number): number =>
      node < 0 ? 0 : 1 + Math.max(depthOf(tree.left[node]!), depthOf(tree.right[node]!));
    expect(depthOf(tree.feature.length === 0 ? -1 : 0)).toBeLessThanOrEqual(6);
    expect(growOne(data, { ...splitter, maxLeafNodes: 5 }).leaves.length / shape.classes).toBeLessThanOrEqual(5);
  });

  it('leaves hold the shares of the weights of their rows', () => {
    const random = seededRandom(3);
    const weights = Float64Array.from({ length: shape.rows }, () => Math.floor(random() * 4) * 0.7);
    const tree = growOne(data, { maxDepth: 4, criterion: 'entropy' }, weights);
    for (const [leaf, rows] of rowsOfLeaves(tree, data)) {
      const sums = new Float64Array(shape.classes);
      for (const row of rows) sums[data.y[row]!]! += weights[row]!;
      const total = sums.reduce((sum, own) => sum + own, 0);
      sums.forEach((sum, c) => {
        expect(tree.leaves[leaf * shape.classes + c]).toBeCloseTo(sum / total, 6);
      });
    }
  });

  it('the first split is the best of all there are', () => {
    const { x, y, classes } = data;
    const gini = (rows: readonly number[]): number => {
      const sums = new Float64Array(classes.length);
      for (const row of rows) sums[y[row]!]!++;
      return rows.length === 0 ? 0 : sums.reduce((sum, own) => sum + own * own, 0) / rows.length;
    };
    const columns = Array.from({ length: x.columns }, () => new Float32Array(x.rows));
    for (let row = 0; row < x.rows; row++) {
      for (let at = x.indptr[row]!; at < x.indptr[row + 1]!; at++) columns[x.indices[at]!]![row] = x.values[at]!;
    }
    const all = Array.from({ length: x.rows }, (_, row) => row);
    const score = (column: Float32Array, threshold: number): number =>
      gini(all.filter((row) => column[row]! <= threshold)) + gini(all.filter((row) => column[row]! > threshold));
    let best = -Infinity;
    for (const column of columns.slice(0, 12))
      for (const value of new Set(column)) best = Math.max(best, score(column, value));
    const narrow = { ...data, x: selectColumns(data, 12) };
    const stump = growOne(narrow, { maxDepth: 1 });
    expect(score(columns[stump.feature[0]!]!, stump.threshold[0]!)).toBeCloseTo(best, 9);
  });
});

function selectColumns({ x }: TrainingSet, fewer: number): TrainingSet['x'] {
  const kept = Array.from({ length: x.rows }, (_, row) =>
    Array.from({ length: x.indptr[row + 1]! - x.indptr[row]! }, (_, n) => x.indptr[row]! + n).filter(
      (at) => x.indices[at]! < fewer,
    ),
  );
  const indptr = new Int32Array(x.rows + 1);
  kept.forEach((own, row) => (indptr[row + 1] = indptr[row]! + own.length));
  return {
    rows: x.rows,
    columns: fewer,
    indptr,
    indices: Int32Array.from(kept.flat(), (at) => x.indices[at]!),
    values: Float64Array.from(kept.flat(), (at) => x.values[at]!),
  };
}

it('grows the same trees in any number of threads', async () => {
  const data = makeData(shapes[0]!, 1);
  const table = tableOf(data.x, { y: data.y, classes: 3, weights: new Float64Array(300).fill(1) });
  const shared: ForestTask = {
    table,
    params: { ...whole, maxFeatures: 6 },
    drawnRows: 300,
    balanced: true,
    outOfBag: true,
  };
  const grow = async (threads: number): Promise<TreeAnswer[]> => {
    const answers: TreeAnswer[] = [];
    const onAnswer = (index: number, answer: TreeAnswer): boolean => {
      answers[index] = answer;
      return true;
    };
    expect(await inThreads({ job: 'forest', shared, tasks: [1, 2, 3, 4, 5], threads, onAnswer })).toBe(true);
    return answers;
  };
  expect(await grow(3)).toEqual(await grow(1));
});

it('threads end when they are told to', async () => {
  const data = makeData(shapes[0]!, 1);
  const table = tableOf(data.x, { y: data.y, classes: 3, weights: new Float64Array(300).fill(1) });
  const shared: ForestTask = { table, params: whole, drawnRows: 300, balanced: false, outOfBag: false };
  let heard = 0;
  const tasks = Array.from({ length: 50 }, (_, seed) => seed);
  const isWhole = await inThreads({ job: 'forest', shared, tasks, threads: 2, onAnswer: () => ++heard < 3 });
  expect(isWhole).toBe(false);
  expect(heard).toBeLessThan(6);
});

it('the out-of-bag accuracy is near that of rows which no tree saw', async () => {
  const data = makeData({ rows: 3000, columns: 12, classes: 2, density: 0.5 }, 3);
  const part = (from: number, to: number): TrainingSet => {
    const rows = Int32Array.from({ length: to - from }, (_, n) => from + n);
    return { ...data, x: selectRows(data.x, rows), y: data.y.slice(from, to) };
  };
  const model = await fit({ n_estimators: 60, oob_score: true }, part(0, 2000));
  const test = part(2000, 3000);
  const predicted = largestOfRows(model.probabilities(test.x), 2);
  const accuracy = predicted.filter((label, row) => label === test.y[row]).length / 1000;
  expect(Math.abs(model.metrics['oob_accuracy']! - accuracy)).toBeLessThan(0.04);
  expect(accuracy).toBeGreaterThan(0.6);
});

it('draws as many marked ones as chance has it', () => {
  const random = seededRandom(5);
  for (const urn of [
    { all: 1000, marked: 30, drawn: 40 },
    { all: 50, marked: 45, drawn: 20 },
    { all: 10_000, marked: 3000, drawn: 2000 },
  ]) {
    const rounds = 4000;
    let sum = 0;
    for (let i = 0; i < rounds; i++) sum += hypergeometric(random, urn);
    const share = urn.marked / urn.all;
    const variance = (urn.drawn * share * (1 - share) * (urn.all - urn.drawn)) / (urn.all - 1);
    expect(Math.abs(sum / rounds - urn.drawn * share)).toBeLessThan(5 * Math.sqrt(variance / rounds));
  }
  expect(hypergeometric(random, { all: 10, marked: 4, drawn: 10 })).toBe(4);
  expect(hypergeometric(random, { all: 10, marked: 10, drawn: 3 })).toBe(3);
});

it('hostile parts are refused, or predict finite probabilities, whatever number is changed', async () => {
  const data = makeData(shapes[3]!, 2);
  const model = await fit({ n_estimators: 3 }, data);
  const random = seededRandom(9);
  const below = (n: number): number => Math.floor(random() * n);
  const odd = [-1, 0, 1, 7, 1e9, -(2 ** 31), NaN, Infinity, -1e300];
  let refused = 0;
  for (let round = 0; round < 1500; round++) {
    const { meta, arrays } = model.toParts();
    const names = Object.keys(arrays);
    const name = names[below(names.length)]!;
    const array = arrays[name]!.slice();
    array[below(array.length)] = odd[below(odd.length)]!;
    const again = classifierFromParts({ meta, arrays: { ...arrays, [name]: array } }, model);
    if (typeof again === 'string') refused++;
    else expect(again.probabilities(data.x).every(Number.isFinite)).toBe(true);
  }
  expect(refused).toBeGreaterThan(300);
});

it.each([
  [{ max_features: 'sqr' }, /sqrt/],
  [{ max_features: 2.5 }, /number of columns/],
  [{ n_estimators: 0 }, /at least 1/],
  [{ class_weight: 'balanced_subsamples' }, /balanced/],
])('%j is refused', (params, problem) => {
  const outcome = readField({ train: { algorithm: 'random_forest', ...params } }, 'train', trainField);
  expect(outcome.ok ? '' : JSON.stringify(outcome.error.detail)).toMatch(problem);
});

const python = process.env['MLP_TEST_PYTHON'];

interface Reference {
  readonly probabilities: readonly number[];
  readonly nodes: readonly number[];
}

describe.skipIf(python === undefined)('against scikit-learn at MLP_TEST_PYTHON', () => {
  const ask = (tasks: readonly object[]): Reference[] =>
    JSON.parse(
      execFileSync(python ?? '', ['test/peers/forest_reference.py'], {
        input: JSON.stringify(tasks),
        encoding: 'utf8',
      }),
    ) as Reference[];
  const taskOf = ({ x, y }: TrainingSet, algorithm: string, args: object, more: object = {}): object => ({
    ...{ algorithm, args, columns: x.columns, indptr: [...x.indptr], unseen: [] },
    ...{ indices: [...x.indices], values: [...x.values], y: [...y], ...more },
  });

  it('says what its tree says, where nothing is drawn', { timeout: 60_000 }, async () => {
    const nothingDrawn = { bootstrap: false, max_features: null, n_estimators: 1 };
    const limits = [{}, { max_depth: 5 }, { min_samples_leaf: 5 }, { criterion: 'entropy', min_samples_split: 10 }];
    const more = [{ max_leaf_nodes: 12 }, { min_impurity_decrease: 0.002 }];
    const cases = shapes.flatMap((shape, number) =>
      [...limits, ...more].map((limit) => ({
        data: makeData({ ...shape, density: Math.max(0.3, shape.density) }, 20 + number),
        limit,
      })),
    );
    const theirs = ask(cases.map(({ data, limit }) => taskOf(data, 'random_forest', { ...nothingDrawn, ...limit })));
    let same = 0;
    for (const [number, { data, limit }] of cases.entries()) {
      const ours = (await fit({ ...nothingDrawn, ...limit }, data)).probabilities(data.x);
      const apart = ours.reduce((far, p, at) => Math.max(far, Math.abs(p - theirs[number]!.probabilities[at]!)), 0);
      if (apart < 1e-6) same++;
    }
    // Splits of equal gain are told apart by a draw there, and by the lower column here: then the tree below is another one.
    expect(same, `of ${cases.length} trees`).toBeGreaterThanOrEqual(cases.length / 2);
  });

  it.each(['random_forest', 'extra_trees'])('%s: is as good as its forest', { timeout: 120_000 }, async (algorithm) => {
    let ours = 0;
    const tasks: object[] = [];
    const answers: Int32Array[] = [];
    const seeds = 8;
    for (let seed = 0; seed < seeds; seed++) {
      const data = makeData({ rows: 2400, columns: 60, classes: 3, density: 0.15 }, 40 + seed);
      const unseen = Array.from({ length: 1200 }, (_, n) => 1200 + n);
      tasks.push(taskOf(data, algorithm, { n_estimators: 50, random_state: seed }, { unseen }));
      const seen = {
        ...data,
        x: selectRows(
          data.x,
          Int32Array.from(unseen, (row) => row - 1200),
        ),
        y: data.y.slice(0, 1200),
      };
      const model = await fit({ algorithm, n_estimators: 50, seed }, seen);
      const truth = data.y.subarray(1200);
      answers.push(truth);
      const predicted = largestOfRows(model.probabilities(selectRows(data.x, Int32Array.from(unseen))), 3);
      ours += predicted.filter((label, row) => label === truth[row]).length / 1200 / seeds;
    }
    const theirs = ask(tasks).reduce((sum, { probabilities }, seed) => {
      const predicted = largestOfRows(Float64Array.from(probabilities), 3);
      return sum + predicted.filter((label, row) => label === answers[seed]![row]).length / 1200 / seeds;
    }, 0);
    expect(theirs).toBeGreaterThan(0.5);
    expect(Math.abs(ours - theirs)).toBeLessThan(0.015);
  });
});
