import type { Result } from '../../core/result.ts';
import { ok } from '../../core/result.ts';
import { noColumns } from '../columns/column.ts';
import type { ColumnInput, TableColumns } from '../columns/column.ts';
import type { FitControl } from '../estimator.ts';
import type { CsrMatrix } from '../sparse/csr.ts';
import { joinColumns } from '../sparse/csr.ts';
import type { CleaningOptions } from '../text/clean.ts';
import { cleanText } from '../text/clean.ts';
import { fitBlock } from './block-kinds.ts';
import type { BlockOptions } from './block-kinds.ts';
import type { FittedBlock } from './block.ts';

/** From raw text and other columns of a table to columns of features: one cleaning, then blocks side by side (scikit-learn's FeatureUnion and ColumnTransformer). */
export interface FeatureOptions {
  readonly cleaning: CleaningOptions;
  readonly blocks: readonly BlockOptions[];
}

/** Learns every block from raw texts and the table's other columns, and gives their rows. Asynchronous because some blocks are learned in threads. */
export async function fitFeatures(
  options: FeatureOptions,
  texts: readonly string[],
  control: FitControl = {},
  table: TableColumns = noColumns,
): Promise<Result<{ readonly features: FittedFeatures; readonly matrix: CsrMatrix }>> {
  const clean = texts.map((text) => cleanText(text, options.cleaning));
  const blocks: FittedBlock[] = [];
  const matrices: CsrMatrix[] = [];
  for (const block of options.blocks) {
    const fitted = await fitBlock(block, { texts: clean, table }, control);
    if (!fitted.ok) return fitted;
    blocks.push(fitted.value.block);
    matrices.push(fitted.value.matrix);
  }
  return ok({ features: new FittedFeatures(options.cleaning, blocks), matrix: joinColumns(matrices) });
}

/** Turns raw texts and other columns into rows, exactly as those it was fitted on. */
export class FittedFeatures {
  readonly cleaning: CleaningOptions;
  readonly blocks: readonly FittedBlock[];
  readonly columns: number;
  /** The columns of a table that it takes beside the text, each once. */
  readonly inputs: readonly ColumnInput[];

  constructor(cleaning: CleaningOptions, blocks: readonly FittedBlock[]) {
    this.cleaning = cleaning;
    this.blocks = blocks;
    this.columns = blocks.reduce((sum, block) => sum + block.columns, 0);
    const inputs = blocks.flatMap((block) => block.inputs ?? []);
    this.inputs = [...new Map(inputs.map((input) => [input.name, input])).values()];
  }

  /** Columns that `table` lacks are missing in every row. */
  transform(texts: readonly string[], table: TableColumns = noColumns): CsrMatrix {
    const clean = texts.map((text) => cleanText(text, this.cleaning));
    return joinColumns(this.blocks.map((block) => block.transform(clean, table)));
  }

  /** What a column counts, and in which block it stands. */
  term(column: number): { readonly block: number; readonly term: string } {
    let first = 0;
    for (const [number, block] of this.blocks.entries()) {
      if (column < first + block.columns) return { block: number, term: block.columnName(column - first) };
      first += block.columns;
    }
    throw new Error(`there is no column ${column} among ${this.columns}`);
  }
}
