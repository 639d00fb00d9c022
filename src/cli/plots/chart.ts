import { failure, type Failure } from '../../core/failure.ts';
import { nearestNames } from '../../core/nearest.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { PlotSeries, PlotValue } from '../../report/plots/model.ts';
import type { Axis, PlotDefinition } from './definitions.ts';
import type { Table } from './read-table.ts';

/** The axes of one plot, with files, as DVC infers them; `x` is empty for the row number. */
export interface Axes {
  readonly xs: readonly Axis[];
  readonly ys: readonly Axis[];
}

type Tables = ReadonlyMap<string, Table>;

/** The series of one plot at one revision. Fails for a field that its file lacks, and for x and y of different lengths. */
export function seriesOf(
  definition: PlotDefinition,
  tables: Tables,
  { revision, file }: { revision: string; file: string },
): Result<readonly PlotSeries[]> {
  const { xs, ys } = axesOf(definition, tables, file);
  const missing = [...ys, ...xs]
    .map((axis) => missingField(definition.id, axis, tables))
    .find((each) => each !== undefined);
  if (missing !== undefined) return err(missing);
  const series: PlotSeries[] = [];
  for (const [index, y] of ys.entries()) {
    const table = tables.get(y.file);
    if (table === undefined) continue;
    const x = xs.length === 1 ? xs[0] : xs[index];
    const xValues = x === undefined ? rowNumbers(table.rows) : tables.get(x.file)?.column(x.field);
    const length = xValues?.length ?? 0;
    if (length !== table.rows) {
      return err(
        failure('plot-lengths', { plot: definition.id, x: label(x), xRows: length, y: label(y), yRows: table.rows }),
      );
    }
    series.push({ revision, file: y.file, field: y.field, xs: xValues ?? [], ys: table.column(y.field) });
  }
  return ok(series);
}

export function axesOf({ x, y }: PlotDefinition, tables: Tables, file: string): Axes {
  const withFile = (fields: readonly (string | Axis)[]): Axis[] =>
    fields.map((field) => (typeof field === 'string' ? { file, field } : field));
  const lastField = tables.get(file)?.fields.at(-1);
  const ys = y === undefined ? (lastField === undefined ? [] : [{ file, field: lastField }]) : withFile(y);
  if (x === undefined) return { xs: [], ys };
  if (typeof x === 'string') return { xs: ys.map((each) => ({ file: each.file, field: x })), ys };
  return { xs: x, ys };
}

function missingField(plot: string, { file, field }: Axis, tables: Tables): Failure | undefined {
  const table = tables.get(file);
  if (table === undefined || table.fields.includes(field)) return undefined;
  return failure('no-plot-field', { plot, field, file, fields: table.fields, near: nearestNames(field, table.fields) });
}

const rowNumbers = (rows: number): readonly PlotValue[] => Array.from({ length: rows }, (_, row) => row);
const label = (axis: Axis | undefined): string =>
  axis === undefined ? 'the row number' : `${axis.field} of ${axis.file}`;
