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
import { selectColumns } from './select.ts';
import type { SelectionOptions } from './select.ts';

/** From raw text and other columns of a table to columns of features: one cleaning, then blocks side by side (scikit-learn's FeatureUnion and ColumnTransformer). */
export interface FeatureOptions {
  readonly cleaning: CleaningOptions;
  readonly blocks: readonly BlockOptions[];
  /** Of their columns only the best, where it is given. */
  readonly selection?: SelectionOptions;
  /** Then components instead of columns, where it is given. */
  readonly svd?: SvdSettings;
}

interface FeaturesWithRows {
  readonly features: FittedFeatures;
  readonly matrix: CsrMatrix;
}

/** What belongs to the texts, one row each: a selection needs the labels, and blocks of other columns the table's. */
interface BesideTexts {
  readonly labels?: RowLabels | undefined;
  readonly table?: TableColumns | undefined;
}

/** Learns every block from raw texts and the table's other columns, and gives their rows. Asynchronous because some blocks are learned in threads. */
export async function fitFeatures(
  options: FeatureOptions,
  texts: readonly string[],
  control: FitControl = {},
  { labels, table = noColumns }: BesideTexts = {},
): Promise<Result<FeaturesWithRows>> {
  if (options.selection !== undefined && labels?.y.length !== texts.length) {
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
  const fewer = fewerColumns(options, fittedBlocks, { labels, control });
  return fewer.ok ? ok(sideBySide(options.cleaning, fewer.value)) : fewer;
}

/** Selection and projection concern what was made of texts; other columns stay beside it. */
function fewerColumns(
  { selection, svd }: FeatureOptions,
  blocks: readonly FittedOnTexts[],
  { labels, control }: { readonly labels: RowLabels | undefined; readonly control: FitControl },
): Result<readonly FittedOnTexts[]> {
  const ofTexts = blocks.filter(({ block }) => block.inputs === undefined);
  if (ofTexts.length === 0) return ok(blocks);
  const others = blocks.filter(({ block }) => block.inputs !== undefined);
  const kept =
    selection === undefined || labels === undefined ? ok(ofTexts) : selectColumns(ofTexts, selection, labels);
  if (!kept.ok) return kept;
  if (svd === undefined) return ok([...kept.value, ...others]);
  const projected = fitProjection(svd, kept.value, control);
  return projected.ok ? ok([projected.value, ...others]) : projected;
}

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
