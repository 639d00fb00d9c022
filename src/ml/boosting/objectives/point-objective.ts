import type { RowSums } from '../tree-params.ts';
import { largestOf, sumOf, unitFor, type GradientFacts, type Objective, type Start } from './objective.ts';
import { percentile } from './percentile.ts';
import type { PointLoss } from './point-losses.ts';

export interface Targets {
  readonly y: Float64Array;
  /** Without them all rows weigh 1. */
  readonly weights: Float64Array | undefined;
}

/** A loss of one score a row. */
export class PointObjective implements Objective {
  readonly outputs = 1;
  readonly startScores: Float64Array;
  readonly leafValues?: (leafOf: Int32Array, leaves: number, rows?: Int32Array) => Float64Array;
  readonly #loss: PointLoss;
  readonly #y: Float64Array;
  readonly #weights: Float64Array | undefined;
  /** Weights, if there are any, are numbers of rows. */
  readonly #countsRows: boolean;
  readonly #scores: Float64Array;
  readonly #gradients: Float64Array;
  readonly #hessians: Float64Array;

  constructor(loss: PointLoss, { y, weights }: Targets, { fromAverage, scores }: Start) {
    this.#loss = loss;
    this.#y = y;
    this.#weights = weights;
    this.#countsRows = weights?.every((weight) => weight >= 1 && Number.isInteger(weight)) ?? true;
    const start = scores === undefined && fromAverage ? loss.best(y, weights) : 0;
    this.startScores = Float64Array.of(start);
    this.#scores = scores?.slice() ?? new Float64Array(y.length).fill(start);
    this.#gradients = new Float64Array(y.length);
    this.#hessians = new Float64Array(y.length);
    const share = loss.percentile;
    if (share !== undefined) {
      this.leafValues = (leafOf, leaves, rows) => this.#percentiles(share, { leafOf, leaves, rows });
    }
  }

  /** The units fit the largest gradient and hessian that there are now. */
  gradients(_output: number, out: RowSums): GradientFacts {
    const loss = this.#loss;
    const [gradients, hessians] = [this.#gradients, this.#hessians];
    for (let row = 0; row < gradients.length; row++) {
      const score = this.#scores[row] ?? 0;
      const y = this.#y[row] ?? 0;
      const weight = this.#weights?.[row] ?? 1;
      gradients[row] = loss.gradient(score, y) * weight;
      hessians[row] = loss.hessian(score, y) * weight;
    }
    const { gradientStep: step = 1, gradientSizes: sizes } = loss;
    const largest = gradients.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const units = {
      gradient: unitFor(largest / step) * step,
      hessian: unitFor(largestOf(hessians)),
      ...(sizes === undefined || !this.#countsRows ? {} : { sizes }),
    };
    return { units, total: round(gradients, hessians, { units, out }) };
  }

  add(_output: number, leafOf: Int32Array, values: Float64Array): void {
    const scores = this.#scores;
    for (let row = 0; row < scores.length; row++) {
      scores[row] = (scores[row] ?? 0) + (values[leafOf[row] ?? 0] ?? 0);
    }
  }

  settle(): void {
    // Scores are complete as they are.
  }

  loss(): number {
    const losses = this.#y.map((y, row) => (this.#weights?.[row] ?? 1) * this.#loss.loss(this.#scores[row] ?? 0, y));
    return sumOf(losses) / (this.#weights === undefined ? losses.length : sumOf(this.#weights));
  }

  #percentiles(
    share: number,
    { leafOf, leaves, rows }: { leafOf: Int32Array; leaves: number; rows: Int32Array | undefined },
  ): Float64Array {
    const members = rows ?? Int32Array.from(leafOf.keys());
    const ends = new Int32Array(leaves + 1);
    for (const row of members) ends[(leafOf[row] ?? 0) + 1] = (ends[(leafOf[row] ?? 0) + 1] ?? 0) + 1;
    for (let leaf = 0; leaf < leaves; leaf++) ends[leaf + 1] = (ends[leaf + 1] ?? 0) + (ends[leaf] ?? 0);
    const next = ends.slice();
    const left = new Float64Array(members.length);
    const weights = new Float64Array(members.length);
    for (const row of members) {
      const at = next[leafOf[row] ?? 0] ?? 0;
      next[leafOf[row] ?? 0] = at + 1;
      left[at] = (this.#y[row] ?? 0) - (this.#scores[row] ?? 0);
      weights[at] = this.#weights?.[row] ?? 1;
    }
    return Float64Array.from({ length: leaves }, (_, leaf) => {
      const [from, to] = [ends[leaf], ends[leaf + 1]];
      const own = this.#weights === undefined ? undefined : weights.subarray(from, to);
      return percentile(left.subarray(from, to), own, share);
    });
  }
}

/** To whole numbers of the units; gives their sums. */
function round(
  gradients: Float64Array,
  hessians: Float64Array,
  { units, out }: { readonly units: GradientFacts['units']; readonly out: RowSums },
): GradientFacts['total'] {
  let gradientSum = 0;
  let hessianSum = 0;
  for (let row = 0; row < gradients.length; row++) {
    const gradient = Math.round((gradients[row] ?? 0) / units.gradient);
    const hessian = Math.max(1, Math.round((hessians[row] ?? 0) / units.hessian));
    out[row << 1] = gradient;
    out[(row << 1) + 1] = hessian;
    gradientSum += gradient;
    hessianSum += hessian;
  }
  return { gradient: gradientSum, hessian: hessianSum, count: gradients.length };
}
