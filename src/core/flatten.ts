import type { JsonObject, JsonValue } from './json.ts';

export type JsonScalar = null | boolean | number | string;

/**
 * Nested values under one key each: `{a: {b: [1, 2]}}` gives `a.b[0]` and `a.b[1]`. An empty map or list is kept as the text `{}` or `[]`,
 * so that nothing vanishes. A bare scalar has the empty key.
 */
export function flattenValues(value: JsonValue): Record<string, JsonScalar> {
  const leaves: [string, JsonScalar][] = [];
  collect('', value, leaves);
  return Object.fromEntries(leaves);
}

function collect(key: string, value: JsonValue, leaves: [string, JsonScalar][]): void {
  if (value === null || typeof value !== 'object') {
    leaves.push([key, value]);
  } else if (Array.isArray(value)) {
    const items = value as readonly JsonValue[];
    if (items.length === 0) leaves.push([key, '[]']);
    items.forEach((item, index) => {
      collect(`${key}[${index}]`, item, leaves);
    });
  } else {
    const members = Object.entries(value as JsonObject);
    if (members.length === 0) leaves.push([key, '{}']);
    for (const [name, member] of members) collect(key === '' ? name : `${key}.${name}`, member, leaves);
  }
}

/** The finite numbers among the leaves: what a metrics file tells. */
export function flattenNumbers(value: JsonValue): Record<string, number> {
  const leaves = Object.entries(flattenValues(value));
  return Object.fromEntries(leaves.filter((leaf): leaf is [string, number] => Number.isFinite(leaf[1])));
}
