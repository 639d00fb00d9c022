import type { FittedClassifier } from '../estimator.ts';
import { LinearClassifier } from '../linear/linear-classifier.ts';
import type { CsrMatrix } from '../sparse/csr.ts';
import { TreeClassifier } from '../trees/tree-classifier.ts';
import { TreeShap } from '../trees/tree-shap.ts';

/**
 * What adds up to a row's score for each class. The scores are log odds: of a class against all others (two classes, one against the rest), or
 * against the geometric mean of all (softmax), so that what speaks for every class alike speaks for none.
 */
interface Contributions {
  /** [classes]: where scores begin, before any column is known. */
  readonly base: Float64Array;
  /** [columns, classes] by rows. Of two classes, the first has the opposite of the second. */
  readonly columns: Float64Array;
}

/** Tells what each column adds to the scores of a row of a matrix. */
export type Explainer = (x: CsrMatrix, row: number) => Contributions;

/** Linear models are told by weight times value, trees by SHAP values; a text says why a classifier cannot be explained. */
export function explainerOf(classifier: FittedClassifier): Explainer | string {
  if (classifier instanceof LinearClassifier) return (x, row) => linearContributions(classifier, x, row);
  if (!(classifier instanceof TreeClassifier))
    return `${classifier.algorithm} is neither a linear model nor boosted trees`;
  const classes = classifier.classes.length;
  const { trees } = classifier;
  const shap = TreeShap.of(trees);
  if (shap === undefined) return 'its trees do not say how many rows their leaves saw; train it anew';
  return (x, row) => {
    const { expected, values } = shap.valuesOf(x, row);
    const outputs = expected.length;
    const odds = (numbers: Float64Array): Float64Array => {
      const out = new Float64Array((numbers.length / outputs) * classes);
      const scaled = numbers.map((number) => number * trees.sharpness);
      for (let n = 0; n * classes < out.length; n++) {
        writeOdds(scaled, { from: n * outputs, outputs }, out, { to: n * classes, classes });
      }
      return out;
    };
    return { base: odds(expected), columns: odds(values) };
  };
}

/** Of a text's columns alone: all others add nothing. */
function linearContributions({ model }: LinearClassifier, x: CsrMatrix, row: number): Contributions {
  const { weights, intercepts, sharpness, columns, link } = model;
  const classes = model.classes.length;
  const outputs = intercepts.length;
  const own = new Float64Array(outputs);
  const base = new Float64Array(classes);
  const out = new Float64Array(columns * classes);
  const write = (into: Float64Array, to: number): void => {
    if (link === 'one_vs_rest') into.set(own, to);
    else writeOdds(own, { from: 0, outputs }, into, { to, classes });
  };
  for (let k = 0; k < outputs; k++) own[k] = (intercepts[k] ?? 0) * sharpness;
  write(base, 0);
  const end = x.indptr[row + 1] ?? 0;
  for (let at = x.indptr[row] ?? 0; at < end; at++) {
    const column = x.indices[at] ?? 0;
    const value = x.values[at] ?? 0;
    for (let k = 0; k < outputs; k++) own[k] = (weights[column * outputs + k] ?? 0) * value * sharpness;
    write(out, column * classes);
  }
  return { base, columns: out };
}

/** From numbers of outputs to one a class. */
function writeOdds(
  numbers: Float64Array,
  { from, outputs }: { readonly from: number; readonly outputs: number },
  out: Float64Array,
  { to, classes }: { readonly to: number; readonly classes: number },
): void {
  if (classes === 2) {
    const second = outputs === 1 ? (numbers[from] ?? 0) : (numbers[from + 1] ?? 0) - (numbers[from] ?? 0);
    out[to] = -second;
    out[to + 1] = second;
    return;
  }
  let sum = 0;
  for (let k = 0; k < outputs; k++) sum += numbers[from + k] ?? 0;
  for (let c = 0; c < classes; c++) out[to + c] = (numbers[from + c] ?? 0) - sum / classes;
}
