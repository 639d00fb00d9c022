import type { JsonValue } from '../../core/json.ts';
import type { Result } from '../../core/result.ts';
import { ok } from '../../core/result.ts';
import type { FitControl } from '../estimator.ts';
import type { FittedBlock, FittedOnTexts, StoredBlock } from './block.ts';
import { checked } from './stored-options.ts';
import { storedVectorizer, vectorizerFromParts } from './stored-vectorizer.ts';
import { fitVectorizer } from './vectorizer.ts';
import type { VectorizerOptions } from './vectorizer.ts';

/** Of each kind of block, told apart by `kind`; a vectorizer has none. */
export type BlockOptions = VectorizerOptions;

/** Learns a block from (cleaned) texts. */
export async function fitBlock(
  options: BlockOptions,
  texts: readonly string[],
  _control: FitControl,
): Promise<Result<FittedOnTexts>> {
  const fitted = await Promise.resolve(fitVectorizer(options, texts));
  return fitted.ok ? ok({ block: fitted.value.vectorizer, matrix: fitted.value.matrix }) : fitted;
}

/** A block as it was stored; a text says what is wrong with it. */
export function blockFromParts(given: JsonValue, stored: StoredBlock): FittedBlock | string {
  const options = checked(storedVectorizer, given, stored.name);
  return typeof options === 'string' ? options : vectorizerFromParts(options, stored);
}
