import { failure } from '../../core/failure.ts';
import type { Result } from '../../core/result.ts';
import { err, ok } from '../../core/result.ts';
import { noColumns } from '../columns/column.ts';
import type { ColumnInput, TableColumns } from '../columns/column.ts';
import type { FitControl } from '../estimator.ts';
import type { RowLabels } from '../selection/chi-square.ts';
import type { CsrMatrix } from '../sparse/csr.ts';
import { joinColumns } from '../sparse/csr.ts';
import { fitProjection } from '../svd/feature-block.ts';
import type { SvdSettings } from '../svd/settings.ts';
import type { CleaningOptions } from '../text/clean.ts';
import { cleanText } from '../text/clean.ts';
import { fitBlock } from './block-kinds.ts';
import type { BlockOptions } from './block-kinds.ts';
import type { FittedBlock, FittedOnTexts } from './block.ts';
import { scaleBlock } from './scaled-block.ts';
import { selectColumns } from './select.ts';
import type { SelectionOptions } from './select.ts';

/** From raw text and other columns of a table to columns of features: one cleaning, then blocks side by side (scikit-learn's FeatureUnion and ColumnTransformer). */
export interface FeatureOptions {
  readonly cleaning: CleaningOptions;
  readonly blocks: readonly BlockOptions[];
  /** Of their columns only the best, where it is given. */
  readonly selection?: SelectionOptions;
  /** Then each column of the text divided by its largest absolute value. */
  readonly scaling?: 'maxabs';
  /** Then components instead of columns, where it is given. */
  readonly svd?: SvdSettings;
}

interface FeaturesWithRows {
  readonly features: FittedFeatures;
  readonly matrix: CsrMatrix;
}

/** Texts, and other columns of the same rows. */
interface TextRows {
  readonly texts: readonly string[];
  readonly columns?: TableColumns;
}

/**
 * Learns every block from raw texts alone, or from rows with other columns, and gives their rows. A selection needs the labels of the texts; it, scaling and
 * projections concern the blocks of texts. Asynchronous because some blocks are learned in threads.
 */
export async function fitFeatures(
  options: FeatureOptions,
  rows: readonly string[] | TextRows,
  control: FitControl = {},
  labels?: RowLabels,
): Promise<Result<FeaturesWithRows>> {
  const { texts, columns: table = noColumns } = isTexts(rows) ? { texts: rows } : rows;
  const { selection } = options;
  if (selection !== undefined && labels?.y.length !== texts.length) {
    const problem = 'needs one label a text, and features were fitted without';
    return err(failure('learning-param', { param: 'featurize.select', problem, near: [] }));
  }
  const clean = texts.map((text) => cleanText(text, options.cleaning));
  const fittedBlocks: FittedOnTexts[] = [];
  for (const block of options.blocks) {
    const fitted = await fitBlock(block, { texts: clean, table }, control);
    if (!fitted.ok) return fitted;
    fittedBlocks.push(fitted.value);
  }
  const kept =
    selection === undefined || labels === undefined ? ok(fittedBlocks) : selectColumns(fittedBlocks, selection, labels);
  if (!kept.ok) return kept;
  const unscaled = kept.value.filter(({ block }) => block.inputs === undefined);
  const others = kept.value.filter(({ block }) => block.inputs !== undefined);
  const ofTexts = options.scaling === undefined ? unscaled : unscaled.map(scaleBlock);
  if (options.svd === undefined || ofTexts.length === 0)
    return ok(sideBySide(options.cleaning, [...ofTexts, ...others]));
  const projected = fitProjection(options.svd, ofTexts, control);
  if (!projected.ok) return projected;
  return ok(sideBySide(options.cleaning, [projected.value, ...others]));
}

const isTexts = (rows: readonly string[] | TextRows): rows is readonly string[] => Array.isArray(rows);

const sideBySide = (cleaning: CleaningOptions, fitted: readonly FittedOnTexts[]): FeaturesWithRows => ({
  features: new FittedFeatures(
    cleaning,
    fitted.map(({ block }) => block),
  ),
  matrix: joinColumns(fitted.map(({ matrix }) => matrix)),
});

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
