import { failure } from '../../core/failure.ts';
import type { Result } from '../../core/result.ts';
import { err, ok } from '../../core/result.ts';
import type { ClassifierReader, Estimator, FitControl, FittedClassifier, TrainingSet } from '../estimator.ts';
import { largestOfRows } from '../estimator.ts';
import { arrayOf } from '../io/parts.ts';
import type { CsrMatrix } from '../sparse/csr.ts';
import { partOf } from './control.ts';
import { membersFromParts, membersToParts } from './members.ts';

const name = 'voting';
const ways = ['soft', 'hard'] as const;
type Way = (typeof ways)[number];

export interface VotingParams {
  readonly estimators: readonly Estimator[];
  readonly voting: Way;
  /** One an estimator; null for equal ones. */
  readonly weights: readonly number[] | null;
}

/**
 * Several estimators on the same rows: the weighted mean of their probabilities (soft), or of their labels (hard), as scikit-learn's
 * VotingClassifier. Hard votes of equal weight go to the first class.
 */
export const voting = ({ estimators, voting: way, weights }: VotingParams): Estimator => ({
  algorithm: name,
  params: {
    estimators: estimators.map(({ algorithm, params }) => ({ algorithm, ...params })),
    ...{ voting: way, weights },
  },
  fit: (data, control) => fit({ estimators, voting: way, weights }, data, control),
});

async function fit(
  { estimators, voting: way, weights }: VotingParams,
  data: TrainingSet,
  control: FitControl = {},
): Promise<Result<FittedClassifier>> {
  if (weights !== null && weights.length !== estimators.length) {
    const problem = `has ${weights.length} numbers for ${estimators.length} estimators`;
    return err(failure('learning-param', { param: 'weights', problem, near: [] }));
  }
  const members: FittedClassifier[] = [];
  for (const [number, estimator] of estimators.entries()) {
    const fitted = await estimator.fit(data, partOf(control, `${number + 1} ${estimator.algorithm}`));
    if (!fitted.ok) return fitted;
    members.push(fitted.value);
  }
  const known = { algorithm: name, classes: data.classes, metrics: {} };
  const shares = Float64Array.from(estimators, (_, number) => weights?.[number] ?? 1);
  return ok(votingClassifier(known, members, { way, shares }));
}

type Known = Pick<FittedClassifier, 'algorithm' | 'classes' | 'metrics'>;

const votingClassifier = (
  known: Known,
  members: readonly FittedClassifier[],
  { way, shares }: { readonly way: Way; readonly shares: Float64Array },
): FittedClassifier => ({
  ...known,
  columns: members[0]?.columns ?? 0,
  probabilities: (x) => {
    const total = shares.reduce((sum, share) => sum + share, 0);
    const out = new Float64Array(x.rows * known.classes.length);
    for (const [number, member] of members.entries()) {
      const said = way === 'soft' ? member.probabilities(x) : labelVotes(member, x);
      const share = (shares[number] ?? 0) / total;
      for (let at = 0; at < out.length; at++) out[at] = (out[at] ?? 0) + share * (said[at] ?? 0);
    }
    return out;
  },
  columnScores: () => null,
  toParts: () => {
    const { meta, arrays } = membersToParts(members);
    return { meta: { kind: name, voting: way, ...meta }, arrays: { ...arrays, shares } };
  },
});

/** 1 for the label of each row. */
function labelVotes(member: FittedClassifier, x: CsrMatrix): Float64Array {
  const classes = member.classes.length;
  const votes = new Float64Array(x.rows * classes);
  largestOfRows(member.probabilities(x), classes).forEach((label, row) => (votes[row * classes + label] = 1));
  return votes;
}

/** Reads back what `toParts` gave; a text says what is wrong with it. */
export function votingFromParts(...[parts, known, read]: Parameters<ClassifierReader>): FittedClassifier | string {
  const way = ways.find((one) => one === parts.meta['voting']);
  const shares = arrayOf(parts.arrays, 'shares', 'f64');
  const members = membersFromParts(parts, known.classes, read ?? (() => 'it is nested too deep'));
  if (typeof members === 'string') return members;
  if (way === undefined || shares?.length !== members.length) return 'how its members vote is broken';
  if (!shares.every((share) => share > 0 && share <= 1e100)) return 'a share of the votes is not above 0 and finite';
  if (members.some(({ columns }) => columns !== members[0]?.columns)) return 'its members differ in their columns';
  return votingClassifier(known, members, { way, shares });
}
