import { isJsonObject } from '../../core/json.ts';
import type { JsonObject, JsonValue } from '../../core/json.ts';
import type { Result } from '../../core/result.ts';
import { ok } from '../../core/result.ts';
import { categoriesFromParts, fitCategories, storedCategory } from '../columns/category-block.ts';
import type { CategoryOptions } from '../columns/category-block.ts';
import type { TableColumns } from '../columns/column.ts';
import { fitNumeric, numericFromParts, storedNumeric } from '../columns/numeric-block.ts';
import type { NumericOptions } from '../columns/numeric-block.ts';
import type { FitControl } from '../estimator.ts';
import type { DocumentVectorOptions } from '../word2vec/document-vectors.ts';
import { documentVectorsFromParts, fitDocumentVectors, storedDocumentVectors } from '../word2vec/feature-block.ts';
import { arraysBelow } from '../io/parts.ts';
import { innerOptions, projectedFromParts } from '../svd/feature-block.ts';
import type { FittedBlock, FittedOnTexts, StoredBlock } from './block.ts';
import { fitHashing, hashingFromParts, storedHashing } from './hashing.ts';
import type { HashingOptions } from './hashing.ts';
import { checked } from './stored-options.ts';
import { storedVectorizer, vectorizerFromParts } from './stored-vectorizer.ts';
import { fitVectorizer } from './vectorizer.ts';
import type { VectorizerOptions } from './vectorizer.ts';

/** Of each kind of block, told apart by `kind`; a vectorizer has none. */
export type BlockOptions =
  VectorizerOptions | HashingOptions | DocumentVectorOptions | NumericOptions | CategoryOptions;

/** Learns a block from (cleaned) texts, or from other columns of their table. */
export async function fitBlock(
  options: BlockOptions,
  { texts, table }: { readonly texts: readonly string[]; readonly table: TableColumns },
  control: FitControl,
): Promise<Result<FittedOnTexts>> {
  if (!('kind' in options)) {
    const fitted = fitVectorizer(options, texts);
    return fitted.ok ? ok({ block: fitted.value.vectorizer, matrix: fitted.value.matrix }) : fitted;
  }
  switch (options.kind) {
    case 'hashing':
      return fitHashing(options, texts);
    case 'word2vec':
      return fitDocumentVectors(options, texts, control);
    case 'numeric':
      return fitNumeric(options, table, texts.length);
    case 'categorical':
      return fitCategories(options, table, texts.length);
  }
}

/** A block as it was stored; a text says what is wrong with it. */
export function blockFromParts(given: JsonValue, stored: StoredBlock): FittedBlock | string {
  if (isJsonObject(given) && given['kind'] === 'hashing') {
    const options = checked(storedHashing, given, stored.name);
    return typeof options === 'string' ? options : hashingFromParts(options, stored);
  }
  if (isJsonObject(given) && given['kind'] === 'word2vec') {
    const options = checked(storedDocumentVectors, given, stored.name);
    return typeof options === 'string' ? options : documentVectorsFromParts(options, stored);
  }
  if (isJsonObject(given) && given['kind'] === 'svd') return projected(given, stored);
  if (isJsonObject(given) && given['kind'] === 'numeric') {
    const options = checked(storedNumeric, given, stored.name);
    return typeof options === 'string' ? options : numericFromParts(options, stored);
  }
  if (isJsonObject(given) && given['kind'] === 'categorical') {
    const options = checked(storedCategory, given, stored.name);
    return typeof options === 'string' ? options : categoriesFromParts(options, stored);
  }
  const options = checked(storedVectorizer, given, stored.name);
  return typeof options === 'string' ? options : vectorizerFromParts(options, stored);
}

function projected(given: JsonObject, stored: StoredBlock): FittedBlock | string {
  const inner = innerOptions(given);
  if (inner === undefined) return `${stored.name} has no blocks to project`;
  const blocks: FittedBlock[] = [];
  for (const [number, options] of inner.entries()) {
    const name = `${stored.name}.of${number}`;
    const block = blockFromParts(options, { name, arrays: arraysBelow(stored.arrays, `of${number}.`) });
    if (typeof block === 'string') return block;
    blocks.push(block);
  }
  return projectedFromParts(given, stored, blocks);
}
