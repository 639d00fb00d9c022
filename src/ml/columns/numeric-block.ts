import { failure } from '../../core/failure.ts';
import type { Result } from '../../core/result.ts';
import { err, ok } from '../../core/result.ts';
import type { FittedBlock, FittedOnTexts, StoredBlock } from '../features/block.ts';
import { flag, group, listOf, oneOf, text } from '../fields.ts';
import { allSane, arrayOf } from '../io/parts.ts';
import type { NumberArray } from '../io/parts.ts';
import type { CsrMatrix } from '../sparse/csr.ts';
import { numberOf } from './column.ts';
import type { ColumnInput, TableColumns } from './column.ts';
import { fillOf, imputations, scaleOf, scalings } from './scaling.ts';
import type { Imputation, Scaling } from './scaling.ts';

/** Columns of numbers: missing ones filled in, then scaled. */
export interface NumericOptions {
  readonly kind: 'numeric';
  readonly columns: readonly string[];
  readonly scaling: Scaling;
  readonly impute: Imputation;
  /** A further column, 1 where the number is missing, for each that lacked one in training. */
  readonly addIndicator: boolean;
}

export const mostColumns = 10_000;

/** The options as a stored model holds them. */
export const storedNumeric = group({
  kind: oneOf(['numeric']),
  columns: listOf(text(), { least: 1, most: mostColumns }),
  scaling: oneOf(scalings),
  impute: oneOf(imputations),
  addIndicator: flag(),
});

/** What is learned of each column: what stands for a missing number, what is taken off, what divides, and whether it has an indicator. */
interface Learned {
  readonly fill: Float64Array;
  readonly center: Float64Array;
  readonly scale: Float64Array;
  readonly indicated: Uint8Array;
}

/** Learns fillings and scales from `rows` rows. A column without any number is a failure. */
export function fitNumeric(options: NumericOptions, table: TableColumns, rows: number): Result<FittedOnTexts> {
  const { columns, impute, scaling, addIndicator } = options;
  const fill = new Float64Array(columns.length);
  const center = new Float64Array(columns.length);
  const scale = new Float64Array(columns.length);
  const indicated = new Uint8Array(columns.length);
  for (const [at, name] of columns.entries()) {
    const values = numbersOf(table, name, rows);
    const present = values.filter((value) => !Number.isNaN(value));
    if (present.length === 0) {
      return err(failure('training-data-invalid', { problem: `the column "${name}" holds no number` }));
    }
    const filled = fillOf(present, impute);
    const learned = scaleOf(
      values.map((value) => (Number.isNaN(value) ? filled : value)),
      scaling,
    );
    fill[at] = filled;
    center[at] = learned.center;
    scale[at] = learned.scale;
    indicated[at] = addIndicator && present.length < rows ? 1 : 0;
  }
  const block = new NumericBlock(options, { fill, center, scale, indicated });
  return ok({ block, matrix: block.rowsOf(table, rows) });
}

/** Numbers of other columns, side by side, and behind them the indicators of those that were missing. */
export class NumericBlock implements FittedBlock {
  readonly options: NumericOptions;
  readonly unit = null;
  readonly lexicon = null;
  readonly columns: number;
  readonly inputs: readonly ColumnInput[];
  readonly #learned: Learned;
  /** Numbers of the columns that have an indicator. */
  readonly #indicated: readonly number[];

  constructor(options: NumericOptions, learned: Learned) {
    this.options = options;
    this.inputs = options.columns.map((name) => ({ name, type: 'number' }));
    this.#learned = learned;
    this.#indicated = options.columns.map((_, at) => at).filter((at) => learned.indicated[at] === 1);
    this.columns = options.columns.length + this.#indicated.length;
  }

  get title(): string {
    const { length } = this.options.columns;
    const missing = this.#indicated.length === 0 ? '' : ' and which are missing';
    return `${length === 1 ? 'number' : 'numbers'}${missing}`;
  }

  transform(texts: readonly string[], table: TableColumns): CsrMatrix {
    return this.rowsOf(table, texts.length);
  }

  /** Every number is an entry, 0 too: for XGBoost one that is not there would be missing. Of the indicators only those that are 1 are entries. */
  rowsOf(table: TableColumns, rows: number): CsrMatrix {
    const { columns } = this.options;
    const { fill, center, scale } = this.#learned;
    const numbers = columns.map((name) => numbersOf(table, name, rows));
    const isMissing = (row: number) => (at: number) => Number.isNaN(numbers[at]?.[row]);
    const indptr = new Int32Array(rows + 1);
    for (let row = 0; row < rows; row++) {
      indptr[row + 1] = (indptr[row] ?? 0) + columns.length + this.#indicated.filter(isMissing(row)).length;
    }
    const indices = new Int32Array(indptr[rows] ?? 0);
    const values = new Float64Array(indices.length);
    for (let row = 0, to = 0; row < rows; row++) {
      for (const [at, own] of numbers.entries()) {
        const value = own[row] ?? NaN;
        indices[to] = at;
        values[to++] = ((Number.isNaN(value) ? (fill[at] ?? 0) : value) - (center[at] ?? 0)) / (scale[at] ?? 1);
      }
      for (const [place, at] of this.#indicated.entries()) {
        if (!isMissing(row)(at)) continue;
        indices[to] = columns.length + place;
        values[to++] = 1;
      }
    }
    return { rows, columns: this.columns, indptr, indices, values };
  }

  columnName(column: number): string {
    const { columns } = this.options;
    return columns[column] ?? `${columns[this.#indicated[column - columns.length] ?? 0] ?? ''} (missing)`;
  }

  arrays(): Readonly<Record<string, NumberArray>> {
    return { ...this.#learned };
  }
}

/** The inverse of `NumericBlock.arrays`; a text says what is wrong. */
export function numericFromParts(options: NumericOptions, { name, arrays }: StoredBlock): NumericBlock | string {
  const { length } = options.columns;
  const fill = arrayOf(arrays, 'fill', 'f64');
  const center = arrayOf(arrays, 'center', 'f64');
  const scale = arrayOf(arrays, 'scale', 'f64');
  const indicated = arrayOf(arrays, 'indicated', 'u8');
  for (const array of [fill, center, scale, indicated]) {
    if (array?.length !== length) return `the numbers of ${name} do not fit its ${length} columns`;
  }
  if (fill === undefined || center === undefined || scale === undefined || indicated === undefined) {
    return `the numbers of ${name} are missing`;
  }
  if (new Set(options.columns).size !== length) return `${name} names a column twice`;
  // A number over a stored scale must stay finite.
  const isSane = allSane(fill) && allSane(center) && allSane(scale) && scale.every((by) => by >= 1e-100);
  if (!isSane) return `the scales of ${name} are broken`;
  if (indicated.some((flagged) => flagged > 1 || (flagged === 1 && !options.addIndicator))) {
    return `the indicators of ${name} are broken`;
  }
  return new NumericBlock(options, { fill, center, scale, indicated });
}

/** As long as the rows; NaN where a number is missing. */
function numbersOf(table: TableColumns, name: string, rows: number): Float64Array {
  const cells = table.get(name);
  const numbers = new Float64Array(rows).fill(NaN);
  if (cells !== undefined) for (let row = 0; row < rows; row++) numbers[row] = numberOf(cells[row]);
  return numbers;
}
