import { createHash } from 'node:crypto';
import { isSha256 } from '../../core/brands.ts';
import { canonicalJson, isJsonObject } from '../../core/json.ts';
import type { JsonObject, JsonValue } from '../../core/json.ts';
import type { Parts } from '../io/parts.ts';

/** The two files that make a package. */
export const descriptionFile = 'model.json';
export const weightsFile = 'weights.bin';
/** Beside them, for people: loading neither needs nor reads it. */
export const cardFile = 'MODEL.md';

export const formatName = 'mlp-model';

/** Larger descriptions are refused unread. */
export const mostDescriptionBytes = 16 * 2 ** 20;
/** Larger weights are refused unread. */
export const mostWeightBytes = 2 ** 31;

export const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');

/** Hash of all of a description but its own `sha256`, so that a changed bit anywhere shows. */
export function descriptionHash(description: JsonObject): string {
  const { sha256: _own, ...rest } = description;
  return sha256(canonicalJson(rest));
}

/** What model.json says of weights.bin. */
export interface WeightsRecord {
  readonly bytes: number;
  readonly sha256: string;
  readonly arrays: JsonValue;
}

export function asWeightsRecord(value: JsonValue | undefined): WeightsRecord | undefined {
  if (!isJsonObject(value)) return undefined;
  const { file, bytes, sha256: hash, arrays } = value;
  // The name is written for people; weights are never looked for elsewhere.
  if (file !== weightsFile) return undefined;
  if (typeof bytes !== 'number' || !Number.isSafeInteger(bytes) || bytes < 0 || bytes > mostWeightBytes)
    return undefined;
  if (typeof hash !== 'string' || !isSha256(hash) || arrays === undefined) return undefined;
  return { bytes, sha256: hash, arrays };
}

/** Both halves of a model in one set of arrays, told apart by a prefix. */
export const joinArrays = (features: Parts, classifier: Parts): Parts['arrays'] => ({
  ...prefixed(features.arrays, 'features.'),
  ...prefixed(classifier.arrays, 'classifier.'),
});

const prefixed = (arrays: Parts['arrays'], prefix: string): Parts['arrays'] =>
  Object.fromEntries(Object.entries(arrays).map(([name, array]) => [prefix + name, array]));
