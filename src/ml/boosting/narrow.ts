import type { RowSums } from './tree-params.ts';
import type { LeafSums, Units } from './tree-params.ts';

/** Gradients of the rows of a tree, their units, and their sums. */
export interface Gradients {
  readonly rowSums: RowSums;
  readonly units: Units;
  readonly total: LeafSums;
}

/** No sum of rows is above, rounding included, so that sums are whole numbers of 32 bits. */
const largestSum = 2 ** 31 - 1;

/** The same in larger units, still powers of two, in which the sums of any rows fit into 32 bits. Written to `out`, and no hessian is 0. */
export function narrow({ rowSums, units, total: { count } }: Gradients, out: RowSums): Gradients {
  let [absolute, mass] = [0, 0];
  for (let row = 0; row < count; row++) {
    absolute += Math.abs(rowSums[row << 1] ?? 0);
    mass += rowSums[(row << 1) + 1] ?? 0;
  }
  const [byGradient, byHessian] = bitsToCut(absolute, mass, count);
  const halfGradient = (1 << byGradient) >> 1;
  const halfHessian = (1 << byHessian) >> 1;
  let [gradient, hessian] = [0, 0];
  for (let row = 0; row < count; row++) {
    const value = rowSums[row << 1] ?? 0;
    // Halves are rounded away from 0 on both sides, so that opposite gradients stay opposite.
    const sign = value >> 31;
    const own = ((((value ^ sign) - sign + halfGradient) >> byGradient) ^ sign) - sign;
    const ownHessian = Math.max(1, ((rowSums[(row << 1) + 1] ?? 0) + halfHessian) >> byHessian);
    out[row << 1] = own;
    out[(row << 1) + 1] = ownHessian;
    gradient += own;
    hessian += ownHessian;
  }
  return { rowSums: out, units: unitsOf(units, [byGradient, byHessian]), total: { gradient, hessian, count } };
}

/** How many bits gradients and hessians must lose, by the sums of what they are without a sign. */
export const bitsToCut = (absolute: number, mass: number, rows: number): [number, number] => [
  bitsOver(absolute, rows),
  bitsOver(mass, rows),
];

export const unitsOf = (units: Units, [byGradient, byHessian]: readonly [number, number]): Units => ({
  ...units,
  gradient: units.gradient * 2 ** byGradient,
  hessian: units.hessian * 2 ** byHessian,
});

/** Each row may be rounded up by a half, and to 1. */
const bitsOver = (sum: number, rows: number): number =>
  Math.max(0, Math.ceil(Math.log2(sum / Math.max(1, largestSum - rows))));
