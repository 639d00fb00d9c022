import type { Result } from '../../core/result.ts';
import { err, ok } from '../../core/result.ts';
import { splitsOf, stratifiedKFold } from '../data/folds.ts';
import type { ClassifierReader, Estimator, FitControl, FittedClassifier, TrainingSet } from '../estimator.ts';
import { trainingProblem } from '../estimator.ts';
import { allSane, arrayOf, type Parts } from '../io/parts.ts';
import { LinearClassifier, outputsOf } from '../linear/linear-classifier.ts';
import type { CsrMatrix } from '../sparse/csr.ts';
import { partOf } from './control.ts';
import { applyIsotonic, fitIsotonic, type Steps } from './isotonic.ts';
import { membersFromParts, membersToParts, rowsOf } from './members.ts';
import { applySigmoid, fitSigmoid, type Sigmoid } from './platt.ts';

const name = 'calibrated';
const methods = ['sigmoid', 'isotonic'] as const;
type Method = (typeof methods)[number];

export interface CalibratedParams {
  readonly estimator: Estimator;
  readonly method: Method;
  readonly folds: number;
}

/** One curve an output of a member, from its score to a chance. */
type Curve = Sigmoid | Steps;

/**
 * An estimator whose probabilities are set right on rows that it did not see: one model and its curves a fold, and the mean of what all say, as
 * scikit-learn's CalibratedClassifierCV with `ensemble=True`. Curves look at the scores of linear SVM and
 * logistic regression, and at the probabilities of others.
 */
export const calibrated = (params: CalibratedParams): Estimator => ({
  algorithm: name,
  params: {
    estimator: { algorithm: params.estimator.algorithm, ...params.estimator.params },
    ...{ method: params.method, folds: params.folds },
  },
  fit: (data, control) => fit(params, data, control),
});

async function fit(
  { estimator, method, folds }: CalibratedParams,
  data: TrainingSet,
  control: FitControl = {},
): Promise<Result<FittedClassifier>> {
  const problem = trainingProblem(data);
  if (problem !== undefined) return err(problem);
  const dealt = stratifiedKFold(data.y, data.classes, { folds });
  if (!dealt.ok) return dealt;
  const members: FittedClassifier[] = [];
  const curves: Curve[] = [];
  const outputs = outputsOf(data.classes.length);
  for (const { train, test } of splitsOf(dealt.value)) {
    const fold = members.length + 1;
    const fitted = await estimator.fit(rowsOf(data, train), partOf(control, `fold ${fold}`));
    if (!fitted.ok) return fitted;
    members.push(fitted.value);
    const held = rowsOf(data, test);
    const all = scoresOf(fitted.value, held.x);
    const weights = held.rowWeights ?? new Float64Array(test.length).fill(1);
    for (let k = 0; k < outputs; k++) {
      const own = k + data.classes.length - outputs;
      const isOwn = Uint8Array.from(held.y, (c) => Number(c === own));
      const scored = { scores: Float64Array.from(test, (_, at) => all[at * outputs + k] ?? 0), isOwn, weights };
      curves.push(method === 'sigmoid' ? fitSigmoid(scored) : fitIsotonic(scored));
    }
  }
  return ok(calibratedClassifier({ algorithm: name, classes: data.classes, metrics: {} }, members, curves));
}

/** Those whose scores are distances from a border, what scikit-learn calls a decision function. Naive Bayes is linear too, but has none. */
const bordered = ['linear_svm', 'logistic_regression'];

/** [rows, outputs]: what the curves look at. */
function scoresOf(member: FittedClassifier, x: CsrMatrix): Float64Array {
  if (member instanceof LinearClassifier && bordered.includes(member.algorithm)) return member.scores(x);
  const probabilities = member.probabilities(x);
  return member.classes.length === 2 ? probabilities.filter((_, at) => at % 2 === 1) : probabilities;
}

type Known = Pick<FittedClassifier, 'algorithm' | 'classes' | 'metrics'>;

function calibratedClassifier(
  known: Known,
  members: readonly FittedClassifier[],
  curves: readonly Curve[],
): FittedClassifier {
  const classes = known.classes.length;
  const outputs = outputsOf(classes);
  return {
    ...known,
    columns: members[0]?.columns ?? 0,
    probabilities: (x) => {
      const out = new Float64Array(x.rows * classes);
      const own = new Float64Array(classes);
      for (const [number, member] of members.entries()) {
        const scores = scoresOf(member, x);
        for (let row = 0; row < x.rows; row++) {
          for (let k = 0; k < outputs; k++) {
            const curve = curves[number * outputs + k];
            own[k + classes - outputs] = curve === undefined ? 0 : chanceOf(curve, scores[row * outputs + k] ?? 0);
          }
          addShares(own, out.subarray(row * classes, (row + 1) * classes), members.length);
        }
      }
      return out;
    },
    columnScores: () => null,
    toParts: () => toParts(members, curves),
  };
}

const chanceOf = (curve: Curve, score: number): number =>
  'slope' in curve ? applySigmoid(curve, score) : applyIsotonic(curve, score);

/** Chances scaled to sum to 1, or equal ones where all are 0; of two classes the first has what the second leaves. */
function addShares(chances: Float64Array, out: Float64Array, members: number): void {
  if (chances.length === 2) chances[0] = 1 - (chances[1] ?? 0);
  const sum = chances.reduce((all, chance) => all + chance, 0);
  chances.forEach((chance, c) => {
    out[c] = (out[c] ?? 0) + (sum > 0 ? chance / sum : 1 / chances.length) / members;
  });
}

function toParts(members: readonly FittedClassifier[], curves: readonly Curve[]): Parts {
  const { meta, arrays } = membersToParts(members);
  const isSigmoid = curves.every((curve) => 'slope' in curve);
  const own = isSigmoid
    ? { sigmoids: Float64Array.from(curves.flatMap(({ slope, offset }) => [slope, offset])) }
    : Object.fromEntries(
        curves.flatMap((curve, number) =>
          'at' in curve ? [[`at${number}`, curve.at] as const, [`chance${number}`, curve.chance] as const] : [],
        ),
      );
  return { meta: { kind: name, method: isSigmoid ? 'sigmoid' : 'isotonic', ...meta }, arrays: { ...arrays, ...own } };
}

/** Reads back what `toParts` gave; a text says what is wrong with it. */
export function calibratedFromParts(...[parts, known, read]: Parameters<ClassifierReader>): FittedClassifier | string {
  const members = membersFromParts(parts, known.classes, read ?? (() => 'it is nested too deep'));
  if (typeof members === 'string') return members;
  if (members.some(({ columns }) => columns !== members[0]?.columns)) return 'its members differ in their columns';
  const method = methods.find((one) => one === parts.meta['method']);
  const count = members.length * outputsOf(known.classes.length);
  const curves = method === 'sigmoid' ? readSigmoids(parts, count) : readSteps(parts, count);
  if (method === undefined || curves === undefined) return 'its curves are broken';
  return calibratedClassifier(known, members, curves);
}

function readSigmoids({ arrays }: Parts, count: number): Curve[] | undefined {
  const numbers = arrayOf(arrays, 'sigmoids', 'f64');
  if (numbers?.length !== count * 2 || !allSane(numbers)) return undefined;
  return Array.from({ length: count }, (_, n) => ({ slope: numbers[n * 2] ?? 0, offset: numbers[n * 2 + 1] ?? 0 }));
}

function readSteps({ arrays }: Parts, count: number): Curve[] | undefined {
  const curves: Curve[] = [];
  for (let number = 0; number < count; number++) {
    const at = arrayOf(arrays, `at${number}`, 'f64');
    const chance = arrayOf(arrays, `chance${number}`, 'f64');
    if (at === undefined || at.length === 0 || at.length !== chance?.length || !allSane(at)) return undefined;
    if (!at.every((x, i) => i === 0 || x > (at[i - 1] ?? 0))) return undefined;
    if (!chance.every((share) => share >= 0 && share <= 1)) return undefined;
    curves.push({ at, chance });
  }
  return curves;
}
