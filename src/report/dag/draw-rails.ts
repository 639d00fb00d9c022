import { isStraight, joined } from './rails.ts';
import type { RailRules, Rails } from './rails.ts';

/** One row of a drawing: a node with its lines, or only what runs on down between two nodes. */
export interface RailRow {
  readonly node?: number;
  /** Two characters a column, the last one single; the node itself stands at `at` as `mark`. */
  readonly text: string;
  readonly at: number;
}

export const nodeMark = '\u0000';

/**
 * The rows of a drawing in characters of the box-drawing block; `nodeMark` stands where the node's own symbol goes. A line passes behind
 * every rail that has no arm towards it, so that each edge can be followed: an arm to the right leaves a rail (`├`, `╰`), an arm to the
 * left enters it (`┤`, `╮`).
 */
export function drawRails(rules: RailRules, rails: Rails): RailRow[] {
  const rows: RailRow[] = [];
  rails.order.forEach((node, at) => {
    rows.push({ node, text: rowText(rules, rails, node), at: 2 * (rails.column.get(node) ?? 0) });
    const next = rails.order[at + 1];
    if (next !== undefined && isStraight(rules, node, next)) rows.push({ text: betweenText(rails, at), at: 0 });
  });
  return rows;
}

const blankRow = (width: number): string[] => Array.from({ length: 2 * width - 1 }, () => ' ');

/** Rails that are there before and after the row. */
function passing(rails: Rails, row: number): Set<number> {
  const columns = new Set<number>();
  for (const [node, [first, last]] of rails.span) {
    if (first < row && row < last) columns.add(rails.column.get(node) ?? 0);
  }
  return columns;
}

function betweenText(rails: Rails, row: number): string {
  const cells = blankRow(rails.width);
  for (const [other, [first, last]] of rails.span) {
    if (first <= row && row < last) cells[2 * (rails.column.get(other) ?? 0)] = '│';
  }
  return cells.join('');
}

function rowText(rules: RailRules, rails: Rails, node: number): string {
  const row = rails.row.get(node) ?? 0;
  const own = rails.column.get(node) ?? 0;
  const { left, right } = joined(rules, node, rails.column);
  const cells = blankRow(rails.width);
  const from = Math.min(own, ...left);
  const to = Math.max(own, ...right);
  for (let cell = 2 * from; cell <= 2 * to; cell++) cells[cell] = '─';
  for (const column of passing(rails, row)) cells[2 * column] = '│';
  const ends = endingAt(rails, row);
  for (const column of left) cells[2 * column] = ends.last.has(column) ? '╰' : '├';
  for (const column of right) cells[2 * column] = ends.first.has(column) ? '╮' : '┤';
  cells[2 * own] = nodeMark;
  return cells.join('');
}

/** Columns whose rail ends, or begins, in the row. */
function endingAt(rails: Rails, row: number): { readonly first: Set<number>; readonly last: Set<number> } {
  const ends = { first: new Set<number>(), last: new Set<number>() };
  for (const [node, [first, last]] of rails.span) {
    const column = rails.column.get(node) ?? 0;
    if (first === row) ends.first.add(column);
    if (last === row) ends.last.add(column);
  }
  return ends;
}
