import { failure } from '../../core/failure.ts';
import type { Result } from '../../core/result.ts';
import { err, ok } from '../../core/result.ts';
import { flag, group, oneOf, whole } from '../fields.ts';
import { arrayOf } from '../io/parts.ts';
import type { NumberArray } from '../io/parts.ts';
import type { CsrMatrix } from '../sparse/csr.ts';
import { sortColumns } from '../sparse/csr.ts';
import type { Analyzer, AnalyzerOptions } from '../text/grams.ts';
import { createAnalyzer } from '../text/grams.ts';
import { IntBuffer } from '../text/units.ts';
import type { FittedBlock, FittedOnTexts, StoredBlock } from './block.ts';
import { Utf8Hasher } from './murmur-hash.ts';
import { norms, storedAnalyzer } from './stored-options.ts';
import { chooseColumns } from './vocabulary.ts';
import { makeBinary, scaleRows } from './weighting.ts';

/** Columns by hash instead of by vocabulary: nothing is learned or stored, and no column can be told by its term. */
export interface HashingOptions {
  readonly kind: 'hashing';
  readonly analyzer: AnalyzerOptions;
  /** Columns, from 1. */
  readonly features: number;
  /** The hash's sign is the entry's, so that terms that share a column cancel out on average (Weinberger et al. 2009). */
  readonly alternateSign: boolean;
  readonly binary: boolean;
  readonly norm: 'l2' | 'l1' | 'none';
}

export const mostHashFeatures = 2 ** 26;

/** The options as a stored model holds them. */
export const storedHashing = group({
  kind: oneOf(['hashing']),
  analyzer: storedAnalyzer,
  features: whole({ min: 1, max: mostHashFeatures }),
  alternateSign: flag(),
  binary: flag(),
  norm: oneOf(norms),
});

/** There is nothing to learn; the rows are those of `transform`, with ascending columns. */
export function fitHashing(options: HashingOptions, texts: readonly string[]): Result<FittedOnTexts> {
  const block = new HashingVectorizer(options);
  const matrix = sortColumns(block.transform(texts));
  return matrix.indices.length === 0 ? err(failure('no-terms', { texts: texts.length })) : ok({ block, matrix });
}

/** The inverse of `HashingVectorizer.arrays`; a text says what is wrong. */
export function hashingFromParts(options: HashingOptions, { name, arrays }: StoredBlock): HashingVectorizer | string {
  if (arrays['kept'] === undefined) return new HashingVectorizer(options);
  const kept = arrayOf(arrays, 'kept', 'i32');
  const isAscending = kept?.every((column, at) => column > (at === 0 ? -1 : (kept[at - 1] ?? 0))) === true;
  if (kept === undefined || kept.length === 0 || !isAscending || (kept.at(-1) ?? 0) >= options.features) {
    return `the columns of ${name} are broken`;
  }
  return new HashingVectorizer(options, kept);
}

/** scikit-learn's HashingVectorizer: the same columns and values for the same terms. */
export class HashingVectorizer implements FittedBlock {
  readonly options: HashingOptions;
  readonly unit = null;
  readonly lexicon = null;
  readonly #analyzer: Analyzer;
  readonly #hasher = new Utf8Hasher();
  readonly #indices = new IntBuffer();
  readonly #sums = new IntBuffer();
  /** Where a column's entry stood last; only an entry of the present row that names the column counts. Made when it is first needed. */
  #entryOf = new Int32Array(0);
  /** The only columns there are, ascending; null for all. */
  readonly #kept: Int32Array | null;

  constructor(options: HashingOptions, kept: Int32Array | null = null) {
    this.options = options;
    this.#kept = kept;
    this.#analyzer = createAnalyzer(options.analyzer);
  }

  get columns(): number {
    return this.#kept?.length ?? this.options.features;
  }

  get title(): string {
    return `hashed ${this.options.analyzer.unit}`;
  }

  /** Entries that cancelled out stay as zeros, and with `binary` count as 1 like any other, as scikit-learn has it. */
  transform(texts: readonly string[]): CsrMatrix {
    const { features } = this.options;
    if (this.#entryOf.length === 0) this.#entryOf = new Int32Array(features);
    const indptr = new Int32Array(texts.length + 1);
    this.#indices.clear();
    this.#sums.clear();
    for (const [row, text] of texts.entries()) {
      this.#addRow(text);
      indptr[row + 1] = this.#indices.length;
    }
    const indices = this.#indices.values.slice(0, this.#indices.length);
    const values = Float64Array.from(this.#sums.values.subarray(0, this.#sums.length));
    const sums = { rows: texts.length, columns: features, indptr, indices, values };
    const matrix = this.options.binary ? makeBinary(sums) : sums;
    if (this.options.norm !== 'none') scaleRows(indptr, matrix.values, this.options.norm);
    return this.#kept === null ? matrix : chooseColumns(matrix, this.#kept);
  }

  columnName(column: number): string {
    return `hash ${this.#kept?.[column] ?? column}`;
  }

  /** Rows are scaled by all of their columns, also those that are left out then. */
  keepOnly(columns: Int32Array, matrix: CsrMatrix): FittedOnTexts {
    const kept = columns.map((column) => this.#kept?.[column] ?? column);
    return { block: new HashingVectorizer(this.options, kept), matrix: chooseColumns(matrix, columns) };
  }

  arrays(): Readonly<Record<string, NumberArray>> {
    return this.#kept === null ? {} : { kept: this.#kept };
  }

  #addRow(text: string): void {
    const indices = this.#indices;
    const sums = this.#sums;
    const { features, alternateSign } = this.options;
    const rowStart = indices.length;
    const { text: source, starts, ends } = this.#analyzer.analyze(text);
    for (let i = 0; i < starts.length; i++) {
      const hash = this.#hasher.hash(source.units, starts.values[i] ?? 0, ends.values[i] ?? 0);
      const column = Math.abs(hash) % features;
      const sign = alternateSign && hash < 0 ? -1 : 1;
      const entry = this.#entryOf[column] ?? 0;
      if (entry >= rowStart && entry < indices.length && indices.values[entry] === column) {
        sums.values[entry] = (sums.values[entry] ?? 0) + sign;
      } else {
        this.#entryOf[column] = indices.length;
        indices.push(column);
        sums.push(sign);
      }
    }
  }
}
