import type { JsonScalar } from '../core/flatten.ts';
import { countOf, formatDelta, formatNumber, formatValue } from './format.ts';
import type { Paint, Style } from './style.ts';
import { markdownTable, textTable, type Cell, type Table } from './table.ts';
import type { ValueChange, ValueRow } from './values.ts';

export type ValueKind = 'metric' | 'param';

export interface ValuesView {
  readonly kind: ValueKind;
  readonly markdown: boolean;
  readonly style: Style;
  readonly columns: number;
}

/** Every key with its value in each state, one line a key; `names` are the states' names. */
export function renderValues(rows: readonly ValueRow[], names: readonly string[], view: ValuesView): string {
  const files = fileColumn(rows, view);
  const titles = names.length === 1 ? ['value'] : names;
  return render(
    {
      columns: [...files.columns, { title: view.kind }, ...titles.map((title) => ({ title, align: alignOf(view) }))],
      rows: rows.map((row, at) => [
        ...files.cells(at),
        row.key,
        ...row.values.map((value) => (value === undefined ? '-' : valueText(value, view))),
      ]),
    },
    view,
    files.columns.length + 1,
  );
}

/** What changed, one line a key, with the signed difference of numbers; unchanged keys are dim, or counted at the end. */
export function renderDiff(
  changes: readonly ValueChange[],
  names: { readonly before: string; readonly after: string },
  view: ValuesView & { readonly all: boolean },
): string {
  const shown = changes.filter(({ changed }) => changed || view.all);
  const same = changes.length - changes.filter(({ changed }) => changed).length;
  if (shown.length === 0) return nothingChanged(changes.length, names, view);
  const files = fileColumn(shown, view);
  const table: Table = {
    columns: [
      ...files.columns,
      { title: view.kind },
      { title: names.before, align: alignOf(view) },
      { title: names.after, align: alignOf(view) },
      { title: 'change', align: alignOf(view) },
    ],
    rows: shown.map((change, at) => [...files.cells(at), ...diffCells(change, view)]),
  };
  const text = render(table, view, files.columns.length + 1);
  if (view.all || same === 0) return text;
  return `${text}${view.markdown ? '\n' : '  '}${view.style.dim(`${same} unchanged`)}\n`;
}

function nothingChanged(
  known: number,
  { before, after }: { readonly before: string; readonly after: string },
  { kind, markdown }: ValuesView,
): string {
  const indent = markdown ? '' : '  ';
  if (known === 0) return `${indent}no ${kind}s in ${before} or ${after}\n`;
  return `${indent}no change from ${before} to ${after} (${countOf(known, kind)})\n`;
}

function diffCells(change: ValueChange, view: ValuesView): Cell[] {
  const { key, before, after, changed } = change;
  const texts = [
    key,
    before === undefined ? '-' : valueText(before, view),
    after === undefined ? '-' : valueText(after, view),
    changeText(change, view),
  ];
  return changed ? texts : texts.map((text) => ({ text, paint: view.style.dim }));
}

function changeText({ before, after, changed, delta }: ValueChange, { kind }: ValuesView): string {
  if (!changed) return '';
  if (before === undefined) return 'new';
  if (after === undefined) return 'removed';
  if (delta === undefined) return '';
  return kind === 'metric' ? formatDelta(delta) : `${delta > 0 ? '+' : ''}${delta}`;
}

/** Metrics are rounded for the eye; params stand as they are written. */
const valueText = (value: JsonScalar, { kind }: ValuesView): string =>
  kind === 'metric' && typeof value === 'number' ? formatNumber(value) : formatValue(value);

const alignOf = ({ kind }: ValuesView): 'left' | 'right' => (kind === 'metric' ? 'right' : 'left');

interface FileColumn {
  readonly columns: readonly { readonly title: string }[];
  cells(row: number): Cell[];
}

/** No column when all stands in one file; in the terminal a name is said once, in Markdown in every row. */
function fileColumn(rows: readonly { readonly file: string }[], { markdown }: ValuesView): FileColumn {
  if (new Set(rows.map(({ file }) => file)).size < 2) return { columns: [], cells: () => [] };
  return {
    columns: [{ title: 'file' }],
    cells: (at) => {
      const file = rows[at]?.file ?? '';
      return [!markdown && at > 0 && rows[at - 1]?.file === file ? '' : file];
    },
  };
}

function render(table: Table, view: ValuesView, pinned: number): string {
  if (view.markdown) return markdownTable(table);
  const paintHeader: Paint = view.style.dim;
  return textTable(table, { width: view.columns, indent: 2, pinned, paintHeader });
}
