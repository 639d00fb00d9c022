import { asJsonObject, type JsonValue } from '../../core/json.ts';
import type { Field } from '../fields.ts';
import { allSane, arrayOf } from '../io/parts.ts';
import type { NumberArray, Parts } from '../io/parts.ts';
import { TermTable } from '../text/term-table.ts';
import { storedBlock, storedCleaning } from './options.ts';
import { FittedFeatures } from './pipeline.ts';
import { FittedVectorizer } from './vectorizer.ts';

/** All that fitted features are made of: options as plain data, terms and document frequencies as arrays. */
export function featuresToParts(features: FittedFeatures): Parts {
  const arrays: Record<string, NumberArray> = {};
  for (const [number, block] of features.blocks.entries()) {
    const { units, ends } = block.terms.toUnits();
    arrays[`block${number}.units`] = units;
    arrays[`block${number}.ends`] = ends;
    if (block.idf !== null) arrays[`block${number}.idf`] = block.idf;
  }
  return { meta: asJsonObject(features.options), arrays };
}

/** The inverse of `featuresToParts`; a text says what is wrong with the parts. */
export function featuresFromParts(parts: Parts): FittedFeatures | string {
  const cleaning = checked(storedCleaning, parts.meta['cleaning'], 'cleaning');
  if (typeof cleaning === 'string') return cleaning;
  const { blocks } = parts.meta;
  if (!Array.isArray(blocks) || blocks.length === 0) return 'it has no blocks of features';
  const vectorizers: FittedVectorizer[] = [];
  for (const [number, given] of (blocks as readonly JsonValue[]).entries()) {
    const vectorizer = vectorizerFromParts(parts, number, given);
    if (typeof vectorizer === 'string') return vectorizer;
    vectorizers.push(vectorizer);
  }
  return new FittedFeatures(cleaning, vectorizers);
}

function vectorizerFromParts(parts: Parts, number: number, given: JsonValue): FittedVectorizer | string {
  const name = `block${number}`;
  const options = checked(storedBlock, given, name);
  if (typeof options === 'string') return options;
  if (options.analyzer.ngramMin > options.analyzer.ngramMax) return `${name} has n-grams from above to below`;
  const units = arrayOf(parts.arrays, `${name}.units`, 'u16');
  const ends = arrayOf(parts.arrays, `${name}.ends`, 'i32');
  if (units === undefined || ends === undefined) return `${name} has no terms`;
  const terms = TermTable.fromUnits(units, ends);
  if (terms === undefined) return `the terms of ${name} are broken`;
  if (options.weighting.kind === 'bow') return new FittedVectorizer(options, terms, null);
  const idf = arrayOf(parts.arrays, `${name}.idf`, 'f64');
  if (idf?.length !== terms.size || !allSane(idf)) return `the document frequencies of ${name} are broken`;
  return new FittedVectorizer(options, terms, idf);
}

function checked<T extends object>(field: Field<T>, given: JsonValue | undefined, name: string): T | string {
  const outcome = given === undefined ? { problem: 'is missing' } : field(given);
  if ('value' in outcome) return outcome.value;
  return `${[name, outcome.below].filter((part) => part !== undefined).join('.')} ${outcome.problem}`;
}
