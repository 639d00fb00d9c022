import { goesLeft, type TreeEnsemble } from '../trees/ensemble.ts';

/** Rows that a tree was grown on, whose hessians are all 1. */
export interface GrownOn {
  readonly rows: readonly Float64Array[];
  readonly gradients: Float64Array;
  readonly lambdaL1: number;
  readonly lambdaL2: number;
  readonly minGainToSplit: number;
}

/** A node, or a leaf (below 0), of an ensemble. */
export interface Place {
  readonly trees: TreeEnsemble;
  readonly node: number;
}

/** What two trees make of the same rows: gains of the splits, from the rows themselves; of a leaf there is none. */
interface Difference {
  readonly ours: number | undefined;
  readonly theirs: number | undefined;
}

/** Gains that close are the same fraction, worked out in another order. */
const isEqual = (one: number, other: number): boolean => Math.abs(one - other) <= 1e-9 * Math.max(one, other);

/**
 * Compares two trees node by node: `tie` where they part only at splits of equal gain, be they of one node or of two leaves of which one more may
 * be split; any other answer is what is wrong. Splits that part the same rows are the same.
 */
export function compareTrees(ours: Place, theirs: Place, data: GrownOn): string {
  const all = Int32Array.from(data.rows.keys());
  const differences = [...differencesOf(ours, theirs, { data, rows: all })];
  if (differences.length === 0) return 'same';
  const gainsOf = (one: 'ours' | 'theirs', other: 'ours' | 'theirs') =>
    differences.flatMap((found) => (found[other] === undefined ? [found[one] ?? 0] : []));
  const both = differences.filter((found) => found.ours !== undefined && found.theirs !== undefined);
  const unequal = both.find((found) => !isEqual(found.ours ?? 0, found.theirs ?? 0));
  if (unequal !== undefined) return `a split of gain ${unequal.ours}, not ${unequal.theirs}`;
  // Behind a tie there may be more or fewer leaves to choose from.
  if (both.length > 0) return 'tie';
  const [more, less] = [Math.max(...gainsOf('ours', 'theirs'), 0), Math.max(...gainsOf('theirs', 'ours'), 0)];
  return isEqual(more, less) ? 'tie' : `a leaf split of gain ${more}, not ${less}`;
}

interface Part {
  readonly data: GrownOn;
  readonly rows: Int32Array;
}

function* differencesOf(ours: Place, theirs: Place, { data, rows }: Part): Generator<Difference> {
  if (ours.node < 0 && theirs.node < 0) {
    const [own, other] = [ours, theirs].map(({ trees, node }) => trees.leaves[~node] ?? NaN);
    if (!(Math.abs((own ?? NaN) - (other ?? NaN)) < 1e-6)) throw new Error(`leaf ${own} instead of ${other}`);
    return;
  }
  const own = ours.node < 0 ? undefined : partsOf(ours, { data, rows });
  const other = theirs.node < 0 ? undefined : partsOf(theirs, { data, rows });
  if (own !== undefined && other !== undefined) {
    const turned = isSame(own.left.rows, other.right.rows);
    if (turned || isSame(own.left.rows, other.left.rows)) {
      const [left, right] = turned ? [other.right, other.left] : [other.left, other.right];
      yield* differencesOf(own.left.place, left.place, { data, rows: own.left.rows });
      yield* differencesOf(own.right.place, right.place, { data, rows: own.right.rows });
      return;
    }
  }
  yield { ours: own?.gain, theirs: other?.gain };
}

function partsOf({ trees, node }: Place, { data, rows }: Part) {
  const column = trees.feature[node] ?? 0;
  const isLeft = (row: number): boolean => goesLeft(trees, node, data.rows[row]?.[column] ?? 0);
  const part = (wanted: boolean, child: number | undefined) => ({
    place: { trees, node: child ?? -1 },
    rows: rows.filter((row) => isLeft(row) === wanted),
  });
  const [left, right] = [part(true, trees.left[node]), part(false, trees.right[node])];
  const gain = score(left.rows, data) + score(right.rows, data) - score(rows, data) - data.minGainToSplit;
  return { left, right, gain };
}

/** Chen and Guestrin, "XGBoost", KDD 2016, equation 7, with an L1 penalty. */
function score(rows: Int32Array, { gradients, lambdaL1, lambdaL2 }: GrownOn): number {
  const gradient = rows.reduce((sum, row) => sum + (gradients[row] ?? 0), 0);
  return Math.max(0, Math.abs(gradient) - lambdaL1) ** 2 / (rows.length + lambdaL2);
}

const isSame = (one: Int32Array, other: Int32Array): boolean =>
  one.length === other.length && one.every((row, at) => row === other[at]);
