import { asJsonObject, type JsonValue } from '../../core/json.ts';
import { arraysBelow } from '../io/parts.ts';
import type { NumberArray, Parts } from '../io/parts.ts';
import { blockFromParts } from './block-kinds.ts';
import type { FittedBlock } from './block.ts';
import { FittedFeatures } from './pipeline.ts';
import { checked, storedCleaning } from './stored-options.ts';

/** All that fitted features are made of: options as plain data, and what was learned as arrays. */
export function featuresToParts(features: FittedFeatures): Parts {
  const arrays: Record<string, NumberArray> = {};
  for (const [number, block] of features.blocks.entries()) {
    for (const [name, array] of Object.entries(block.arrays())) arrays[`block${number}.${name}`] = array;
  }
  const { cleaning, blocks } = features;
  return { meta: asJsonObject({ cleaning, blocks: blocks.map(({ options }) => options) }), arrays };
}

/** The inverse of `featuresToParts`; a text says what is wrong with the parts. */
export function featuresFromParts(parts: Parts): FittedFeatures | string {
  const cleaning = checked(storedCleaning, parts.meta['cleaning'], 'cleaning');
  if (typeof cleaning === 'string') return cleaning;
  const { blocks } = parts.meta;
  if (!Array.isArray(blocks) || blocks.length === 0) return 'it has no blocks of features';
  const read: FittedBlock[] = [];
  for (const [number, given] of (blocks as readonly JsonValue[]).entries()) {
    const name = `block${number}`;
    const block = blockFromParts(given, { name, arrays: arraysBelow(parts.arrays, `${name}.`) });
    if (typeof block === 'string') return block;
    read.push(block);
  }
  return new FittedFeatures(cleaning, read);
}
