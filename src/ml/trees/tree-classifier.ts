import type { FittedClassifier } from '../estimator.ts';
import { arrayOf } from '../io/parts.ts';
import type { Parts } from '../io/parts.ts';
import { softmaxOfScores } from '../linear/linear-classifier.ts';
import type { CsrMatrix } from '../sparse/csr.ts';
import { ensembleProblem } from './check.ts';
import { columnImportance, type TreeEnsemble } from './ensemble.ts';
import { margins } from './margins.ts';
import { workspaceOf, type Workspace } from './workspace.ts';

type Known = Pick<FittedClassifier, 'algorithm' | 'classes' | 'metrics'>;

/** Boosted trees that say probabilities: needs nothing of the library that grew them. */
export class TreeClassifier implements FittedClassifier {
  readonly algorithm: string;
  readonly classes: readonly string[];
  readonly metrics: Readonly<Record<string, number>>;
  readonly trees: TreeEnsemble;
  /** Made at the first prediction. */
  #workspace: Workspace | undefined;

  constructor({ algorithm, classes, metrics }: Known, trees: TreeEnsemble) {
    this.algorithm = algorithm;
    this.classes = classes;
    this.metrics = metrics;
    this.trees = trees;
  }

  get columns(): number {
    return this.trees.columns;
  }

  probabilities(x: CsrMatrix): Float64Array {
    this.#workspace ??= workspaceOf(this.trees);
    const sums = margins(this.trees, x, this.#workspace);
    const two = this.classes.length === 2 && this.trees.outputs === 2;
    return softmaxOfScores(two ? differences(sums) : sums, this.classes.length, this.trees.sharpness);
  }

  /** Trees weigh a column by what else is in the row: there is no score of a column alone. */
  columnScores(): null {
    return null;
  }

  /** Of each column, 0 where no tree looks at it. */
  importance(kind: 'gain' | 'split'): Float64Array {
    return columnImportance(this.trees, kind);
  }

  toParts(): Parts {
    const { rules, columns, outputs, divisor, sharpness, ...arrays } = this.trees;
    return { meta: { kind: 'trees', rules, columns, outputs, divisor, sharpness }, arrays };
  }
}

/** Two margins a row -> one, whose sigmoid is the softmax of the two. */
const differences = (sums: Float64Array): Float64Array =>
  Float64Array.from({ length: sums.length / 2 }, (_, row) => (sums[row * 2 + 1] ?? 0) - (sums[row * 2] ?? 0));

/** A classifier of trees that were read from elsewhere; a text says what is wrong with them. */
export function treeClassifier(known: Known, trees: TreeEnsemble): TreeClassifier | string {
  const { outputs } = trees;
  const classes = known.classes.length;
  if (outputs !== classes && !(outputs === 1 && classes === 2)) return `its trees do not fit ${classes} classes`;
  return ensembleProblem(trees) ?? new TreeClassifier(known, trees);
}

/** Reads back what `toParts` gave; a text says what is wrong with it. */
export function treesFromParts(parts: Parts, known: Known): TreeClassifier | string {
  const trees = ensembleFromParts(parts);
  return typeof trees === 'string' ? trees : treeClassifier(known, trees);
}

/** The trees alone. */
export function ensembleFromParts({ meta, arrays }: Parts): TreeEnsemble | string {
  const { rules, columns, outputs, divisor, sharpness } = meta;
  if (rules !== 'lightgbm' && rules !== 'xgboost') return 'the rules of its trees are not known';
  if (typeof columns !== 'number' || typeof outputs !== 'number') return 'its number of columns is broken';
  if (typeof divisor !== 'number' || typeof sharpness !== 'number') return 'its sharpness is broken';
  const whole = ['feature', 'left', 'right', 'roots', 'outputOf', 'categoryEnds', 'categories'] as const;
  const real = ['threshold', 'leaves', 'base'] as const;
  const [feature, left, right, roots, outputOf, categoryEnds, categories] = whole.map((n) => arrayOf(arrays, n, 'i32'));
  const [threshold, leaves, base] = real.map((name) => arrayOf(arrays, name, 'f64'));
  const flags = arrayOf(arrays, 'flags', 'u8');
  const gain = arrayOf(arrays, 'gain', 'f32');
  // Models that were stored before explanations do not know what their leaves saw.
  const cover = arrays['cover'] === undefined ? new Float32Array(0) : arrayOf(arrays, 'cover', 'f32');
  if (!feature || !left || !right || !roots || !outputOf || !categoryEnds || !categories)
    return 'its trees are missing';
  if (!threshold || !leaves || !base || !flags || !gain || !cover) return 'its trees are missing';
  const nodes = {
    feature,
    threshold,
    left,
    right,
    flags,
    gain,
    leaves,
    cover,
    roots,
    outputOf,
    categoryEnds,
    categories,
    base,
  };
  const trees: TreeEnsemble = { rules, columns, outputs, divisor, sharpness, ...nodes };
  return ensembleProblem(trees) ?? trees;
}
