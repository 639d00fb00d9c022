import { expect, it } from 'vitest';
import { failureMessage } from '../../core/failure.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Result } from '../../core/result.ts';
import { featureOptions, featurizeFields } from '../features/options.ts';
import { fitFeatures } from '../features/pipeline.ts';
import { featuresFromParts, featuresToParts } from '../features/stored.ts';
import { readFields } from '../fields.ts';
import type { CellValue, TableColumns } from './column.ts';

const texts = ['red green', 'red blue', 'green blue', 'red', 'blue', 'green red blue'];
const columns: TableColumns = new Map<string, CellValue[]>([
  ['likes', [1, 2, 3, 4, 5, 6]],
  ['channel', ['a', 'b', 'a', 'b', 'a', 'b']],
]);
const inputs = [
  { name: 'likes', type: 'number' },
  { name: 'channel', type: 'string' },
] as const;

function need<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(failureMessage(result.error));
  return result.value;
}

it.each<[string, JsonObject, readonly number[]]>([
  ['selection', { select: 'chi2', select_k: 2 }, [2, 1, 2]],
  ['a projection', { svd: { n_components: 2 } }, [2, 1, 2]],
  ['both', { select: 'chi2', select_k: 3, svd: { n_components: 2 } }, [2, 1, 2]],
  ['a projection of no text at all', { ngram_max: 0, svd: { n_components: 2 } }, [1, 2]],
])('%s concerns the columns of the text alone, and is read back with the others', async (_, given, blockColumns) => {
  const params = { kind: 'bow', ngram_max: 1, char_ngram_max: 0, ...given };
  const options = need(featureOptions(need(readFields({ params }, 'params', featurizeFields)), inputs));
  const labels = { y: Int32Array.of(0, 1, 0, 1, 0, 1), classes: 2 };
  const { features, matrix } = need(await fitFeatures(options, texts, {}, { labels, table: columns }));
  expect(features.blocks.map((block) => block.columns)).toEqual(blockColumns);
  expect(features.inputs).toEqual(inputs);

  const read = featuresFromParts(featuresToParts(features));
  if (typeof read === 'string') throw new Error(read);
  expect(read.inputs).toEqual(inputs);
  const again = read.transform(texts, columns);
  expect(again.columns).toBe(matrix.columns);
  expect(Array.from(again.values).sort()).toEqual(Array.from(features.transform(texts, columns).values).sort());
});
