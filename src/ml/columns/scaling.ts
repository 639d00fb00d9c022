import { quantile } from '../../core/bootstrap.ts';

export const scalings = ['standard', 'minmax', 'maxabs', 'robust', 'none'] as const;
export type Scaling = (typeof scalings)[number];

export const imputations = ['mean', 'median', 'zero'] as const;
export type Imputation = (typeof imputations)[number];

/** A number x becomes (x - center) / scale. */
interface Scale {
  readonly center: number;
  readonly scale: number;
}

/** scikit-learn takes ranges below this for those of a constant. */
const constantRange = 10 * Number.EPSILON;
/** Dividing by less would not stay finite. */
const leastScale = 1e-100;

/** What stands for missing numbers; scikit-learn's SimpleImputer. `present` holds one number at least. */
export function fillOf(present: Float64Array, impute: Imputation): number {
  switch (impute) {
    case 'zero':
      return 0;
    case 'mean':
      return meanOf(present);
    case 'median':
      return quantile(present.toSorted(), 0.5);
  }
}

/** How a column is scaled, by all of its numbers: scikit-learn's StandardScaler, MinMaxScaler, MaxAbsScaler and RobustScaler. A constant is not divided. */
export function scaleOf(values: Float64Array, scaling: Scaling): Scale {
  switch (scaling) {
    case 'none':
      return { center: 0, scale: 1 };
    case 'standard':
      return standard(values);
    case 'minmax': {
      const { least, most } = extremes(values);
      return { center: least, scale: unlessConstant(most - least) };
    }
    case 'maxabs': {
      const { least, most } = extremes(values);
      return { center: 0, scale: unlessConstant(Math.max(Math.abs(least), Math.abs(most))) };
    }
    case 'robust': {
      const sorted = values.toSorted();
      return {
        center: quantile(sorted, 0.5),
        scale: unlessConstant(quantile(sorted, 0.75) - quantile(sorted, 0.25)),
      };
    }
  }
}

const unlessConstant = (range: number): number => (range < constantRange ? 1 : range);

/** In two passes, the second with the correction of Chan, Golub and LeVeque (1983) for what the mean lost in rounding. */
function standard(values: Float64Array): Scale {
  const { length } = values;
  const mean = meanOf(values);
  let squares = 0;
  let lost = 0;
  for (const value of values) {
    squares += (value - mean) ** 2;
    lost += value - mean;
  }
  const variance = (squares - lost ** 2 / length) / length;
  // What is left of rounding in a constant column: scikit-learn's bound.
  const rounding = length * Number.EPSILON * variance + (length * mean * Number.EPSILON) ** 2;
  const deviation = Math.sqrt(Math.max(0, variance));
  return { center: mean, scale: variance <= rounding || deviation < leastScale ? 1 : deviation };
}

function meanOf(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / values.length;
  let rest = 0;
  for (const value of values) rest += value - mean;
  return mean + rest / values.length;
}

function extremes(values: Float64Array): { readonly least: number; readonly most: number } {
  let least = Infinity;
  let most = -Infinity;
  for (const value of values) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return { least, most };
}
