import { failure } from '../../core/failure.ts';
import type { Result } from '../../core/result.ts';
import { err, ok } from '../../core/result.ts';
import type { FittedBlock, FittedOnTexts, StoredBlock } from '../features/block.ts';
import { termsFromArrays } from '../features/stored-vectorizer.ts';
import { group, oneOf, real, text } from '../fields.ts';
import { arrayOf } from '../io/parts.ts';
import type { NumberArray } from '../io/parts.ts';
import type { CsrMatrix } from '../sparse/csr.ts';
import { TermTable } from '../text/term-table.ts';
import { categoryOf } from './column.ts';
import type { CellValue, ColumnInput, TableColumns } from './column.ts';

export const encodings = ['one_hot', 'ordinal'] as const;

/** A column of categories: a column for each (`one_hot`), or its number among them (`ordinal`). */
export interface CategoryOptions {
  readonly kind: 'categorical';
  readonly column: string;
  readonly encoding: (typeof encodings)[number];
  /** Categories of fewer rows are one together: a number from 1, or a share of the rows below 1. */
  readonly minFrequency: number;
}

/** The options as a stored model holds them. */
export const storedCategory = group({
  kind: oneOf(['categorical']),
  column: text(),
  encoding: oneOf(encodings),
  minFrequency: real({ above: 0 }),
});

/** Learns the categories of `rows` rows. Missing is a category like any other, but there must be another one. */
export function fitCategories(options: CategoryOptions, table: TableColumns, rows: number): Result<FittedOnTexts> {
  const { column, minFrequency } = options;
  const cells = table.get(column);
  const counts = new Map<string, number>();
  for (let row = 0; row < rows; row++) {
    const category = categoryOf(cells?.[row]);
    counts.set(category, (counts.get(category) ?? 0) + 1);
  }
  if (counts.size === (counts.has('') ? 1 : 0)) {
    return err(failure('training-data-invalid', { problem: `the column "${column}" holds no category` }));
  }
  const found = TermTable.of([...counts.keys()]);
  const sorted = Int32Array.from(counts.keys(), (_, id) => id).sort((a, b) => found.compare(a, b));
  const categories = found.pick(sorted);
  const fewest = minFrequency < 1 ? minFrequency * rows : minFrequency;
  const rare = Uint8Array.from(sorted, (_, id) => ((counts.get(categories.term(id)) ?? 0) < fewest ? 1 : 0));
  const block = new CategoryBlock(options, categories, rare);
  return ok({ block, matrix: block.rowsOf(table, rows) });
}

/** scikit-learn's OneHotEncoder (unknown categories are all zeros) and OrdinalEncoder (unknown ones are -1); rare categories share the last number. */
export class CategoryBlock implements FittedBlock {
  readonly options: CategoryOptions;
  readonly unit = null;
  readonly lexicon = null;
  readonly columns: number;
  readonly inputs: readonly ColumnInput[];
  readonly #categories: TermTable;
  readonly #rare: Uint8Array;
  readonly #numberOf = new Map<string, number>();
  /** Categories that are not rare, by number. */
  readonly #frequent: string[] = [];

  constructor(options: CategoryOptions, categories: TermTable, rare: Uint8Array) {
    this.options = options;
    this.inputs = [{ name: options.column, type: 'string' }];
    this.#categories = categories;
    this.#rare = rare;
    for (let id = 0; id < categories.size; id++) if (rare[id] === 0) this.#frequent.push(categories.term(id));
    this.#frequent.forEach((category, number) => this.#numberOf.set(category, number));
    for (let id = 0; id < categories.size; id++) {
      if (rare[id] === 1) this.#numberOf.set(categories.term(id), this.#frequent.length);
    }
    const numbers = this.#frequent.length + (rare.includes(1) ? 1 : 0);
    this.columns = options.encoding === 'ordinal' ? 1 : numbers;
  }

  get title(): string {
    return this.options.encoding === 'ordinal' ? `number of "${this.options.column}"` : `of "${this.options.column}"`;
  }

  transform(texts: readonly string[], table: TableColumns): CsrMatrix {
    return this.rowsOf(table, texts.length);
  }

  rowsOf(table: TableColumns, rows: number): CsrMatrix {
    const cells = table.get(this.options.column);
    const numbers = Int32Array.from({ length: rows }, (_, row) => this.#number(cells?.[row]));
    return this.options.encoding === 'ordinal' ? ordinal(numbers) : oneHot(numbers, this.columns);
  }

  columnName(column: number): string {
    const { column: name, encoding } = this.options;
    if (encoding === 'ordinal') return name;
    const category = this.#frequent[column];
    if (category === undefined) return `${name} (rare)`;
    return category === '' ? `${name} (missing)` : `${name}=${category}`;
  }

  arrays(): Readonly<Record<string, NumberArray>> {
    return { ...this.#categories.toUnits(), rare: this.#rare };
  }

  #number(cell: CellValue): number {
    return this.#numberOf.get(categoryOf(cell)) ?? -1;
  }
}

function ordinal(numbers: Int32Array): CsrMatrix {
  const rows = numbers.length;
  const indptr = Int32Array.from({ length: rows + 1 }, (_, row) => row);
  return { rows, columns: 1, indptr, indices: new Int32Array(rows), values: Float64Array.from(numbers) };
}

function oneHot(numbers: Int32Array, columns: number): CsrMatrix {
  const indptr = new Int32Array(numbers.length + 1);
  numbers.forEach((number, row) => (indptr[row + 1] = (indptr[row] ?? 0) + (number < 0 ? 0 : 1)));
  const indices = numbers.filter((number) => number >= 0);
  return { rows: numbers.length, columns, indptr, indices, values: new Float64Array(indices.length).fill(1) };
}

/** The inverse of `CategoryBlock.arrays`; a text says what is wrong. */
export function categoriesFromParts(options: CategoryOptions, stored: StoredBlock): CategoryBlock | string {
  const categories = termsFromArrays(stored.arrays, stored.name);
  if (typeof categories === 'string') return categories;
  const rare = arrayOf(stored.arrays, 'rare', 'u8');
  if (categories.size === 0 || rare?.length !== categories.size || rare.some((flagged) => flagged > 1)) {
    return `the categories of ${stored.name} are broken`;
  }
  return new CategoryBlock(options, categories, rare);
}
