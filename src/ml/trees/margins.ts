import type { CsrMatrix } from '../sparse/csr.ts';
import { absentValue, walk, type TreeEnsemble } from './ensemble.ts';
import type { Workspace } from './workspace.ts';

/** Margins [x.rows, outputs] by rows, each the sum of its leaves in the order of the trees, as the libraries add them. */
export function margins(trees: TreeEnsemble, x: CsrMatrix, space: Workspace): Float64Array {
  const { base, outputs, divisor } = trees;
  const out = new Float64Array(x.rows * outputs);
  for (let row = 0; row < x.rows; row++) {
    const first = row * outputs;
    for (let k = 0; k < outputs; k++) out[first + k] = base[k] ?? 0;
    enterRow(trees, x, { row, space });
    addLeaves(trees, space, out.subarray(first, first + outputs));
    leaveRow(trees, x, { row, space });
    if (divisor !== 1) for (let k = 0; k < outputs; k++) out[first + k] = (out[first + k] ?? 0) / divisor;
  }
  return out;
}

interface Entry {
  readonly row: number;
  readonly space: Workspace;
}

/** Puts a row's entries where walks look for them, and marks the trees that look at them. */
function enterRow({ rules }: TreeEnsemble, { indptr, indices, values }: CsrMatrix, { row, space }: Entry): void {
  const { touched, userEnds, users } = space;
  const single = rules === 'xgboost';
  const end = indptr[row + 1] ?? 0;
  for (let at = indptr[row] ?? 0; at < end; at++) {
    const column = indices[at] ?? 0;
    const value = values[at] ?? 0;
    space.row[column] = single ? Math.fround(value) : value;
    const last = userEnds[column + 1] ?? 0;
    for (let user = userEnds[column] ?? 0; user < last; user++) touched[users[user] ?? -1] = 1;
  }
}

function addLeaves(trees: TreeEnsemble, { row, touched, emptyLeaf, walkAll }: Workspace, sums: Float64Array): void {
  const { rules, roots, outputOf, leaves } = trees;
  const single = rules === 'xgboost';
  for (let tree = 0; tree < roots.length; tree++) {
    const to = outputOf[tree] ?? 0;
    const leaf = walkAll || touched[tree] === 1 ? ~walk(trees, roots[tree] ?? 0, row) : (emptyLeaf[tree] ?? 0);
    const sum = (sums[to] ?? 0) + (leaves[leaf] ?? 0);
    sums[to] = single ? Math.fround(sum) : sum;
  }
}

function leaveRow(trees: TreeEnsemble, { indptr, indices }: CsrMatrix, { row, space }: Entry): void {
  const absent = absentValue(trees);
  const end = indptr[row + 1] ?? 0;
  for (let at = indptr[row] ?? 0; at < end; at++) space.row[indices[at] ?? 0] = absent;
  space.touched.fill(0);
}
