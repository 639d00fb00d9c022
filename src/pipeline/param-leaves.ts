import { flattenValues, type JsonScalar } from '../core/flatten.ts';
import type { JsonValue } from '../core/json.ts';

/** The scalars of a stage's params from one file, by their full dotted key; `*` stands for the whole file. */
export function paramLeaves(values: Readonly<Record<string, JsonValue>>): Map<string, JsonScalar> {
  const leaves = new Map<string, JsonScalar>();
  for (const [key, value] of Object.entries(values)) {
    const front = key === '*' ? '' : key;
    for (const [leaf, scalar] of Object.entries(flattenValues(value))) leaves.set(joinKeys(front, leaf), scalar);
  }
  return leaves;
}

const joinKeys = (front: string, leaf: string): string =>
  front === '' || leaf === '' || leaf.startsWith('[') ? front + leaf : `${front}.${leaf}`;
