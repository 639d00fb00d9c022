import type { RowSums } from '../tree-params.ts';
import type { LeafSums, Units } from '../tree-params.ts';

/** What goes with the gradients of one output: the size of their units, and the sums over all rows. */
export interface GradientFacts {
  readonly units: Units;
  readonly total: LeafSums;
}

/**
 * A loss over the training rows, with the scores that it is taken at. In an iteration `gradients` are asked of every output first, so that
 * they all come from the same scores; then every output gets its tree by `add`; `settle` ends it.
 */
export interface Objective {
  /** Scores a row, and trees an iteration. */
  readonly outputs: number;
  /** Of each output: what is predicted before the first tree. All 0 where the scores of the rows were given. */
  readonly startScores: Float64Array;
  /** Gradient and hessian of each row by its score of one output, as whole numbers of the units. No hessian is 0. */
  gradients(output: number, out: RowSums): GradientFacts;
  /** The values of a tree's leaves, where gradients alone do not say them, by the leaves of the rows that it was grown on: those listed, or all. */
  leafValues?(leafOf: Int32Array, leaves: number, rows?: Int32Array): Float64Array;
  /** Adds a tree's values, by the leaf of each row, to the scores of one output. */
  add(output: number, leafOf: Int32Array, values: Float64Array): void;
  /** The scores have their trees. */
  settle(): void;
  /** The mean weighted loss of the scores. */
  loss(): number;
}

/** Where the scores of an objective begin. */
export interface Start {
  /** LightGBM's `boost_from_average`: scores begin where the loss of one value for all rows is least, else at 0. */
  readonly fromAverage: boolean;
  /** [rows, outputs]: each row's own, such as those of an earlier model. */
  readonly scores?: Float64Array;
}

/** Bits of the largest gradient or hessian: sums over 2^22 rows stay below 2^53, where they are exact until `narrow` has them in 32 bits. */
const quantisedBits = 30;

/** The power of two of which `largest` is at most 2^30. */
export const unitFor = (largest: number): number =>
  largest > 0 ? 2 ** (Math.ceil(Math.log2(largest)) - quantisedBits) : 1;

export const largestOf = (values: Float64Array): number => values.reduce((most, value) => Math.max(most, value), 0);

export const sumOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);
