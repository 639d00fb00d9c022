import { failure } from '../../core/failure.ts';
import type { Result } from '../../core/result.ts';
import { err, ok } from '../../core/result.ts';
import type { Folds } from './folds.ts';

/** Group of each row (authors, videos, ...) by number: 0 to `count - 1`, in the order of the groups' names. */
export interface Groups {
  readonly groupOf: Int32Array;
  readonly count: number;
}

/** Numbers the distinct names in alphabetical order. */
export function groupsOf(names: readonly string[]): Groups {
  const distinct = [...new Set(names)].sort();
  const numberOf = new Map(distinct.map((name, number) => [name, number]));
  return { groupOf: Int32Array.from(names, (name) => numberOf.get(name) ?? 0), count: distinct.length };
}

const tooFewGroups = ({ count }: Groups, folds: number): Result<never> =>
  err(failure('training-data-invalid', { problem: `${count} groups cannot be dealt to ${folds} folds` }));

/**
 * Folds that keep each group whole, of rows as equal as greedy dealing makes them: the largest group first, always to the fold with the
 * fewest rows. The folds of scikit-learn's GroupKFold.
 */
export function groupKFold(groups: Groups, folds: number): Result<Folds> {
  if (groups.count < folds) return tooFewGroups(groups, folds);
  const sizes = new Int32Array(groups.count);
  for (const group of groups.groupOf) sizes[group] = (sizes[group] ?? 0) + 1;
  const order = Array.from(sizes, (_, group) => group).sort((a, b) => (sizes[b] ?? 0) - (sizes[a] ?? 0) || b - a);
  const rows = new Float64Array(folds);
  const foldOfGroup = new Int32Array(groups.count);
  for (const group of order) {
    const lightest = rows.indexOf(Math.min(...rows));
    rows[lightest] = (rows[lightest] ?? 0) + (sizes[group] ?? 0);
    foldOfGroup[group] = lightest;
  }
  return ok({ foldOf: groups.groupOf.map((group) => foldOfGroup[group] ?? 0), folds });
}

/**
 * Folds that keep each group whole and the shares of classes as equal as greedy dealing makes them: groups of uneven classes first, each to the
 * fold where the classes' spread over the folds then is smallest. The folds of scikit-learn's StratifiedGroupKFold.
 */
export function stratifiedGroupKFold(y: Int32Array, classes: number, groups: Groups, folds: number): Result<Folds> {
  if (groups.count < folds) return tooFewGroups(groups, folds);
  const rowsOfClass = new Float64Array(classes);
  const perGroup = new Float64Array(groups.count * classes);
  for (let row = 0; row < y.length; row++) {
    const c = y[row] ?? 0;
    const at = (groups.groupOf[row] ?? 0) * classes + c;
    rowsOfClass[c] = (rowsOfClass[c] ?? 0) + 1;
    perGroup[at] = (perGroup[at] ?? 0) + 1;
  }
  const unevenness = Float64Array.from({ length: groups.count }, (_, group) =>
    deviation(perGroup.subarray(group * classes, (group + 1) * classes)),
  );
  const order = Array.from(unevenness, (_, group) => group).sort(
    (a, b) => (unevenness[b] ?? 0) - (unevenness[a] ?? 0) || a - b,
  );
  const perFold = new Float64Array(folds * classes);
  const foldOfGroup = new Int32Array(groups.count);
  for (const group of order) {
    const counts = perGroup.subarray(group * classes, (group + 1) * classes);
    const fold = bestFold(perFold, rowsOfClass, counts);
    for (let c = 0; c < classes; c++) {
      perFold[fold * classes + c] = (perFold[fold * classes + c] ?? 0) + (counts[c] ?? 0);
    }
    foldOfGroup[group] = fold;
  }
  return ok({ foldOf: groups.groupOf.map((group) => foldOfGroup[group] ?? 0), folds });
}

/** Of folds equally good, the one with the fewest rows. */
function bestFold(perFold: Float64Array, rowsOfClass: Float64Array, counts: Float64Array): number {
  const classes = rowsOfClass.length;
  const folds = perFold.length / classes;
  const shares = new Float64Array(folds);
  let best = 0;
  let least = Infinity;
  let fewest = Infinity;
  for (let fold = 0; fold < folds; fold++) {
    let sum = 0;
    for (let c = 0; c < classes; c++) {
      for (let other = 0; other < folds; other++) {
        const more = other === fold ? (counts[c] ?? 0) : 0;
        shares[other] = ((perFold[other * classes + c] ?? 0) + more) / (rowsOfClass[c] ?? 1);
      }
      sum += deviation(shares);
    }
    const spread = sum / classes;
    let rows = 0;
    for (let c = 0; c < classes; c++) rows += perFold[fold * classes + c] ?? 0;
    // numpy's isclose, with which the reference tells equal spreads.
    const isEqual = Math.abs(spread - least) <= 1e-8 + 1e-5 * Math.abs(least);
    if (spread < least || (isEqual && rows < fewest)) {
      best = fold;
      least = spread;
      fewest = rows;
    }
  }
  return best;
}

/** Standard deviation of a whole population. */
function deviation(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
  return Math.sqrt(squares / values.length);
}
