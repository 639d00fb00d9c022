import type { IndexedDag } from './dag-view.ts';

/**
 * Where everything of a drawing stands. One node a row, from top to bottom in an order in which they can run; every node has a column
 * and a vertical rail in it. An edge is drawn in one of two ways: down the rail of the node it comes from and then right to the one that
 * reads it, or right at once and then down the rail of the node it goes to. All edges of a wide fan-out share the rail of its source,
 * all edges of a fan-in that of its target. Lines so only ever run down and right, and a column is free of all but its own rail.
 */
export interface Rails {
  /** Node of each row. */
  readonly order: readonly number[];
  readonly row: ReadonlyMap<number, number>;
  readonly column: ReadonlyMap<number, number>;
  /** First and last row that a node's rail touches. */
  readonly span: ReadonlyMap<number, readonly [number, number]>;
  readonly width: number;
  /** Less is easier to read: crossings, then length of rails, then width. */
  readonly cost: number;
}

export interface RailRules {
  readonly dag: IndexedDag;
  /** Whether a plain chain goes straight down one column, for graphs that are too deep to step right at every stage. */
  readonly straight: boolean;
}

/** Whether the edge runs down the rail of its source; else down that of its target. The rail that more edges share wins. */
const onSourceRail = ({ dag }: RailRules, from: number, to: number): boolean =>
  (dag.below[from]?.length ?? 0) >= (dag.above[to]?.length ?? 0);

/** Whether the edge is a link of a plain chain that goes straight down. */
export const isStraight = ({ dag, straight }: RailRules, from: number, to: number): boolean =>
  straight && dag.below[from]?.length === 1 && dag.above[to]?.length === 1;

/** Lays out the nodes of `order`, which holds every node of its part of the graph after those that it reads from. */
export function layRails(rules: RailRules, order: readonly number[]): Rails {
  const row = new Map(order.map((node, at) => [node, at]));
  const span = new Map(order.map((node) => [node, spanOf(rules, node, row)]));
  const column = new Map<number, number>();
  const taken: (readonly [number, number])[][] = [];
  for (const node of order) {
    const [first, end] = span.get(node) ?? [0, 0];
    // A straight link ends at the dot of the next node, which takes the column over.
    const last = isStraight(rules, node, order[end] ?? node) ? end - 1 : end;
    let at = leastColumn(rules, node, column);
    while (taken[at]?.some(([from, to]) => from <= last && first <= to) === true) at++;
    column.set(node, at);
    (taken[at] ??= []).push([first, last]);
  }
  const width = taken.length;
  let length = 0;
  for (const [first, last] of span.values()) length += last - first;
  const cost = 6 * crossingsOf(rules, { order, row, column, taken }) + length + 2 * width;
  return { order, row, column, span, width, cost };
}

function spanOf(rules: RailRules, node: number, row: ReadonlyMap<number, number>): readonly [number, number] {
  const own = row.get(node) ?? 0;
  let first = own;
  let last = own;
  for (const from of rules.dag.above[node] ?? []) {
    if (!onSourceRail(rules, from, node)) first = Math.min(first, row.get(from) ?? own);
  }
  for (const to of rules.dag.below[node] ?? []) {
    const at = row.get(to) ?? own;
    if (onSourceRail(rules, node, to)) last = Math.max(last, at);
  }
  return [first, last];
}

function leastColumn(rules: RailRules, node: number, column: ReadonlyMap<number, number>): number {
  let least = 0;
  for (const from of rules.dag.above[node] ?? []) {
    const at = column.get(from) ?? 0;
    least = Math.max(least, isStraight(rules, from, node) ? at : at + 1);
  }
  return least;
}

interface Placed {
  readonly order: readonly number[];
  readonly row: ReadonlyMap<number, number>;
  readonly column: ReadonlyMap<number, number>;
  /** Rows that rails take, by column. */
  readonly taken: readonly (readonly (readonly [number, number])[])[];
}

/** Rails that a line to the left or right of a node passes without touching them. */
function crossingsOf(rules: RailRules, { order, row, column, taken }: Placed): number {
  let crossings = 0;
  for (const node of order) {
    const { left, right } = joined(rules, node, column);
    const at = row.get(node) ?? 0;
    const own = column.get(node) ?? 0;
    const from = Math.min(own, ...left);
    const to = Math.max(own, ...right);
    for (let c = from + 1; c < to; c++) {
      if (c === own || left.includes(c) || right.includes(c)) continue;
      if (taken[c]?.some(([first, last]) => first < at && at < last) === true) crossings++;
    }
  }
  return crossings;
}

/** The columns that a node's row is joined to: rails it reads from on its left, rails it feeds on its right. */
export function joined(
  rules: RailRules,
  node: number,
  column: ReadonlyMap<number, number>,
): { readonly left: readonly number[]; readonly right: readonly number[] } {
  const { dag } = rules;
  const left = (dag.above[node] ?? [])
    .filter((from) => onSourceRail(rules, from, node) && !isStraight(rules, from, node))
    .map((from) => column.get(from) ?? 0);
  const right = (dag.below[node] ?? []).filter((to) => !onSourceRail(rules, node, to)).map((to) => column.get(to) ?? 0);
  return { left, right };
}
