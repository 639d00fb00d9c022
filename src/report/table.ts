import { displayWidth, fitWidth } from './display-width.ts';
import type { Paint } from './style.ts';

/** Text of one field. `paint` is put on after the layout, so that colour never moves a column. */
export type Cell = string | { readonly text: string; readonly paint: Paint };

export interface Column {
  readonly title: string;
  /** `left` unless said; numbers read best `right`. */
  readonly align?: 'left' | 'right';
  /** Narrower than this the column is never made; without it the column is never cut. */
  readonly shrinkTo?: number;
}

/** A row may be shorter than the columns: the rest is blank. */
export interface Table {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
}

export interface TableLayout {
  /** Columns of the terminal; a wider table first shrinks what may shrink, then continues below itself. */
  readonly width?: number;
  /** Leading columns repeated when the table continues below itself. */
  readonly pinned?: number;
  /** Blanks before every line. */
  readonly indent?: number;
  /** Blanks between columns. */
  readonly gap?: number;
  /** False leaves the titles out. */
  readonly header?: boolean;
  readonly paintHeader?: Paint;
}

const textOf = (cell: Cell | undefined): string => (typeof cell === 'string' ? cell : (cell?.text ?? ''));

/** Aligned columns without rules, one line a row, every line ended; no blanks at a line's end. */
export function textTable(table: Table, layout: TableLayout = {}): string {
  const gap = layout.gap ?? 3;
  const room = (layout.width ?? Infinity) - (layout.indent ?? 0);
  const widths = shrink(
    table.columns,
    naturalWidths(table, layout.header ?? true),
    room - gap * (table.columns.length - 1),
  );
  return blocksOf(widths, { room, gap, pinned: layout.pinned ?? 1 })
    .map((block) => renderBlock(table, widths, block, layout))
    .join('\n');
}

function naturalWidths(table: Table, header: boolean): number[] {
  return table.columns.map((column, index) => {
    let width = header ? displayWidth(column.title) : 0;
    for (const row of table.rows) width = Math.max(width, displayWidth(textOf(row[index])));
    return width;
  });
}

/** Takes the surplus from the widest column that may still give, one terminal column at a time, so that they end alike. */
function shrink(columns: readonly Column[], natural: readonly number[], room: number): number[] {
  const widths = [...natural];
  const floors = columns.map((column, index) => column.shrinkTo ?? natural[index] ?? 0);
  let surplus = widths.reduce((sum, width) => sum + width, 0) - room;
  while (surplus > 0 && Number.isFinite(surplus)) {
    let widest = -1;
    widths.forEach((width, index) => {
      if (width > (floors[index] ?? 0) && width > (widths[widest] ?? 0)) widest = index;
    });
    if (widest < 0) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
    surplus--;
  }
  return widths;
}

/** Which columns stand side by side; the pinned ones in every block, and always at least one more. */
function blocksOf(widths: readonly number[], fit: { room: number; gap: number; pinned: number }): number[][] {
  const pinned = widths.slice(0, fit.pinned).map((_, index) => index);
  const base = pinned.reduce((sum, index) => sum + (widths[index] ?? 0) + fit.gap, 0);
  const blocks: number[][] = [];
  let block = [...pinned];
  let used = base;
  for (let index = pinned.length; index < widths.length; index++) {
    const width = widths[index] ?? 0;
    if (block.length > pinned.length && used + width > fit.room) {
      blocks.push(block);
      block = [...pinned];
      used = base;
    }
    block.push(index);
    used += width + fit.gap;
  }
  blocks.push(block);
  return blocks;
}

function renderBlock(table: Table, widths: readonly number[], block: readonly number[], layout: TableLayout): string {
  const line = (cells: readonly (Cell | undefined)[]): string => {
    const fields = block.map((index) => padded(cells[index], table.columns[index], widths[index] ?? 0));
    // A painted cell ends in an escape code, so blanks at the end are dropped from the last field that shows something.
    let last = fields.length;
    while (last > 0 && fields[last - 1]?.blank === true) last--;
    const shown = fields.slice(0, last).map((field, at) => (at === last - 1 ? field.text.trimEnd() : field.text));
    return `${' '.repeat(layout.indent ?? 0)}${shown.join(' '.repeat(layout.gap ?? 3))}`.trimEnd() + '\n';
  };
  const paint = layout.paintHeader;
  const titles = table.columns.map(({ title }) => (paint === undefined ? title : { text: title, paint }));
  return ((layout.header ?? true) ? line(titles) : '') + table.rows.map(line).join('');
}

function padded(cell: Cell | undefined, column: Column | undefined, width: number): { text: string; blank: boolean } {
  const text = fitWidth(textOf(cell), width);
  const blanks = ' '.repeat(width - displayWidth(text));
  const painted = typeof cell === 'object' && text !== '' ? cell.paint(text) : text;
  return { text: column?.align === 'right' ? blanks + painted : painted + blanks, blank: text === '' };
}

/** The same table for a pull request or a job summary (GitHub's Markdown), every line ended. */
export function markdownTable(table: Table): string {
  const line = (fields: readonly string[]): string => `| ${fields.join(' | ')} |\n`;
  const rules = table.columns.map((column) => (column.align === 'right' ? '---:' : '---'));
  const rows = table.rows.map((row) => line(table.columns.map((_, index) => markdownText(textOf(row[index])))));
  return line(table.columns.map(({ title }) => markdownText(title))) + line(rules) + rows.join('');
}

/** A line break would end the row, and `|` the field. */
const markdownText = (text: string): string =>
  text.replaceAll('\\', '\\\\').replaceAll('|', '\\|').replaceAll('<', '&lt;').replace(/\r?\n/g, '<br>');
