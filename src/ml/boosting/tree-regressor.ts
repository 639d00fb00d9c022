import type { Parts } from '../io/parts.ts';
import type { CsrMatrix } from '../sparse/csr.ts';
import { columnImportance, type TreeEnsemble } from '../trees/ensemble.ts';
import { margins } from '../trees/margins.ts';
import { ensembleFromParts } from '../trees/tree-classifier.ts';
import { workspaceOf, type Workspace } from '../trees/workspace.ts';
import { pointLoss, type RegressionObjectiveName } from './objectives/point-losses.ts';

interface Known {
  readonly objective: RegressionObjectiveName;
  readonly metrics: Readonly<Record<string, number>>;
}

const objectives: readonly RegressionObjectiveName[] = ['regression', 'regression_l1', 'quantile', 'poisson'];

/** Boosted trees that tell a number. */
export class TreeRegressor {
  readonly objective: RegressionObjectiveName;
  /** Known when it was fitted. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly trees: TreeEnsemble;
  /** Made at the first prediction. */
  #workspace: Workspace | undefined;

  constructor({ objective, metrics }: Known, trees: TreeEnsemble) {
    this.objective = objective;
    this.metrics = metrics;
    this.trees = trees;
  }

  get columns(): number {
    return this.trees.columns;
  }

  /** One number a row. */
  predict(x: CsrMatrix): Float64Array {
    this.#workspace ??= workspaceOf(this.trees);
    const scores = margins(this.trees, x, this.#workspace);
    // What a score predicts hangs on the kind of objective alone.
    const loss = pointLoss(this.objective, { alpha: 0.5, poissonMaxDeltaStep: 0 });
    return scores.map((score) => loss.predict(score));
  }

  /** Of each column, 0 where no tree looks at it. */
  importance(kind: 'gain' | 'split'): Float64Array {
    return columnImportance(this.trees, kind);
  }

  /** All that is to be kept of it; `regressorFromParts` is its inverse. */
  toParts(): Parts {
    const { rules, columns, outputs, divisor, sharpness, ...arrays } = this.trees;
    const { objective } = this;
    return { meta: { kind: 'tree-regressor', objective, rules, columns, outputs, divisor, sharpness }, arrays };
  }
}

/** Reads back what `toParts` gave; a text says what is wrong with it. */
export function regressorFromParts(parts: Parts, metrics: Known['metrics'] = {}): TreeRegressor | string {
  const objective = objectives.find((name) => name === parts.meta['objective']);
  if (parts.meta['kind'] !== 'tree-regressor' || objective === undefined) return 'it is no regressor of trees';
  const trees = ensembleFromParts(parts);
  if (typeof trees === 'string') return trees;
  if (trees.outputs !== 1) return 'its trees tell more than one number';
  return new TreeRegressor({ objective, metrics }, trees);
}
