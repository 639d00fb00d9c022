import { isJsonObject } from '../../core/json.ts';
import type { JsonObject, JsonValue } from '../../core/json.ts';
import type { Result } from '../../core/result.ts';
import { ok } from '../../core/result.ts';
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
export type BlockOptions = VectorizerOptions | HashingOptions | DocumentVectorOptions;

/** Learns a block from (cleaned) texts. */
export async function fitBlock(
  options: BlockOptions,
  texts: readonly string[],
  control: FitControl,
): Promise<Result<FittedOnTexts>> {
  if ('kind' in options) {
    return options.kind === 'hashing' ? fitHashing(options, texts) : fitDocumentVectors(options, texts, control);
  }
  const fitted = fitVectorizer(options, texts);
  return fitted.ok ? ok({ block: fitted.value.vectorizer, matrix: fitted.value.matrix }) : fitted;
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
