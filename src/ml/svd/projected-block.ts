import type { TableColumns } from '../columns/column.ts';
import type { FittedBlock, FittedOnTexts, Lexicon } from '../features/block.ts';
import type { NumberArray } from '../io/parts.ts';
import type { CsrMatrix } from '../sparse/csr.ts';
import { joinColumns } from '../sparse/csr.ts';
import { project } from './project.ts';
import type { SvdSettings } from './settings.ts';

/** Other blocks side by side, seen along few directions. */
export interface ProjectedOptions {
  readonly kind: 'svd';
  readonly settings: SvdSettings;
  /** Options of the blocks that are projected. */
  readonly of: readonly object[];
}

/** What the decomposition found, as it is stored. */
export interface Projection {
  /** [columns of the blocks, components] by rows. */
  readonly components: Float32Array;
  readonly singularValues: Float64Array;
  /** Of each component, its share in the variance of the training rows. */
  readonly varianceRatio: Float64Array;
}

/** Latent semantic analysis (Deerwester et al. 1990): a dense row a text, empty where the text has none of the columns. */
export class ProjectedBlock implements FittedBlock {
  readonly options: ProjectedOptions;
  readonly unit = null;
  readonly lexicon: Lexicon | null;
  readonly #blocks: readonly FittedBlock[];
  readonly #projection: Projection;

  /** `rows` are those of the blocks that it was fitted on, where they are at hand: the lexicon's words are asked about them, not about projected ones. */
  constructor(settings: SvdSettings, blocks: readonly FittedBlock[], projection: Projection, rows?: CsrMatrix) {
    this.options = { kind: 'svd', settings, of: blocks.map(({ options }) => options) };
    this.#blocks = blocks;
    this.#projection = projection;
    this.lexicon = lexiconOf(blocks, rows);
  }

  get columns(): number {
    return this.#projection.singularValues.length;
  }

  get title(): string {
    const share = this.#projection.varianceRatio.reduce((sum, own) => sum + own, 0);
    const titles = this.#blocks.map((block) => block.title).join(' and ');
    return `components of ${titles}, with ${(100 * share).toFixed(0)} % of their variance`;
  }

  transform(texts: readonly string[], table: TableColumns): CsrMatrix {
    return this.#rows(joinColumns(this.#blocks.map((block) => block.transform(texts, table))));
  }

  /** Learns nothing more: the block with the rows of the blocks' own ones. */
  withRows(x: CsrMatrix): FittedOnTexts {
    return { block: this, matrix: this.#rows(x) };
  }

  columnName(column: number): string {
    return `component ${column}`;
  }

  arrays(): Readonly<Record<string, NumberArray>> {
    const { components, singularValues, varianceRatio } = this.#projection;
    const arrays: Record<string, NumberArray> = { components, singularValues, varianceRatio };
    for (const [number, block] of this.#blocks.entries()) {
      for (const [name, array] of Object.entries(block.arrays())) arrays[`of${number}.${name}`] = array;
    }
    return arrays;
  }

  #rows(x: CsrMatrix): CsrMatrix {
    const k = this.columns;
    const dense = project(x, this.#projection.components, k);
    const indptr = new Int32Array(x.rows + 1);
    const indices = new Int32Array(dense.length);
    let to = 0;
    for (let row = 0; row < x.rows; row++) {
      if (x.indptr[row] !== x.indptr[row + 1]) {
        dense.copyWithin(to, row * k, (row + 1) * k);
        for (let i = 0; i < k; i++) indices[to + i] = i;
        to += k;
      }
      indptr[row + 1] = to;
    }
    return { rows: x.rows, columns: k, indptr, indices: indices.subarray(0, to), values: dense.subarray(0, to) };
  }
}

function lexiconOf(blocks: readonly FittedBlock[], rows: CsrMatrix | undefined): Lexicon | null {
  let first = 0;
  for (const { lexicon, columns } of blocks) {
    if (lexicon === null) {
      first += columns;
      continue;
    }
    const known = rows === undefined ? () => true : lexicon.knownWithoutOne(rows, first);
    return { ...lexicon, knownWithoutOne: () => known };
  }
  return null;
}
