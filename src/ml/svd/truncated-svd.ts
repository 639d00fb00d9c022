import { failure } from '../../core/failure.ts';
import type { Random } from '../../core/random.ts';
import { seededRandom } from '../../core/random.ts';
import type { Result } from '../../core/result.ts';
import { err, ok } from '../../core/result.ts';
import type { FitControl } from '../estimator.ts';
import type { CsrMatrix } from '../sparse/csr.ts';
import { transpose } from '../sparse/csr.ts';
import { KernelMemory, denseBytes, sparseBytes, strideOf } from './memory.ts';
import type { DenseRows } from './memory.ts';
import { orthonormalise } from './orthonormal.ts';
import { DenseProducts, sparseOperand, sparseTimes } from './products.ts';
import type { SparseOperand } from './products.ts';
import { project } from './project.ts';
import type { SvdSettings } from './settings.ts';
import { smallSvd } from './small-svd.ts';

/** The strongest directions of a matrix. */
export interface TruncatedSvd {
  /** Right singular vectors, [columns, components] by rows; of each, the entry farthest from 0 is positive. */
  readonly components: Float64Array;
  /** Descending. */
  readonly singularValues: Float64Array;
  /** Variance of the rows along each component, and its share in the variance of all columns. */
  readonly explainedVariance: Float64Array;
  readonly explainedVarianceRatio: Float64Array;
}

/**
 * Randomised subspace iteration (Halko, Martinsson and Tropp 2011), with the steps of scikit-learn's TruncatedSVD. What lies on the longer side of the
 * matrix is not made orthonormal between iterations: that costs most, and two products in a row lose no more than orthonormal columns can bear.
 */
export function truncatedSvd(x: CsrMatrix, settings: SvdSettings, control: FitControl = {}): Result<TruncatedSvd> {
  const shorter = Math.min(x.rows, x.columns);
  const count = settings.n_components;
  const refused = (problem: string): Result<never> =>
    err(failure('learning-param', { param: 'featurize.svd.n_components', problem, near: [] }));
  if (count > shorter) {
    return refused(`is ${count}, but ${x.rows} texts with ${x.columns} columns have at most ${shorter}`);
  }
  const width = Math.min(count + settings.n_oversamples, shorter);
  const sides = sidesOf(x, width);
  if (sides === undefined) return refused(`is ${count}, which needs more than 4 GiB for ${x.rows} x ${x.columns}`);
  const { memory, products, tall, wide, long, short } = sides;
  const random = seededRandom(settings.seed);
  for (let row = 0; row < short.rows; row++) short.values.set(normalNumbers(width, random), row * short.stride);
  for (let iteration = 1; iteration <= settings.n_iter; iteration++) {
    if (control.cancelled?.() === true) return err(failure('fit-cancelled', { algorithm: 'svd' }));
    sparseTimes(memory, tall, long);
    sparseTimes(memory, wide, short);
    const [first = 0] = orthonormalise(products, short, width, 1);
    // It goes towards the square of the greatest singular value.
    control.onProgress?.({ iteration, total: settings.n_iter, value: Math.sqrt(first), part: 'svd' });
  }
  sparseTimes(memory, tall, long);
  orthonormalise(products, long, width, 2);
  sparseTimes(memory, wide, short);
  const { left, values, right } = smallSvd(orthonormalise(products, short, width, 2), width);
  const [basis, turn] = x.columns <= x.rows ? [short, left] : [long, right];
  products.multiply(basis, turn);
  const components = new Float64Array(x.columns * count);
  for (let column = 0; column < x.columns; column++) {
    const from = column * basis.stride;
    components.set(basis.values.subarray(from, from + count), column * count);
  }
  makeLargestPositive(components, count);
  return ok({ components, singularValues: values.slice(0, count), ...varianceAlong(x, components, count) });
}

interface Sides {
  readonly memory: KernelMemory;
  readonly products: DenseProducts;
  readonly long: DenseRows;
  readonly short: DenseRows;
  /** Makes `long` of `short`, and back. */
  readonly tall: SparseOperand;
  readonly wide: SparseOperand;
}

/** The matrix and its transpose in the kernel's memory, with dense ones as long as each of its sides; undefined when they would not fit. */
function sidesOf(x: CsrMatrix, width: number): Sides | undefined {
  const turned = transpose(x);
  const [tall, wide] = x.columns <= x.rows ? [x, turned] : [turned, x];
  const stride = strideOf(width);
  const bytes =
    denseBytes(tall.rows, stride) +
    denseBytes(wide.rows, stride) +
    2 * sparseBytes(x.indices.length) +
    DenseProducts.bytes(width, stride);
  const memory = KernelMemory.of(bytes);
  if (memory === undefined) return undefined;
  const long = memory.rows(tall.rows, stride);
  const short = memory.rows(wide.rows, stride);
  return {
    memory,
    products: new DenseProducts(memory, width, stride),
    long,
    short,
    tall: sparseOperand(memory, tall, short),
    wide: sparseOperand(memory, wide, long),
  };
}

/** By Box and Muller, two at a time. */
function normalNumbers(count: number, random: Random): Float64Array {
  const numbers = new Float64Array(count);
  for (let at = 0; at < count; at += 2) {
    const radius = Math.sqrt(-2 * Math.log(1 - random()));
    const angle = 2 * Math.PI * random();
    numbers[at] = radius * Math.cos(angle);
    if (at + 1 < count) numbers[at + 1] = radius * Math.sin(angle);
  }
  return numbers;
}

/** Signs of singular vectors are arbitrary; scikit-learn fixes them so. */
function makeLargestPositive(components: Float64Array, count: number): void {
  for (let c = 0; c < count; c++) {
    let largest = 0;
    for (let at = c; at < components.length; at += count) {
      if (Math.abs(components[at] ?? 0) > Math.abs(largest)) largest = components[at] ?? 0;
    }
    if (largest >= 0) continue;
    for (let at = c; at < components.length; at += count) components[at] = -(components[at] ?? 0);
  }
}

function varianceAlong(
  x: CsrMatrix,
  components: Float64Array,
  count: number,
): Pick<TruncatedSvd, 'explainedVariance' | 'explainedVarianceRatio'> {
  const projected = project(x, components, count);
  const explainedVariance = Float64Array.from({ length: count }, (_, c) => {
    let sum = 0;
    for (let at = c; at < projected.length; at += count) sum += projected[at] ?? 0;
    const mean = sum / x.rows;
    let squares = 0;
    for (let at = c; at < projected.length; at += count) squares += ((projected[at] ?? 0) - mean) ** 2;
    return squares / x.rows;
  });
  const total = totalVariance(x);
  return { explainedVariance, explainedVarianceRatio: explainedVariance.map((own) => (total > 0 ? own / total : 0)) };
}

/** Of all columns together. */
function totalVariance(x: CsrMatrix): number {
  const sums = new Float64Array(x.columns);
  let squares = 0;
  for (let at = 0; at < x.indices.length; at++) {
    const value = x.values[at] ?? 0;
    const column = x.indices[at] ?? 0;
    sums[column] = (sums[column] ?? 0) + value;
    squares += value * value;
  }
  return squares / x.rows - sums.reduce((total, sum) => total + (sum / x.rows) ** 2, 0);
}
