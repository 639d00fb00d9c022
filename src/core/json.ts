/** A value that JSON can carry. Params, metrics files and machine-readable output are made of these. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;
export type JsonObject = { readonly [key: string]: JsonValue };

/**
 * Plain data as JSON. An interface has no index signature, so TypeScript does not take it for a JsonObject, although it is one; callers give
 * data alone, without functions, dates or class instances.
 */
export const asJson = (data: object): JsonValue => data as JsonValue;
export const asJsonObject = (data: object): JsonObject => data as JsonObject;

export const isJsonObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * One text for equal values: object keys sorted by code unit, no white space, `-0` as `0`.
 * Numbers are compared by value, so `1` and `1.0` are the same; `1`, `true` and `"1"` are not.
 * Not-a-number and the infinities, which JSON lacks but YAML has, become tagged strings that no plain string can equal.
 */
export function canonicalJson(value: JsonValue): string {
  if (typeof value === 'number') return canonicalNumber(value);
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${(value as readonly JsonValue[]).map(canonicalJson).join(',')}]`;
  const object = value as JsonObject;
  const members = Object.keys(object)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(object[key] ?? null)}`);
  return `{${members.join(',')}}`;
}

function canonicalNumber(value: number): string {
  if (Number.isFinite(value)) return JSON.stringify(value === 0 ? 0 : value);
  return `<${value}>`;
}

export const sameJson = (a: JsonValue | undefined, b: JsonValue | undefined): boolean =>
  a === undefined || b === undefined ? a === b : canonicalJson(a) === canonicalJson(b);
