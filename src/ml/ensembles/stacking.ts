import type { Result } from '../../core/result.ts';
import { err, ok } from '../../core/result.ts';
import { splitsOf, stratifiedKFold } from '../data/folds.ts';
import type { ClassifierReader, Estimator, FitControl, FittedClassifier, TrainingSet } from '../estimator.ts';
import { trainingProblem } from '../estimator.ts';
import { selectRows, joinColumns, type CsrMatrix } from '../sparse/csr.ts';
import { partOf } from './control.ts';
import { membersFromParts, membersToParts, rowsOf } from './members.ts';

const name = 'stacking';

export interface StackingParams {
  readonly estimators: readonly Estimator[];
  readonly finalEstimator: Estimator;
  readonly folds: number;
  /** The final estimator sees the columns as well. */
  readonly passthrough: boolean;
}

/**
 * Several estimators, and one that learns from their probabilities of rows that they did not see (Wolpert, "Stacked generalization", 1992), as
 * scikit-learn's StackingClassifier: stratified folds in the order of rows, members fitted on all rows at the end.
 */
export const stacking = (params: StackingParams): Estimator => {
  const shown = ({ algorithm, params: own }: Estimator) => ({ algorithm, ...own });
  return {
    algorithm: name,
    params: {
      estimators: params.estimators.map(shown),
      finalEstimator: shown(params.finalEstimator),
      ...{ folds: params.folds, passthrough: params.passthrough },
    },
    fit: (data, control) => fit(params, data, control),
  };
};

async function fit(
  params: StackingParams,
  data: TrainingSet,
  control: FitControl = {},
): Promise<Result<FittedClassifier>> {
  const problem = trainingProblem(data);
  if (problem !== undefined) return err(problem);
  const dealt = stratifiedKFold(data.y, data.classes, { folds: params.folds });
  if (!dealt.ok) return dealt;
  const { classes, x } = data;
  const width = saidOf(classes.length);
  const columns = params.estimators.length * width;
  const said = new Float64Array(x.rows * columns);
  const members: FittedClassifier[] = [];
  for (const [number, estimator] of params.estimators.entries()) {
    const part = `${number + 1} ${estimator.algorithm}`;
    let fold = 0;
    for (const { train, test } of splitsOf(dealt.value)) {
      const fitted = await estimator.fit(rowsOf(data, train), partOf(control, `${part}, fold ${++fold}`));
      if (!fitted.ok) return fitted;
      const own = said.subarray(number * width);
      spread(fitted.value.probabilities(selectRows(x, test)), { classes: classes.length, columns, rows: test }, own);
    }
    const whole = await estimator.fit(data, partOf(control, part));
    if (!whole.ok) return whole;
    members.push(whole.value);
  }
  const seen = dense(said, x.rows, columns);
  const finalX = params.passthrough ? joinColumns([seen, x]) : seen;
  const final = await params.finalEstimator.fit({ ...data, x: finalX }, partOf(control, 'final'));
  if (!final.ok) return final;
  const known = { algorithm: name, classes, metrics: {} };
  return ok(stackingClassifier(known, [...members, final.value], params.passthrough));
}

type Known = Pick<FittedClassifier, 'algorithm' | 'classes' | 'metrics'>;

/** Of two classes one probability says all. */
const saidOf = (classes: number): number => (classes === 2 ? 1 : classes);

interface Place {
  readonly classes: number;
  /** Of the matrix that is filled. */
  readonly columns: number;
  /** Where each row goes. */
  readonly rows: Int32Array;
}

/** Puts a member's probabilities where its columns are; `out` begins at the first of them. */
function spread(probabilities: Float64Array, { classes, columns, rows }: Place, out: Float64Array): void {
  const width = saidOf(classes);
  rows.forEach((row, at) => {
    for (let c = 0; c < width; c++) {
      out[row * columns + c] = probabilities[at * classes + classes - width + c] ?? 0;
    }
  });
}

const dense = (values: Float64Array, rows: number, columns: number): CsrMatrix => ({
  rows,
  columns,
  indptr: Int32Array.from({ length: rows + 1 }, (_, row) => row * columns),
  indices: Int32Array.from({ length: rows * columns }, (_, at) => at % columns),
  values,
});

/** The last model is the final one. */
function stackingClassifier(known: Known, models: readonly FittedClassifier[], passthrough: boolean): FittedClassifier {
  const members = models.slice(0, -1);
  const final = models.at(-1);
  const classes = known.classes.length;
  return {
    ...known,
    columns: members[0]?.columns ?? 0,
    probabilities: (x) => {
      const columns = members.length * saidOf(classes);
      const said = new Float64Array(x.rows * columns);
      const rows = Int32Array.from({ length: x.rows }, (_, row) => row);
      for (const [number, member] of members.entries()) {
        spread(member.probabilities(x), { classes, columns, rows }, said.subarray(number * saidOf(classes)));
      }
      const seen = dense(said, x.rows, columns);
      return final?.probabilities(passthrough ? joinColumns([seen, x]) : seen) ?? said;
    },
    columnScores: () => null,
    toParts: () => {
      const { meta, arrays } = membersToParts(models);
      return { meta: { kind: name, passthrough, ...meta }, arrays };
    },
  };
}

/** Reads back what `toParts` gave; a text says what is wrong with it. */
export function stackingFromParts(...[parts, known, read]: Parameters<ClassifierReader>): FittedClassifier | string {
  const models = membersFromParts(parts, known.classes, read ?? (() => 'it is nested too deep'));
  if (typeof models === 'string') return models;
  const { passthrough } = parts.meta;
  const members = models.slice(0, -1);
  const [first] = members;
  if (typeof passthrough !== 'boolean' || first === undefined) return 'what its final estimator sees is broken';
  if (members.some(({ columns }) => columns !== first.columns)) return 'its members differ in their columns';
  const seen = members.length * saidOf(known.classes.length) + (passthrough ? first.columns : 0);
  if (models.at(-1)?.columns !== seen) return 'its final estimator has other columns than its members say';
  return stackingClassifier(known, models, passthrough);
}
