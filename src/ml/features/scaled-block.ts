import { isJsonObject } from '../../core/json.ts';
import type { JsonObject, JsonValue } from '../../core/json.ts';
import type { TableColumns } from '../columns/column.ts';
import { unlessConstant } from '../columns/scaling.ts';
import { allSane, arrayOf } from '../io/parts.ts';
import type { NumberArray } from '../io/parts.ts';
import type { CsrMatrix } from '../sparse/csr.ts';
import type { FittedBlock, FittedOnTexts, Lexicon, StoredBlock } from './block.ts';

/** The columns of another block, each divided by its largest absolute value in training. */
interface ScaledOptions {
  readonly kind: 'maxabs';
  /** Options of that block. */
  readonly of: object;
}

/** scikit-learn's MaxAbsScaler behind a block: what is zero stays zero, so that rows stay sparse. */
export function scaleBlock({ block, matrix }: FittedOnTexts): FittedOnTexts {
  const largest = new Float64Array(block.columns);
  for (let at = 0; at < matrix.indices.length; at++) {
    const column = matrix.indices[at] ?? 0;
    largest[column] = Math.max(largest[column] ?? 0, Math.abs(matrix.values[at] ?? 0));
  }
  const scale = largest.map(unlessConstant);
  return { block: new ScaledBlock(block, scale), matrix: divided(matrix, scale) };
}

class ScaledBlock implements FittedBlock {
  readonly options: ScaledOptions;
  readonly columns: number;
  readonly title: string;
  readonly unit: FittedBlock['unit'];
  readonly lexicon: Lexicon | null;
  readonly #of: FittedBlock;
  readonly #scale: Float64Array;

  constructor(of: FittedBlock, scale: Float64Array) {
    this.options = { kind: 'maxabs', of: of.options };
    this.columns = of.columns;
    this.title = `scaled ${of.title}`;
    this.unit = of.unit;
    this.lexicon = of.lexicon;
    this.#of = of;
    this.#scale = scale;
  }

  transform(texts: readonly string[], table: TableColumns): CsrMatrix {
    return divided(this.#of.transform(texts, table), this.#scale);
  }

  columnName(column: number): string {
    return this.#of.columnName(column);
  }

  arrays(): Readonly<Record<string, NumberArray>> {
    const own: Record<string, NumberArray> = { scale: this.#scale };
    for (const [name, array] of Object.entries(this.#of.arrays())) own[`of.${name}`] = array;
    return own;
  }
}

function divided(x: CsrMatrix, scale: Float64Array): CsrMatrix {
  return { ...x, values: Float64Array.from(x.values, (value, at) => value / (scale[x.indices[at] ?? 0] ?? 1)) };
}

/** Options of the scaled block, which are read like any others; undefined when there are none, or anything beside them. */
export function scaledOptions(given: JsonObject): JsonValue | undefined {
  const { kind: _kind, of, ...rest } = given;
  return isJsonObject(of) && of['kind'] !== 'maxabs' && Object.keys(rest).length === 0 ? of : undefined;
}

/** The inverse of `ScaledBlock.arrays`, of a block that is read already; a text says what is wrong. */
export function scaledFromParts(of: FittedBlock, { name, arrays }: StoredBlock): FittedBlock | string {
  const scale = arrayOf(arrays, 'scale', 'f64');
  if (scale?.length !== of.columns || !allSane(scale)) return `the scales of ${name} do not fit its columns`;
  // Values over a stored scale must stay finite.
  return scale.every((by) => by >= 1e-15) ? new ScaledBlock(of, scale) : `the scales of ${name} are broken`;
}
