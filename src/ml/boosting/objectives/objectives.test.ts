import { describe, expect, it } from 'vitest';
import { BinaryObjective } from './binary.ts';
import type { Objective } from './objective.ts';
import { percentile } from './percentile.ts';
import { pointLoss } from './point-losses.ts';
import { PointObjective } from './point-objective.ts';
import { SoftmaxObjective } from './softmax.ts';

const options = { alpha: 0.3, poissonMaxDeltaStep: 0.7 };
const y = Float64Array.of(2, 0, 5, 1.5, 3, 0.5);
const labels = Int32Array.of(0, 1, 1, 0, 1, 0);
const three = Int32Array.of(0, 2, 1, 2, 1, 0);
const weights = Float64Array.of(1, 0.5, 2, 1.5, 1, 0.25);
/** Not where a loss has a corner. */
const scores = Float64Array.of(0.3, -0.2, 1.1, 0.4, -1.3, 0.9);
const total = weights.reduce((sum, weight) => sum + weight, 0);

const point =
  (name: Parameters<typeof pointLoss>[0]) =>
  (of: Float64Array): Objective =>
    new PointObjective(pointLoss(name, options), { y, weights }, { fromAverage: true, scores: of });

const kinds: readonly (readonly [name: string, make: (scores: Float64Array) => Objective, perLoss: number])[] = [
  ['binary', (of) => new BinaryObjective(labels, weights, { fromAverage: true, scores: of }), 1],
  // Its gradient is that of half the square.
  ['regression', point('regression'), 2],
  ['regression_l1', point('regression_l1'), 1],
  ['quantile', point('quantile'), 1],
  ['poisson', point('poisson'), 1],
];

/** The sum of the losses of all rows, where one score of one row is another. */
function lossAt(make: (scores: Float64Array) => Objective, at: number, step: number, from: Float64Array): number {
  const moved = from.slice();
  moved[at] = moved[at]! + step;
  return make(moved).loss() * total;
}

const step = 1e-4;
const slope = (make: (scores: Float64Array) => Objective, at: number, from = scores): number =>
  (lossAt(make, at, step, from) - lossAt(make, at, -step, from)) / (2 * step);

const bend = (make: (scores: Float64Array) => Objective, at: number): number =>
  (lossAt(make, at, step, scores) - 2 * lossAt(make, at, 0, scores) + lossAt(make, at, -step, scores)) / step ** 2;

describe.each(kinds)('the objective %s', (name, make, perLoss) => {
  const out = new Int32Array(12);
  const { units, total: sums } = make(scores).gradients(0, out);
  const gradient = (row: number): number => out[row * 2]! * units.gradient;
  const hessian = (row: number): number => out[row * 2 + 1]! * units.hessian;

  it('has the gradient that finite differences of its loss give', () => {
    for (let row = 0; row < 6; row++) expect(gradient(row)).toBeCloseTo(slope(make, row) / perLoss, 6);
  });

  it('has the second difference for its hessian, or what LightGBM takes in its place', () => {
    const flat = name === 'regression_l1' || name === 'quantile';
    const factor = name === 'poisson' ? Math.exp(options.poissonMaxDeltaStep) : 1 / perLoss;
    for (let row = 0; row < 6; row++) {
      expect(hessian(row)).toBeCloseTo(flat ? weights[row]! : bend(make, row) * factor, 5);
    }
  });

  it('gives sums of what it gives for the rows, in whole units within 2^30', () => {
    const [gradients, hessians] = [0, 1].map((part) => Array.from(out).filter((_, at) => at % 2 === part));
    expect(sums.gradient).toBe(gradients!.reduce((sum, value) => sum + value, 0));
    expect(sums.hessian).toBe(hessians!.reduce((sum, value) => sum + value, 0));
    expect(Math.max(...gradients!.map(Math.abs), ...hessians!)).toBeLessThanOrEqual(2 ** 30);
    expect(Math.max(...gradients!.map(Math.abs))).toBeGreaterThan(2 ** 27);
  });

  // LightGBM's percentiles lie between two rows, where neither loss is least.
  it.skipIf(name === 'regression_l1' || name === 'quantile')(
    'begins where no other value for all rows has a smaller loss',
    () => {
      const start = startOf(name);
      const at = (score: number): number => make(new Float64Array(6).fill(score)).loss();
      for (const other of [-0.3, -1e-3, 1e-3, 0.3]) expect(at(start)).toBeLessThanOrEqual(at(start + other) + 1e-12);
    },
  );

  it('adds trees to the scores', () => {
    const objective = make(scores);
    objective.add(0, Int32Array.of(0, 1, 0, 1, 0, 1), Float64Array.of(0.5, -0.25));
    objective.settle();
    const moved = scores.map((score, row) => score + (row % 2 === 0 ? 0.5 : -0.25));
    expect(objective.loss()).toBeCloseTo(make(moved).loss(), 12);
  });
});

describe('the objective quantile', () => {
  // LightGBM keeps alpha, numbers to tell and start in float32, where 0.9 is 0.89999998.
  it('begins below a number that lies at alpha exactly, but where float32 does not tell them apart', () => {
    const loss = pointLoss('quantile', { ...options, alpha: 0.9 });
    const rise = (from: number, by: number) => Float64Array.from({ length: 11 }, (_, at) => from + by * at);
    const start = loss.best(rise(-9000, 1000), undefined);
    expect(start).toBeLessThan(0);
    expect(start).toBeGreaterThan(-1e-3);
    expect(loss.best(rise(0, 1), undefined)).toBe(9);
    expect(loss.best(rise(0, 0.1), undefined)).toBe(0.1 * 9);
  });

  it.each([
    [0.3, 7, 3],
    [0.975, 1, 39],
    [1 / 3, 2, 1],
  ])('has the gradients of %d as %d to -%d exactly, by weights too', (alpha, up, down) => {
    const loss = pointLoss('quantile', { ...options, alpha });
    const objective = new PointObjective(loss, { y, weights }, { fromAverage: true, scores });
    const out = new Int32Array(12);
    objective.gradients(0, out);
    const perWeight = Array.from(weights, (weight, row) => out[row * 2]! / weight);
    const [above, below] = [Math.max(...perWeight), Math.min(...perWeight)];
    expect(new Set(perWeight).size).toBe(2);
    expect(above * down).toBe(-below * up);
  });
});

function startOf(name: string): number {
  if (name === 'binary') return new BinaryObjective(labels, weights, { fromAverage: true }).startScores[0]!;
  const loss = pointLoss(name as Parameters<typeof pointLoss>[0], options);
  return new PointObjective(loss, { y, weights }, { fromAverage: true }).startScores[0]!;
}

describe('the objective multiclass', () => {
  const given = Float64Array.from({ length: 18 }, (_, at) => ((at * 7) % 5) / 2 - 1);
  const make = (of: Float64Array): Objective =>
    new SoftmaxObjective(three, weights, { classes: 3, fromAverage: true, scores: of });

  it('has the gradient that finite differences give, at scores of any size', () => {
    for (let output = 0; output < 3; output++) {
      const out = new Int32Array(12);
      const { units } = make(given).gradients(output, out);
      for (let row = 0; row < 6; row++) {
        expect(out[row * 2]! * units.gradient).toBeCloseTo(slope(make, row * 3 + output, given), 6);
      }
    }
  });
});

describe('percentiles of what is left', () => {
  it('of values that weigh the same are those of numpy.percentile, which LightGBM takes', () => {
    const values = Float64Array.of(9, 1, 4, 16, 25, 36, 49);
    const expected: readonly (readonly [number, number])[] = [
      [0, 1],
      [0.05, 1.9],
      [0.5, 16],
      [0.77, 31.82],
      [0.95, 45.1],
      [1, 49],
    ];
    for (const [alpha, value] of expected) {
      expect(percentile(values, undefined, alpha)).toBeCloseTo(value, 12);
      for (const weight of [1, 0.01])
        expect(percentile(values, new Float64Array(7).fill(weight), alpha)).toBeCloseTo(value, 12);
    }
  });

  it('take a weight of 2 for the value standing there twice', () => {
    const values = Float64Array.of(3, 1, 8, 5);
    const twice = Float64Array.of(3, 1, 1, 8, 5, 5);
    for (let alpha = 0.02; alpha < 1; alpha += 0.07) {
      const weighted = percentile(values, Float64Array.of(1, 2, 1, 2), alpha);
      expect(weighted).toBeCloseTo(percentile(twice, undefined, alpha), 12);
    }
  });

  it('never leave the values, and do not fall as alpha grows', () => {
    const values = Float64Array.of(3, 1, 8, 5, 2);
    const own = Float64Array.of(0, 0.5, 3, 0.01, 40);
    let before = 1;
    for (let alpha = 0; alpha <= 1; alpha += 0.01) {
      const value = percentile(values, own, alpha);
      expect(value).toBeGreaterThanOrEqual(before);
      expect(value).toBeLessThanOrEqual(8);
      before = value;
    }
  });
});
