import { expect, it } from 'vitest';
import { seededRandom } from '../../core/random.ts';
import { minimise } from './lbfgs.ts';
import { minimiseSparse } from './owlqn.ts';
import { curvatures, logLoss } from './log-loss.ts';

const rows = 9;
const columns = 4;

/** Dense rows, so that the definitions below need no look-ups; one of them is empty. */
function problemOf(classes: number) {
  const random = seededRandom(classes);
  const perRow = (row: number): number => (row === 2 ? 0 : columns);
  const indptr = new Int32Array(rows + 1);
  for (let row = 0; row < rows; row++) indptr[row + 1] = indptr[row]! + perRow(row);
  const entries = indptr[rows]!;
  const indices = Int32Array.from({ length: entries }, (_, at) => at % columns);
  const x = { rows, columns, indptr, indices, values: Float64Array.from({ length: entries }, () => random() * 4 - 2) };
  const y = Int32Array.from({ length: rows }, (_, row) => row % classes);
  const rowWeights = Float64Array.from({ length: rows }, () => 0.5 + random());
  const total = rowWeights.reduce((sum, weight) => sum + weight, 0);
  const outputs = classes === 2 ? 1 : classes;
  const at = Float64Array.from({ length: (columns + 1) * outputs }, () => random() * 2 - 1);
  return { problem: { x, y, classes, rowWeights }, total, outputs, at };
}

it.each([2, 3, 5])('%i classes: the value is that of the definition, and the gradient its slope', (classes) => {
  const { problem, total, outputs, at } = problemOf(classes);
  const penalty = 0.3;
  const objective = logLoss(problem, total, penalty);
  const gradient = new Float64Array(at.length);
  let defined = 0;
  for (let row = 0; row < rows; row++) {
    const scores = Array.from({ length: outputs }, (_, k) => at[columns * outputs + k]!);
    for (let p = problem.x.indptr[row]!; p < problem.x.indptr[row + 1]!; p++)
      scores.forEach((_, k) => (scores[k]! += problem.x.values[p]! * at[problem.x.indices[p]! * outputs + k]!));
    const all = classes === 2 ? [0, ...scores] : scores;
    const sum = all.reduce((powers, score) => powers + Math.exp(score), 0);
    defined += (problem.rowWeights[row]! / total) * (Math.log(sum) - all[problem.y[row]!]!);
  }
  for (const weight of at.subarray(0, columns * outputs)) defined += (penalty * weight ** 2) / 2;
  expect(objective(at, gradient)).toBeCloseTo(defined, 12);

  const scratch = new Float64Array(at.length);
  at.forEach((_, i) => {
    const moved = (by: number): number =>
      objective(
        Float64Array.from(at, (v, j) => (j === i ? v + by : v)),
        scratch,
      );
    expect(gradient[i]).toBeCloseTo((moved(1e-5) - moved(-1e-5)) / 2e-5, 8);
  });
});

it('scores far from 0 overflow nothing', () => {
  for (const classes of [2, 3, 5]) {
    const { problem, total, at } = problemOf(classes);
    const gradient = new Float64Array(at.length);
    const far = at.map((weight) => weight * 1e5);
    expect(Number.isFinite(logLoss(problem, total, 0)(far, gradient))).toBe(true);
    expect(gradient.every(Number.isFinite)).toBe(true);
  }
});

it.each([3, 5])('%i classes: steps measured by curvature leave the intercepts a sum of 0', (classes) => {
  const { problem, total, at } = problemOf(classes);
  const settings = { tolerance: 1e-6, maxIterations: 500, curvatures: curvatures(problem, total, 0.1) };
  const found = minimise(logLoss(problem, total, 0.1), new Float64Array(at.length), settings);
  expect(found.end).toBe('converged');
  expect(found.at.subarray(columns * classes).reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 9);
});

const steepness = Float64Array.from({ length: 200 }, (_, i) => 10 ** ((4 * i) / 200));
const bowl = (at: Float64Array, gradient: Float64Array): number =>
  at.reduce((value, x, i) => {
    gradient[i] = steepness[i]! * (x - 1);
    return value + (steepness[i]! * (x - 1) ** 2) / 2;
  }, 0);

it('a bowl ten thousand times as steep one way as another takes few steps when its curvatures are given', () => {
  const settings = { tolerance: 1e-6, maxIterations: 2000 };
  const without = minimise(bowl, new Float64Array(200), settings);
  const given = minimise(bowl, new Float64Array(200), { ...settings, curvatures: steepness });
  expect(given.iterations).toBeLessThan(10);
  expect(without.iterations).toBeGreaterThan(50);
  given.at.forEach((x) => {
    expect(x).toBeCloseTo(1, 6);
  });
});

it('the same holds with an L1 penalty, and every number ends where its own slope says', () => {
  const penalty = new Float64Array(200).fill(3);
  const settings = { tolerance: 1e-6, maxIterations: 2000 };
  const without = minimiseSparse(bowl, penalty, new Float64Array(200), settings);
  const given = minimiseSparse(bowl, penalty, new Float64Array(200), { ...settings, curvatures: steepness });
  expect(given.iterations).toBeLessThan(20);
  expect(without.iterations).toBeGreaterThan(50);
  given.at.forEach((x, i) => {
    expect(x).toBeCloseTo(Math.max(0, 1 - 3 / steepness[i]!), 6);
  });
});
