import type { FittedClassifier, TrainingSet } from '../estimator.ts';
import { arrayOf } from '../io/parts.ts';
import type { Parts } from '../io/parts.ts';
import { outputsOf, softmaxOfScores } from '../linear/linear-classifier.ts';
import type { CsrMatrix } from '../sparse/csr.ts';
import type { WeightedRows } from '../weighted-rows.ts';

type Known = Pick<FittedClassifier, 'algorithm' | 'classes' | 'metrics'>;

/** A normal distribution a column and class; both matrices [classes, columns] by rows. */
interface GaussianModel {
  readonly columns: number;
  readonly means: Float64Array;
  /** Smoothed, above 0. */
  readonly variances: Float64Array;
  readonly logPriors: Float64Array;
}

/**
 * Gaussian naive Bayes as scikit-learn's GaussianNB: `smoothing` times the largest variance of a column is added to all variances.
 * That variance is weighted here, so that a weight of 2 is the row twice; scikit-learn's is not, and equals it without weights.
 */
export function fitGaussian(data: TrainingSet, rows: WeightedRows, smoothing: number): GaussianModel {
  const { x, y } = data;
  const all = moments(x, new Int32Array(x.rows), rows.weights, Float64Array.of(rows.total));
  const largest = all.variances.reduce((most, variance) => Math.max(most, variance), 0);
  const added = largest > 0 ? smoothing * largest : smoothing;
  const { means, variances } = moments(x, y, rows.weights, rows.classSums);
  const logPriors = rows.classSums.map((sum) => Math.log(sum / rows.total));
  return { columns: x.columns, means, variances: variances.map((variance) => variance + added), logPriors };
}

/** Weighted means and variances [groups, columns] of the rows of each group; columns that a row has not are 0. */
function moments(x: CsrMatrix, groupOf: Int32Array, weights: Float64Array, sums: Float64Array) {
  const means = new Float64Array(sums.length * x.columns);
  const seen = new Float64Array(means.length);
  const variances = new Float64Array(means.length);
  const each = (visit: (at: number, weight: number, value: number) => void): void => {
    for (let row = 0; row < x.rows; row++) {
      const base = (groupOf[row] ?? 0) * x.columns;
      const end = x.indptr[row + 1] ?? 0;
      for (let at = x.indptr[row] ?? 0; at < end; at++) {
        visit(base + (x.indices[at] ?? 0), weights[row] ?? 0, x.values[at] ?? 0);
      }
    }
  };
  each((at, weight, value) => {
    means[at] = (means[at] ?? 0) + weight * value;
    seen[at] = (seen[at] ?? 0) + weight;
  });
  const sumAt = (at: number): number => sums[Math.floor(at / x.columns)] ?? 1;
  means.forEach((sum, at) => (means[at] = sum / sumAt(at)));
  each((at, weight, value) => {
    variances[at] = (variances[at] ?? 0) + weight * (value - (means[at] ?? 0)) ** 2;
  });
  variances.forEach((sum, at) => {
    const absent = Math.max(0, sumAt(at) - (seen[at] ?? 0)) * (means[at] ?? 0) ** 2;
    variances[at] = (sum + absent) / sumAt(at);
  });
  return { means, variances };
}

export const gaussianClassifier = (known: Known, model: GaussianModel): FittedClassifier => ({
  ...known,
  columns: model.columns,
  probabilities: (x) => softmaxOfScores(scores(model, x), known.classes.length, 1),
  columnScores: () => null,
  toParts: () => {
    const { columns, means, variances, logPriors } = model;
    return { meta: { kind: 'gaussian', columns }, arrays: { means, variances, logPriors } };
  },
});

/** Joint log likelihoods; with two classes the second's minus the first's. Not below -1e300, so that a softmax can be taken. */
function scores({ columns, means, variances, logPriors }: GaussianModel, x: CsrMatrix): Float64Array {
  const k = logPriors.length;
  const outputs = outputsOf(k);
  const dense = new Float64Array(columns);
  const joint = new Float64Array(k);
  const out = new Float64Array(x.rows * outputs);
  const bases = logPriors.map((log, c) => {
    let sum = 0;
    for (let at = c * columns; at < (c + 1) * columns; at++) sum += Math.log(2 * Math.PI * (variances[at] ?? 1));
    return log - sum / 2;
  });
  for (let row = 0; row < x.rows; row++) {
    const end = x.indptr[row + 1] ?? 0;
    for (let at = x.indptr[row] ?? 0; at < end; at++) dense[x.indices[at] ?? 0] = x.values[at] ?? 0;
    for (let c = 0; c < k; c++) {
      let sum = 0;
      for (let j = 0, at = c * columns; j < columns; j++, at++) {
        const off = (dense[j] ?? 0) - (means[at] ?? 0);
        sum += (off * off) / (variances[at] ?? 1);
      }
      joint[c] = Math.max(-1e300, (bases[c] ?? 0) - sum / 2);
    }
    if (outputs === 1) out[row] = (joint[1] ?? 0) - (joint[0] ?? 0);
    else out.set(joint, row * k);
    for (let at = x.indptr[row] ?? 0; at < end; at++) dense[x.indices[at] ?? 0] = 0;
  }
  return out;
}

/** Reads back what `toParts` gave; a text says what is wrong with it. */
export function gaussianFromParts(parts: Parts, known: Known): FittedClassifier | string {
  const { columns } = parts.meta;
  const means = arrayOf(parts.arrays, 'means', 'f64');
  const variances = arrayOf(parts.arrays, 'variances', 'f64');
  const logPriors = arrayOf(parts.arrays, 'logPriors', 'f64');
  if (means === undefined || variances === undefined || logPriors === undefined) return 'its distributions are missing';
  if (typeof columns !== 'number' || !Number.isSafeInteger(columns) || columns < 0)
    return 'its number of columns is broken';
  const k = known.classes.length;
  if (means.length !== k * columns || variances.length !== k * columns || logPriors.length !== k)
    return 'its distributions do not fit its columns';
  if (!means.every((mean) => Math.abs(mean) <= 1e100)) return 'a mean is not finite, or absurdly large';
  if (!variances.every((variance) => variance > 0 && variance <= 1e200)) return 'a variance is not above 0 and finite';
  if (!logPriors.every((log) => log <= 0 && log > -1e6)) return 'a prior is broken';
  return gaussianClassifier(known, { columns, means, variances, logPriors });
}
