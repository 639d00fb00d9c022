import type { ColumnInput } from './column.ts';
import type { CategoryOptions } from './category-block.ts';
import { encodings } from './category-block.ts';
import { flag, group, oneOf, real } from '../fields.ts';
import type { ValuesOf } from '../fields.ts';
import type { NumericOptions } from './numeric-block.ts';
import { imputations, scalings } from './scaling.ts';

/** What params.yaml may say of other columns under `featurize`. */
export const columnFields = {
  numeric: group({
    scaling: oneOf(scalings, 'standard'),
    impute: oneOf(imputations, 'mean'),
    add_indicator: flag(false),
  }),
  categorical: group({
    encoding: oneOf(encodings, 'one_hot'),
    min_frequency: real({ above: 0 }, 1),
  }),
};

/** One block for all numbers, and one for each column of categories. */
export function columnBlocks(
  { numeric, categorical }: ValuesOf<typeof columnFields>,
  columns: readonly ColumnInput[],
): (NumericOptions | CategoryOptions)[] {
  const numbers = columns.filter(({ type }) => type === 'number').map(({ name }) => name);
  const categories = columns.filter(({ type }) => type === 'string').map(({ name }) => name);
  const { scaling, impute, add_indicator: addIndicator } = numeric;
  const { encoding, min_frequency: minFrequency } = categorical;
  return [
    ...(numbers.length === 0 ? [] : [{ kind: 'numeric' as const, columns: numbers, scaling, impute, addIndicator }]),
    ...categories.map((column) => ({ kind: 'categorical' as const, column, encoding, minFrequency })),
  ];
}
