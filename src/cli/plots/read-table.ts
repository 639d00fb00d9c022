import Papa from 'papaparse';
import { parseTree, formatOf } from '../../config/tree.ts';
import { rawToJson } from '../../config/raw.ts';
import { failure } from '../../core/failure.ts';
import { isJsonObject, type JsonValue } from '../../core/json.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { PlotValue } from '../../report/plots/model.ts';

/** Rows by column, which a million of them need. */
export interface Table {
  readonly fields: readonly string[];
  readonly rows: number;
  column(field: string): readonly PlotValue[];
}

/** The rows of a CSV, TSV, JSON or YAML file, as DVC finds them; undefined for a file that holds no rows. */
export function readTable(text: string, file: string, header: boolean): Result<Table | undefined> {
  if (/\.[ct]sv$/i.test(file)) return ok(delimited(text, /\.tsv$/i.test(file) ? '\t' : ',', header));
  const format = formatOf(file);
  if (format !== 'JSON' && format !== 'YAML') return err(failure('unplottable-file', { file }));
  const values = parsed(text, file, format);
  return values.ok ? ok(tableOf(values.value)) : values;
}

/** JSON by the quick parser first; the one with places tells what is wrong, and takes NaN. */
function parsed(text: string, file: string, format: 'JSON' | 'YAML'): Result<JsonValue> {
  if (format === 'JSON') {
    try {
      return ok(JSON.parse(text) as JsonValue);
    } catch {
      // Falls through to the parser below.
    }
  }
  const tree = parseTree(text, file, format);
  if (tree.ok) return ok(rawToJson(tree.value));
  const [first] = tree.error;
  return err(first ?? failure('unplottable-file', { file }));
}

function delimited(text: string, delimiter: string, header: boolean): Table | undefined {
  const { data } = Papa.parse<string[]>(text, { delimiter, skipEmptyLines: true });
  const first = data[0];
  if (first === undefined) return undefined;
  const fields = header ? first : first.map((_, index) => String(index));
  const from = header ? 1 : 0;
  return {
    fields,
    rows: data.length - from,
    column: (field) => {
      const index = fields.indexOf(field);
      const values: PlotValue[] = [];
      for (let row = from; row < data.length; row++) values.push(data[row]?.[index] ?? null);
      return values;
    },
  };
}

/** Every list of maps with equal keys below the top; the rows of several are put side by side. */
function tableOf(values: JsonValue): Table | undefined {
  const rows: Record<string, JsonValue>[] = [];
  for (const list of listsIn(values)) {
    if (!isDatapoints(list)) continue;
    for (const [index, row] of list.entries()) rows[index] = Object.assign(rows[index] ?? {}, row);
  }
  const first = rows[0];
  if (first === undefined) return undefined;
  return {
    fields: Object.keys(first),
    rows: rows.length,
    column: (field) => rows.map((row) => scalar(row[field])),
  };
}

function scalar(value: JsonValue | undefined): PlotValue {
  if (value === undefined || value === null) return null;
  return typeof value === 'object' ? JSON.stringify(value) : value;
}

function* listsIn(values: JsonValue): Generator<readonly JsonValue[]> {
  if (Array.isArray(values)) yield values as readonly JsonValue[];
  else if (isJsonObject(values)) {
    for (const value of Object.values(values)) {
      if (Array.isArray(value) || isJsonObject(value)) yield* listsIn(value);
    }
  }
}

function isDatapoints(list: readonly JsonValue[]): list is readonly Record<string, JsonValue>[] {
  const [first] = list;
  if (!isJsonObject(first)) return false;
  const keys = new Set(Object.keys(first));
  return list.every((row) => isJsonObject(row) && Object.keys(row).every((key) => keys.has(key)));
}
