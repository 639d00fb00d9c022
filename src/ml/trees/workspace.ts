import { absentValue, walk, type TreeEnsemble } from './ensemble.ts';

/** What predictions of one ensemble reuse. Between rows `row` holds no entries and `touched` no tree. */
export interface Workspace {
  /** One row with all its columns. */
  readonly row: Float64Array;
  /** Of each tree, 1 while it looks at a column of the row. */
  readonly touched: Uint8Array;
  /** Of each tree the leaf of a row without entries, which is that of every row that it looks at no column of. */
  readonly emptyLeaf: Int32Array;
  /** Trees that look at column c: `users[userEnds[c] .. userEnds[c + 1]]`. */
  readonly userEnds: Int32Array;
  readonly users: Int32Array;
  /** Every tree is walked for every row: some node belongs to several trees, as no library writes it. */
  readonly walkAll: boolean;
}

/**
 * Texts have few of the columns, and a tree looks at few: most trees give a text what they give to an empty row, and need not be walked. This finds
 * for each column the trees that look at it, once for a model.
 */
export function workspaceOf(trees: TreeEnsemble): Workspace {
  const { columns, roots } = trees;
  const row = new Float64Array(columns).fill(absentValue(trees));
  const emptyLeaf = Int32Array.from(roots, (root) => ~walk(trees, root, row));
  const owners = ownersOf(trees);
  const walkAll = owners.includes(-1);
  return { row, emptyLeaf, touched: new Uint8Array(roots.length), walkAll, ...usersOf(trees, owners) };
}

/** The tree of each node; -1 for a node of several, -2 for one of none. */
function ownersOf({ roots, left, right }: TreeEnsemble): Int32Array {
  const owners = new Int32Array(left.length).fill(-2);
  const claim = (node: number, tree: number): void => {
    if (node >= 0) owners[node] = owners[node] === -2 || owners[node] === tree ? tree : -1;
  };
  roots.forEach(claim);
  // Every child stands behind its parent.
  for (let node = 0; node < owners.length; node++) {
    const owner = owners[node] ?? -2;
    if (owner === -2) continue;
    claim(left[node] ?? -1, owner);
    claim(right[node] ?? -1, owner);
  }
  return owners;
}

function usersOf({ columns, feature }: TreeEnsemble, owners: Int32Array): Pick<Workspace, 'userEnds' | 'users'> {
  const userEnds = new Int32Array(columns + 1);
  for (const column of feature) userEnds[column + 1] = (userEnds[column + 1] ?? 0) + 1;
  for (let column = 0; column < columns; column++) {
    userEnds[column + 1] = (userEnds[column + 1] ?? 0) + (userEnds[column] ?? 0);
  }
  const next = userEnds.slice(0, columns);
  const users = new Int32Array(feature.length);
  feature.forEach((column, node) => {
    const to = next[column] ?? 0;
    next[column] = to + 1;
    users[to] = owners[node] ?? -2;
  });
  return { userEnds, users };
}
