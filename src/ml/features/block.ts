import type { ColumnInput, TableColumns } from '../columns/column.ts';
import type { NumberArray } from '../io/parts.ts';
import type { CsrMatrix } from '../sparse/csr.ts';
import type { AnalyzerOptions } from '../text/grams.ts';
import type { TermTable } from '../text/term-table.ts';

/** Columns that one way of looking at (cleaned) texts, or at other columns of their table, gives, once it has learned what it needs. */
export interface FittedBlock {
  readonly columns: number;
  /** Plain data, as configured. All but vectorizers, which were there before there was a choice, name their `kind`. */
  readonly options: object;
  /** For people: what the columns are. */
  readonly title: string;
  /** What a column counts; null where it stands for no term that a reader could be told. */
  readonly unit: AnalyzerOptions['unit'] | null;
  /** The single words that it knows; null where it knows none one by one. */
  readonly lexicon: Lexicon | null;
  /** The columns of the table that it takes beside the text; none where it does not say. */
  readonly inputs?: readonly ColumnInput[];
  /** One row a text. Columns of a row are distinct, in any order. `table` has the rows of the texts. */
  transform(texts: readonly string[], table: TableColumns): CsrMatrix;
  columnName(column: number): string;
  /** The block with the given columns (ascending) alone, and its rows made of this one's. Missing where no column can be left out. */
  keepOnly?(columns: Int32Array, matrix: CsrMatrix): FittedOnTexts;
  /** All that it learned, by name; with the options the whole of it. */
  arrays(): Readonly<Record<string, NumberArray>>;
}

/** Single words, and how texts are cut into them. */
export interface Lexicon {
  readonly analyzer: AnalyzerOptions;
  readonly terms: TermTable;
  /**
   * Says of each word whether it would be known, had one of the training texts that hold it been missing. `x` are their rows, in which the block's columns
   * start at `first`.
   */
  knownWithoutOne(x: CsrMatrix, first: number): (id: number) => boolean;
}

/** A block, and the rows of the texts it was fitted on, with ascending columns. */
export interface FittedOnTexts {
  readonly block: FittedBlock;
  readonly matrix: CsrMatrix;
}

/** What a stored block is read from: `name` for messages, arrays under the names that `FittedBlock.arrays` gave them. */
export interface StoredBlock {
  readonly name: string;
  readonly arrays: Readonly<Record<string, NumberArray>>;
}
