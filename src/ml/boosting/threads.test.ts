import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../core/random.ts';
import { openThreads } from '../threads/pool.ts';
import { ThreadError } from '../threads/thread-error.ts';
import type { CsrMatrix } from '../sparse/csr.ts';
import { agreementTable } from './agreement.ts';
import { binMatrix, type BinnedMatrix } from './binned-matrix.ts';
import { boardMemory, TreeBoard } from './tree-board.ts';
import { boost, type BoostParams, type Iteration, type Verdict } from './boost.ts';
import { BinaryObjective } from './objectives/binary.ts';
import type { Objective } from './objectives/objective.ts';
import { pointLoss } from './objectives/point-losses.ts';
import { PointObjective } from './objectives/point-objective.ts';
import { SoftmaxObjective } from './objectives/softmax.ts';
import { entriesOf, partOfFeatures } from './part-of-features.ts';
import { trainDefaults } from './train-params.ts';
import type { GrownTree } from './tree-params.ts';

const rows = 300;
const columns = 40;

type Kind = 'binary' | 'real' | 'signed' | 'missing';

function makeRows(kind: Kind): CsrMatrix {
  const random = seededRandom(8);
  const indptr = [0];
  const indices: number[] = [];
  const values: number[] = [];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      if (random() > 0.3) continue;
      indices.push(column);
      const isMissing = kind === 'missing' && column % 3 > 0 && random() < 0.3;
      values.push(isMissing ? NaN : kind === 'binary' ? 1 : kind === 'real' ? random() : random() - 0.5);
    }
    indptr.push(indices.length);
  }
  const [starts, places] = [Int32Array.from(indptr), Int32Array.from(indices)];
  return { rows, columns, indptr: starts, indices: places, values: Float64Array.from(values) };
}

const binned = (kind: Kind): BinnedMatrix =>
  binMatrix(makeRows(kind), {
    maxBin: 31,
    minDataInBin: 3,
    minDataInLeaf: 3,
    useMissing: true,
    singlesApart: true,
    categoricalFeature: [],
  });

const params: BoostParams = {
  ...trainDefaults,
  numIterations: 6,
  minDataInLeaf: 3,
  lambdaL2: 0.1,
  featureFraction: 0.6,
};

interface Changes extends Partial<BoostParams> {
  readonly cancelAt?: number;
}

function classifierOf(random: () => number, classes: number): Objective {
  const y = Int32Array.from({ length: rows }, () => Math.floor(random() * classes));
  const weights = new Float64Array(rows).fill(1);
  const start = { fromAverage: true };
  return classes === 2
    ? new BinaryObjective(y, weights, start)
    : new SoftmaxObjective(y, weights, { classes, ...start });
}

function quantileOf(random: () => number): Objective {
  const y = Float64Array.from({ length: rows }, () => random());
  const loss = pointLoss('quantile', { alpha: 0.9, poissonMaxDeltaStep: 0 });
  return new PointObjective(loss, { y, weights: undefined }, { fromAverage: true });
}

async function grow(data: BinnedMatrix, classes: number | 'quantile', { cancelAt = Infinity, ...changes }: Changes) {
  const random = seededRandom(5);
  const objective = classes === 'quantile' ? quantileOf(random) : classifierOf(random, classes);
  const losses: number[] = [];
  const onIteration = ({ number, loss }: Iteration): Verdict => {
    losses.push(loss());
    return number >= cancelAt ? 'cancelled' : 'go on';
  };
  const trees = await boost({ data, objective, params: { ...params, ...changes }, earlier: 0, onIteration });
  return { trees, losses };
}

// Of two classes there is one tree an iteration, grown by all together; of three and two threads one is; of five and three threads two are.
describe.each([
  ['binary', 3],
  ['real', 5],
  ['signed', 3],
  ['signed', 2],
  ['binary', 2],
  ['missing', 3],
] as const)('threads that grow trees of %s values and %i classes', (kind, classes) => {
  it('give the same model, to the last bit, with any number of them', { timeout: 60_000 }, async () => {
    const data = binned(kind);
    const one = await grow(data, classes, { numThreads: 1 });
    expect(one.trees!.some(({ feature }: GrownTree) => feature.length > 5)).toBe(true);
    for (const numThreads of [2, 3]) expect(await grow(data, classes, { numThreads })).toEqual(one);
  });
});

// Many splits gain the same here, some of them on features of different threads.
describe.each(['binary', 'real', 'signed', 'missing'] as const)(
  'threads that grow trees of %s values by quantile',
  (kind) => {
    it('break ties alike with any number of them', { timeout: 60_000 }, async () => {
      const data = binned(kind);
      const one = await grow(data, 'quantile', { lambdaL2: 0, numThreads: 1 });
      expect(one.trees!.some(({ feature }: GrownTree) => feature.length > 5)).toBe(true);
      for (const numThreads of [2, 3]) expect(await grow(data, 'quantile', { lambdaL2: 0, numThreads })).toEqual(one);
    });
  },
);

describe('threads that grow trees', () => {
  it('draw the same rows and columns', { timeout: 60_000 }, async () => {
    const data = binned('signed');
    const drawing = { baggingFraction: 0.7, baggingFreq: 2, featureFractionByNode: 0.5 };
    const one = await grow(data, 3, { ...drawing, numThreads: 1 });
    expect(await grow(data, 3, { ...drawing, numThreads: 2 })).toEqual(one);
  });

  it('end when they are told to', async () => {
    const { trees, losses } = await grow(binned('real'), 3, { numThreads: 2, cancelAt: 2 });
    expect(trees).toBeUndefined();
    expect(losses).toHaveLength(2);
  });

  it('have between them every entry once', () => {
    const data = binned('signed');
    const ranges = [0, 1, 2].map((part) => partOfFeatures(data, part, 3));
    expect(ranges.map(({ from }) => from)).toEqual([0, ...ranges.slice(0, 2).map(({ to }) => to)]);
    expect(ranges[2]!.to).toBe(data.features);
    const parts = ranges.map((range) => entriesOf(data, range));
    expect(parts.every(({ rowSlots }) => rowSlots.length > 0)).toBe(true);
    for (let row = 0; row < rows; row++) {
      const own = parts.map(({ rowStart, rowSlots }) => [...rowSlots.subarray(rowStart[row], rowStart[row + 1])]);
      expect(own.flat()).toEqual([...data.rowSlots.subarray(data.rowStart[row], data.rowStart[row + 1])]);
      const features = own[1]!.map((slot) => data.featureOf[slot]!);
      expect(features.every((feature) => feature >= ranges[1]!.from && feature < ranges[1]!.to)).toBe(true);
    }
  });

  it('say so when one ends by itself, and can be closed while another waits for it', async () => {
    const data = binned('real');
    const board = boardMemory({ rows, outputs: 1, mostLeaves: params.numLeaves });
    const rowSums = [new Int32Array(new SharedArrayBuffer(rows * 8)).fill(1)];
    const shared = { data, params, rowSums, board, threads: 2, table: agreementTable(2) };
    const pool = openThreads('boosting', shared, 2);
    const total = { gradient: rows, hessian: rows, count: rows };
    const request = { output: 0, tree: 0, units: { gradient: 1, hessian: 1 }, total };
    const main = new TreeBoard(board);
    main.order({ dealt: 0, rows: undefined });
    main.ready(request);
    const waiting = pool.ask(1, { thread: 1 });
    const ended = pool.ask(0, { thread: 2 });
    await expect(main.answered(1, ended)).rejects.toThrow(ThreadError);
    await Promise.all([pool.close(), expect(waiting).rejects.toThrow(ThreadError)]);
  });
});
