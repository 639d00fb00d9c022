import type { FittedClassifier } from '../estimator.ts';
import { LinearClassifier } from '../linear/linear-classifier.ts';
import { selectRows, type CsrMatrix } from '../sparse/csr.ts';
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
  const classes = classifier.classes.length;
  if (classifier instanceof LinearClassifier) {
    const parted = classifier.model.link === 'one_vs_rest';
    return (x, row) => {
      const found = linearContributions(classifier, selectRows(x, Int32Array.of(row)));
      return parted ? found : oddsOf(found, classes);
    };
  }
  if (!(classifier instanceof TreeClassifier))
    return `${classifier.algorithm} is neither a linear model nor boosted trees`;
  const { trees } = classifier;
  const shap = TreeShap.of(trees);
  if (shap === undefined) return 'its trees do not say how many rows their leaves saw; train it anew';
  return (x, row) => {
    const { expected, values } = shap.valuesOf(x, row);
    const scale = (numbers: Float64Array): Float64Array => numbers.map((number) => number * trees.sharpness);
    return oddsOf({ base: scale(expected), columns: scale(values) }, classes);
  };
}

function linearContributions({ model }: LinearClassifier, { indices, values }: CsrMatrix): Contributions {
  const { weights, intercepts, sharpness, columns } = model;
  const outputs = intercepts.length;
  const out = new Float64Array(columns * outputs);
  indices.forEach((column, at) => {
    for (let k = 0; k < outputs; k++) {
      const place = column * outputs + k;
      out[place] = (weights[place] ?? 0) * (values[at] ?? 0) * sharpness;
    }
  });
  return { base: intercepts.map((intercept) => intercept * sharpness), columns: out };
}

/** From numbers of outputs to one a class. */
function oddsOf({ base, columns }: Contributions, classes: number): Contributions {
  const outputs = base.length;
  const odds = (numbers: Float64Array): Float64Array => {
    const out = new Float64Array((numbers.length / outputs) * classes);
    for (let n = 0; n * classes < out.length; n++) {
      const own = numbers.subarray(n * outputs, (n + 1) * outputs);
      if (classes === 2) {
        const second = outputs === 1 ? (own[0] ?? 0) : (own[1] ?? 0) - (own[0] ?? 0);
        out[n * 2] = -second;
        out[n * 2 + 1] = second;
        continue;
      }
      const mean = own.reduce((sum, value) => sum + value, 0) / classes;
      own.forEach((value, c) => (out[n * classes + c] = value - mean));
    }
    return out;
  };
  return { base: odds(base), columns: odds(columns) };
}
