import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../core/random.ts';
import type { CsrMatrix } from '../sparse/csr.ts';
import { dualRows, solveDual } from './dual-coordinate-descent.ts';
import { minimise } from './lbfgs.ts';
import { softmaxOfScores } from './linear-classifier.ts';
import { fitSharpness } from './sharpness.ts';

describe('L-BFGS', () => {
  it('finds the minimum of a quadratic bowl, and of Rosenbrock’s valley', () => {
    const bowl = minimise(
      (at, gradient) => {
        let value = 0;
        at.forEach((x, i) => {
          gradient[i] = (i + 1) * (x - i);
          value += ((i + 1) * (x - i) ** 2) / 2;
        });
        return value;
      },
      new Float64Array(20),
      { tolerance: 1e-10, maxIterations: 200 },
    );
    bowl.at.forEach((x, i) => {
      expect(x).toBeCloseTo(i, 8);
    });
    const valley = minimise(
      (at, gradient) => {
        const [x, y] = [at[0]!, at[1]!];
        gradient[0] = -2 * (1 - x) - 400 * x * (y - x * x);
        gradient[1] = 200 * (y - x * x);
        return (1 - x) ** 2 + 100 * (y - x * x) ** 2;
      },
      Float64Array.of(-1.2, 1),
      { tolerance: 1e-9, maxIterations: 500 },
    );
    expect(valley.end).toBe('converged');
    expect(valley.at[0]).toBeCloseTo(1, 6);
    expect(valley.at[1]).toBeCloseTo(1, 6);
  });

  it('says so when iterations run out or the caller stops it', () => {
    const slope = (at: Float64Array, gradient: Float64Array): number => {
      gradient[0] = 4 * at[0]! ** 3;
      return at[0]! ** 4;
    };
    const settings = { tolerance: 1e-12, maxIterations: 2 };
    expect(minimise(slope, Float64Array.of(5), settings).end).toBe('exhausted');
    expect(minimise(slope, Float64Array.of(5), { ...settings, onIteration: () => true }).end).toBe('stopped');
  });
});

describe('dual coordinate descent', () => {
  const random = seededRandom(5);
  const rows = 60;
  const x: CsrMatrix = {
    rows,
    columns: 3,
    indptr: Int32Array.from({ length: rows + 1 }, (_, row) => row * 3),
    indices: Int32Array.from({ length: rows * 3 }, (_, at) => at % 3),
    values: Float64Array.from({ length: rows * 3 }, () => random() * 2 - 1),
  };
  const signs = Int8Array.from({ length: rows }, (_, row) =>
    (x.values[row * 3] ?? 0) + 0.5 * (x.values[row * 3 + 1] ?? 0) + 0.4 * (random() - 0.5) > 0.1 ? 1 : -1,
  );
  const costs = Float64Array.from({ length: rows }, () => 0.2 + random());

  const objective = (weights: Float64Array, loss: 'hinge' | 'squared_hinge'): number => {
    let value = weights.reduce((sum, weight) => sum + weight * weight, 0) / 2;
    for (let row = 0; row < rows; row++) {
      let score = weights[3] ?? 0;
      for (let c = 0; c < 3; c++) score += (weights[c] ?? 0) * (x.values[row * 3 + c] ?? 0);
      const short = Math.max(0, 1 - (signs[row] ?? 0) * score);
      value += (costs[row] ?? 0) * (loss === 'hinge' ? short : short * short);
    }
    return value;
  };

  it.each(['hinge', 'squared_hinge'] as const)('no step away from its %s solution goes down', (loss) => {
    const solution = solveDual(
      dualRows(x, 1),
      { signs, costs, loss },
      { tolerance: 1e-10, maxIterations: 10_000, random: seededRandom(1) },
    );
    expect(solution.end).toBe('converged');
    const least = objective(solution.weights, loss);
    for (let trial = 0; trial < 200; trial++) {
      const moved = solution.weights.map((weight) => weight + (random() - 0.5) * 10 ** -(1 + (trial % 5)));
      expect(objective(moved, loss)).toBeGreaterThanOrEqual(least - 1e-9);
    }
  });

  it('rows of cost 0 have no say', () => {
    const settings = { tolerance: 1e-10, maxIterations: 10_000, random: seededRandom(1) };
    const half = costs.map((cost, row) => (row < 30 ? cost : 0));
    const rows = dualRows(x, 1);
    const all = solveDual(rows, { signs, costs: half, loss: 'squared_hinge' }, settings);
    const flipped = signs.map((sign, row) => (row < 30 ? sign : -sign)) as Int8Array;
    const other = solveDual(rows, { signs: flipped, costs: half, loss: 'squared_hinge' }, settings);
    all.weights.forEach((weight, c) => {
      expect(weight).toBeCloseTo(other.weights[c]!, 8);
    });
  });
});

describe('calibration', () => {
  it('finds the factor that labels were drawn with', () => {
    const random = seededRandom(9);
    const rows = 20_000;
    const scores = Float64Array.from({ length: rows * 3 }, () => random() * 2 - 1);
    const probabilities = softmaxOfScores(scores, 3, 2.5);
    const y = Int32Array.from({ length: rows }, (_, row) => {
      const drawn = random();
      const first = probabilities[row * 3]!;
      return drawn < first ? 0 : drawn < first + probabilities[row * 3 + 1]! ? 1 : 2;
    });
    expect(fitSharpness(scores, y, 3)).toBeCloseTo(2.5, 1);
  });

  it('stays finite where held-out scores part the classes perfectly, and positive where they say nothing', () => {
    expect(fitSharpness(Float64Array.of(1, -1, 1, -1), Int32Array.of(1, 0, 1, 0), 2)).toBeLessThanOrEqual(1000);
    expect(fitSharpness(new Float64Array(4), Int32Array.of(1, 0, 1, 0), 2)).toBeGreaterThan(0);
    expect(fitSharpness(Float64Array.of(-1, 1, -1, 1), Int32Array.of(1, 0, 1, 0), 2)).toBeGreaterThan(0);
  });

  it('huge scores do not overflow', () => {
    expect(Array.from(softmaxOfScores(Float64Array.of(1e308, -1e308, 0), 3, 1))).toEqual([1, 0, 0]);
  });
});
