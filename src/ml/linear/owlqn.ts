import { dot, History, largest, type LbfgsResult, type LbfgsSettings, type Objective, type Point } from './lbfgs.ts';

/** Of the decrease that the slope foretells, what a step must reach. */
const sufficient = 1e-4;
const mostHalvings = 50;

/**
 * Minimises a smooth function plus sum |penalty_i x_i|, which is not smooth at zero, by L-BFGS within one orthant at a time: Andrew and Gao,
 * "Scalable training of L1-regularized log-linear models" (ICML 2007), OWL-QN. Numbers that are best at zero end there exactly.
 */
export function minimiseSparse(
  objective: Objective,
  penalty: Float64Array,
  start: Float64Array,
  settings: LbfgsSettings,
): LbfgsResult {
  const size = start.length;
  const history = new History(size, settings.curvatures);
  const steepest = new Float64Array(size);
  const direction = new Float64Array(size);
  const whole = (point: Point): number => point.value + absolutes(point.at, penalty);
  let here: Point = { at: start.slice(), gradient: new Float64Array(size), value: 0 };
  let next: Point = { at: new Float64Array(size), gradient: new Float64Array(size), value: 0 };
  here.value = objective(here.at, here.gradient);
  for (let iteration = 1; iteration <= settings.maxIterations; iteration++) {
    pseudoGradient(here, penalty, steepest);
    if (largest(steepest) <= settings.tolerance) return ended(here, whole(here), iteration - 1, 'converged');
    history.descent(steepest, direction);
    keepDescent(direction, steepest);
    let slope = dot(direction, steepest);
    if (slope >= 0) {
      history.forget();
      history.descent(steepest, direction);
      slope = dot(direction, steepest);
    }
    const firstStep = history.isEmpty ? Math.min(1, 1 / Math.sqrt(-slope)) : 1;
    const search = { objective, here, next, direction, steepest, whole };
    if (!halveUntilLower(search, penalty, firstStep)) {
      if (history.isEmpty) return ended(here, whole(here), iteration, 'flat');
      history.forget();
      continue;
    }
    history.remember(here, next);
    [here, next] = [next, here];
    if (settings.onIteration?.(iteration, whole(here)) === true) return ended(here, whole(here), iteration, 'stopped');
  }
  return ended(here, whole(here), settings.maxIterations, 'exhausted');
}

const ended = ({ at }: Point, value: number, iterations: number, end: LbfgsResult['end']): LbfgsResult => ({
  ...{ at, value, iterations, end },
});

function absolutes(at: Float64Array, penalty: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < at.length; i++) sum += (penalty[i] ?? 0) * Math.abs(at[i] ?? 0);
  return sum;
}

/** The one-sided slope that goes down furthest: 0 where neither side does. */
function pseudoGradient({ at, gradient }: Point, penalty: Float64Array, out: Float64Array): void {
  for (let i = 0; i < at.length; i++) {
    const slope = gradient[i] ?? 0;
    const edge = penalty[i] ?? 0;
    const x = at[i] ?? 0;
    if (x !== 0) out[i] = slope + Math.sign(x) * edge;
    else out[i] = slope + edge < 0 ? slope + edge : Math.max(0, slope - edge);
  }
}

/** Parts of the direction that go up by the pseudo-gradient are left out. */
function keepDescent(direction: Float64Array, steepest: Float64Array): void {
  for (let i = 0; i < direction.length; i++) if ((direction[i] ?? 0) * (steepest[i] ?? 0) >= 0) direction[i] = 0;
}

interface Search {
  readonly objective: Objective;
  readonly here: Point;
  readonly next: Point;
  readonly direction: Float64Array;
  readonly steepest: Float64Array;
  readonly whole: (point: Point) => number;
}

/** Moves to `next` along the direction, within the orthant; a number whose penalty would change sign stops at zero. */
function halveUntilLower(search: Search, penalty: Float64Array, firstStep: number): boolean {
  const { objective, here, next, direction, steepest, whole } = search;
  const before = whole(here);
  let step = firstStep;
  for (let trial = 0; trial < mostHalvings; trial++, step /= 2) {
    let foretold = 0;
    for (let i = 0; i < direction.length; i++) {
      const x = here.at[i] ?? 0;
      const moved = x + step * (direction[i] ?? 0);
      const orthant = x === 0 ? -Math.sign(steepest[i] ?? 0) : Math.sign(x);
      next.at[i] = penalty[i] === 0 || Math.sign(moved) === orthant ? moved : 0;
      foretold += (steepest[i] ?? 0) * ((next.at[i] ?? 0) - x);
    }
    next.value = objective(next.at, next.gradient);
    if (whole(next) <= before + sufficient * foretold && foretold < 0) return true;
  }
  return false;
}
