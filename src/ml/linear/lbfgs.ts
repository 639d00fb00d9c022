/** Writes the gradient at `at` into `gradient`, and gives the value there. */
export type Objective = (at: Float64Array, gradient: Float64Array) => number;

/** What `minimise` and `minimiseSparse` share. */
export interface LbfgsSettings {
  /** Ends when no part of the gradient is larger. */
  readonly tolerance: number;
  readonly maxIterations: number;
  /** About the second derivative by each number, above 0: what steps are measured in. 1 each, unless given. */
  readonly curvatures?: Float64Array;
  /** True ends the work. */
  onIteration?(iteration: number, value: number): boolean;
}

export interface LbfgsResult {
  readonly at: Float64Array;
  readonly value: number;
  readonly iterations: number;
  /** `flat`: no step goes down any more, the value is as low as doubles can tell. */
  readonly end: 'converged' | 'flat' | 'stopped' | 'exhausted';
}

/** Pairs of steps and gradient changes that stand for the curvature. */
const memory = 10;

/**
 * Minimises a smooth function by limited-memory BFGS: Nocedal and Wright, "Numerical Optimization" (2nd ed. 2006),
 * algorithms 7.4 and 7.5, with the strong Wolfe line search of line-search.ts.
 */
export function minimise(objective: Objective, start: Float64Array, settings: LbfgsSettings): LbfgsResult {
  const size = start.length;
  const history = new History(size, settings.curvatures);
  const direction = new Float64Array(size);
  let here: Point = { at: start.slice(), gradient: new Float64Array(size), value: 0 };
  let next: Point = { at: new Float64Array(size), gradient: new Float64Array(size), value: 0 };
  here.value = objective(here.at, here.gradient);
  for (let iteration = 1; iteration <= settings.maxIterations; iteration++) {
    if (largest(here.gradient) <= settings.tolerance) {
      return { at: here.at, value: here.value, iterations: iteration - 1, end: 'converged' };
    }
    history.descent(here.gradient, direction);
    let slope = dot(here.gradient, direction);
    if (slope >= 0) {
      history.forget();
      history.descent(here.gradient, direction);
      slope = dot(here.gradient, direction);
    }
    const firstStep = history.isEmpty ? Math.min(1, 1 / Math.sqrt(-slope)) : 1;
    const found = lineSearch({ objective, here, direction, slope, next }, firstStep);
    if (!found) return { at: here.at, value: here.value, iterations: iteration, end: 'flat' };
    history.remember(here, next);
    [here, next] = [next, here];
    if (settings.onIteration?.(iteration, here.value) === true) {
      return { at: here.at, value: here.value, iterations: iteration, end: 'stopped' };
    }
  }
  return { at: here.at, value: here.value, iterations: settings.maxIterations, end: 'exhausted' };
}

export interface Point {
  readonly at: Float64Array;
  readonly gradient: Float64Array;
  value: number;
}

/** The last steps s and gradient changes y, oldest first. */
export class History {
  readonly #size: number;
  readonly #inverse: Float64Array;
  #steps: Float64Array[] = [];
  #changes: Float64Array[] = [];
  #products: number[] = [];

  constructor(size: number, curvatures?: Float64Array) {
    this.#size = size;
    this.#inverse = curvatures?.map((curvature) => 1 / curvature) ?? new Float64Array(size).fill(1);
  }

  get isEmpty(): boolean {
    return this.#steps.length === 0;
  }

  forget(): void {
    this.#steps = [];
    this.#changes = [];
    this.#products = [];
  }

  remember(from: Readonly<Point>, to: Readonly<Point>): void {
    let product = 0;
    for (let i = 0; i < this.#size; i++) {
      product += ((to.at[i] ?? 0) - (from.at[i] ?? 0)) * ((to.gradient[i] ?? 0) - (from.gradient[i] ?? 0));
    }
    // Without positive curvature the approximation would stop being positive definite; the pair is left out.
    if (!(product > 0)) return;
    const full = this.#steps.length === memory;
    const step = (full ? this.#steps.shift() : undefined) ?? new Float64Array(this.#size);
    const change = (full ? this.#changes.shift() : undefined) ?? new Float64Array(this.#size);
    if (full) this.#products.shift();
    for (let i = 0; i < this.#size; i++) {
      step[i] = (to.at[i] ?? 0) - (from.at[i] ?? 0);
      change[i] = (to.gradient[i] ?? 0) - (from.gradient[i] ?? 0);
    }
    this.#steps.push(step);
    this.#changes.push(change);
    this.#products.push(product);
  }

  /** Two-loop recursion: out = -H gradient. */
  descent(gradient: Float64Array, out: Float64Array): void {
    out.set(gradient);
    const shares: number[] = [];
    for (let k = this.#steps.length - 1; k >= 0; k--) {
      const share = dot(this.#steps[k] ?? out, out) / (this.#products[k] ?? 1);
      shares[k] = share;
      addScaled(out, this.#changes[k] ?? out, -share);
    }
    const inverse = this.#inverse;
    const last = this.#changes.at(-1);
    const scale = last === undefined ? 1 : (this.#products.at(-1) ?? 1) / weightedSquare(last, inverse);
    for (let i = 0; i < out.length; i++) out[i] = -(out[i] ?? 0) * scale * (inverse[i] ?? 1);
    for (let k = 0; k < this.#steps.length; k++) {
      const correction = dot(this.#changes[k] ?? out, out) / (this.#products[k] ?? 1);
      addScaled(out, this.#steps[k] ?? out, -((shares[k] ?? 0) + correction));
    }
  }
}

interface Ray {
  readonly objective: Objective;
  readonly here: Point;
  readonly direction: Float64Array;
  /** Of the value along the direction, below 0. */
  readonly slope: number;
  /** Where the point that is found goes. */
  readonly next: Point;
}

const sufficient = 1e-4;
const flatness = 0.9;
const mostTrials = 40;

interface Trial {
  readonly step: number;
  readonly value: number;
  readonly slope: number;
}

/** A step that meets the strong Wolfe conditions: Nocedal and Wright, algorithms 3.5 and 3.6. False when there is none. */
function lineSearch(ray: Ray, firstStep: number): boolean {
  const start: Trial = { step: 0, value: ray.here.value, slope: ray.slope };
  let before = start;
  let step = firstStep;
  for (let trials = 1; trials <= mostTrials; trials++) {
    const now = evaluate(ray, step);
    const tooHigh = now.value > start.value + sufficient * step * start.slope || !Number.isFinite(now.value);
    if (tooHigh || (trials > 1 && now.value >= before.value)) return zoom(ray, before, now);
    if (Math.abs(now.slope) <= -flatness * start.slope) return true;
    if (now.slope >= 0) return zoom(ray, now, before);
    before = now;
    step *= 2;
  }
  return false;
}

/** `low` always fulfils the condition of sufficient decrease, and the interval to `high` holds a step that fulfils both. */
function zoom(ray: Ray, low: Trial, high: Trial): boolean {
  for (let trials = 0; trials < mostTrials; trials++) {
    const now = evaluate(ray, between(low, high));
    if (
      now.value > ray.here.value + sufficient * now.step * ray.slope ||
      now.value >= low.value ||
      !Number.isFinite(now.value)
    ) {
      high = now;
    } else {
      if (Math.abs(now.slope) <= -flatness * ray.slope) return true;
      if (now.slope * (high.step - low.step) >= 0) high = low;
      low = now;
    }
    if (Math.abs(high.step - low.step) <= 1e-14 * Math.max(1, low.step)) break;
  }
  if (low.step === 0) return false;
  return evaluate(ray, low.step).value < ray.here.value;
}

/** The lowest point of the parabola through both values and the slope at `low`, kept off the ends. */
function between(low: Trial, high: Trial): number {
  const width = high.step - low.step;
  const curvature = (high.value - low.value - low.slope * width) / (width * width);
  const share = curvature > 0 ? -low.slope / (2 * curvature * width) : 0.5;
  return low.step + width * (share > 0.1 && share < 0.9 ? share : 0.5);
}

function evaluate({ objective, here, direction, next }: Ray, step: number): Trial {
  for (let i = 0; i < direction.length; i++) next.at[i] = (here.at[i] ?? 0) + step * (direction[i] ?? 0);
  next.value = objective(next.at, next.gradient);
  return { step, value: next.value, slope: dot(next.gradient, direction) };
}

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

function weightedSquare(a: Float64Array, weights: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (a[i] ?? 0) * (weights[i] ?? 0);
  return sum;
}

function addScaled(out: Float64Array, other: Float64Array, factor: number): void {
  for (let i = 0; i < out.length; i++) out[i] = (out[i] ?? 0) + factor * (other[i] ?? 0);
}

export function largest(values: Float64Array): number {
  let most = 0;
  for (const value of values) most = Math.max(most, Math.abs(value));
  return most;
}
