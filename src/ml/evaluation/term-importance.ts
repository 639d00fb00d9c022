import { splitRows } from '../columns/column.ts';
import type { ModelInput } from '../columns/column.ts';
import { explainerOf } from '../explain/contributions.ts';
import { explainSet, spreadRows, type SetContributions } from '../explain/explain-set.ts';
import { permutationImportance } from '../explain/permutation-importance.ts';
import type { TrainedModel } from '../package/trained-model.ts';
import type { CsrMatrix } from '../sparse/csr.ts';
import { TreeClassifier } from '../trees/tree-classifier.ts';
import type { Evaluation } from './evaluate.ts';

/** Test rows that are explained, evenly spread: a text takes some milliseconds by thousands of trees. */
const mostExplained = 300;
/** Test rows that are asked again with a column shuffled. */
const mostShuffled = 1000;
const repeats = 5;

/** How much a term counts for trees. */
export interface TermImportance {
  readonly term: string;
  /** Explained rows that hold it. */
  readonly rows: number;
  /** Mean |SHAP| over the explained rows, summed over the classes: log odds. */
  readonly mean_abs_shap: number;
  /** Mean SHAP for each class, of the rows that hold it. */
  readonly mean_shap: readonly number[];
  /** Accuracy lost when the term is dealt to other rows: mean and standard deviation of the repeats. */
  readonly permutation: readonly [mean: number, deviation: number];
  /** Share of all that splits gained. */
  readonly gain: number;
  readonly splits: number;
}

/** What trees look at, told by the test rows. */
export interface TreeImportance {
  readonly set: SetContributions;
  readonly shuffled: number;
  /** By mean |SHAP|. */
  readonly terms: readonly TermImportance[];
}

/** Null for models that are not boosted trees, or do not say what their leaves saw. */
export function treeImportance(
  { features, classifier }: TrainedModel,
  { inputs, evaluation }: { readonly inputs: readonly ModelInput[]; readonly evaluation: Evaluation },
  { most, seed }: { readonly most: number; readonly seed: number },
): TreeImportance | null {
  if (!(classifier instanceof TreeClassifier)) return null;
  const explain = explainerOf(classifier);
  if (typeof explain === 'string') return null;
  const classes = classifier.classes.length;
  const matrixOf = (rows: Int32Array): CsrMatrix => {
    const { texts, columns } = splitRows(
      Array.from(rows, (row) => inputs[row] ?? ''),
      features.inputs,
    );
    return features.transform(texts, columns);
  };
  const set = explainSet(explain, matrixOf(spreadRows(inputs.length, mostExplained)), classes);
  const sizes = Float64Array.from(set.held, (_, column) =>
    set.size.subarray(column * classes, (column + 1) * classes).reduce((sum, size) => sum + size, 0),
  );
  const columns = Array.from(sizes.keys())
    .filter((column) => (sizes[column] ?? 0) > 0)
    .sort((a, b) => (sizes[b] ?? 0) - (sizes[a] ?? 0) || a - b)
    .slice(0, most);
  const asked = spreadRows(inputs.length, mostShuffled);
  const data = { x: matrixOf(asked), y: asked.map((row) => evaluation.judged.truth[row] ?? 0) };
  const { means, deviations } = permutationImportance(classifier, data, { columns, repeats, seed });
  const [gain, splits] = [classifier.importance('gain'), classifier.importance('split')];
  const allGain = gain.reduce((sum, own) => sum + own, 0);
  const rounded = (value: number): number => Number(value.toFixed(6));
  const terms = columns.map((column, at) => {
    const pushed = set.pushed.subarray(column * classes, (column + 1) * classes);
    return {
      term: features.term(column).term,
      rows: set.held[column] ?? 0,
      mean_abs_shap: rounded(sizes[column] ?? 0),
      mean_shap: Array.from(pushed, (sum) => rounded(sum / Math.max(1, set.held[column] ?? 0))),
      permutation: [rounded(means[at] ?? 0), rounded(deviations[at] ?? 0)] as const,
      gain: rounded((gain[column] ?? 0) / (allGain || 1)),
      splits: splits[column] ?? 0,
    };
  });
  return { set, shuffled: asked.length, terms };
}
