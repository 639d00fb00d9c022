/** Nodes by number; a child of 0 or more is a node, below 0 the leaf ~child. */
export interface Nodes {
  readonly feature: Int32Array;
  /** Values up to it go left. */
  readonly threshold: Float64Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
}

/** The leaf in which a row with all its columns ends. */
export function walkTree({ feature, threshold, left, right }: Nodes, root: number, row: Float32Array): number {
  let node = root;
  while (node >= 0) {
    const goesLeft = (row[feature[node] ?? 0] ?? 0) <= (threshold[node] ?? 0);
    node = (goesLeft ? left[node] : right[node]) ?? -1;
  }
  return ~node;
}
