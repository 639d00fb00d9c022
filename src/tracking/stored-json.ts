import { canonicalJson, type JsonValue } from '../core/json.ts';

/** A string, or canonicalJson's mark for a number that JSON lacks. Strings come first, so that a mark inside of one is left alone. */
const stringOrMark = /"(?:[^"\\]|\\.)*"|<(NaN|-?Infinity)>/g;
const markKey = '\u0000number';

/** Text in the store of any value that a params file may hold; equal values give equal text. */
export const toStored = (value: JsonValue): string => canonicalJson(value);

/** The value of `toStored`'s text. */
export function fromStored(text: string): JsonValue {
  if (!text.includes('<')) return JSON.parse(text) as JsonValue;
  const marked = text.replace(stringOrMark, (found, mark?: string) =>
    mark === undefined ? found : JSON.stringify({ [markKey]: mark }),
  );
  return JSON.parse(marked, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && markKey in value ? Number(value[markKey]) : value,
  ) as JsonValue;
}
