import { isJsonObject } from '../../core/json.ts';
import type { JsonObject, JsonValue } from '../../core/json.ts';
import { categoryOf, numberOf } from './column.ts';
import type { CellValue, ColumnInput, ModelInput, TableColumns } from './column.ts';

/** The first row of a table that lacks none of the columns, or else its first row: numbers as numbers, null for what is missing. A text alone without columns. */
export function exampleRow(
  { texts, columns }: { readonly texts: readonly string[]; readonly columns?: TableColumns },
  inputs: readonly ColumnInput[],
): ModelInput {
  const cell = ({ name, type }: ColumnInput, row: number): number | string | null => {
    const value = columns?.get(name)?.[row];
    const number = numberOf(value);
    return type === 'number' ? (Number.isNaN(number) ? null : number) : categoryOf(value) || null;
  };
  const whole = texts.findIndex((_, row) => inputs.every((input) => cell(input, row) !== null));
  const row = Math.max(0, whole);
  const text = texts[row] ?? '';
  if (inputs.length === 0) return text;
  return { ...Object.fromEntries(inputs.map((input) => [input.name, cell(input, row)])), text };
}

/** An input without what the model does not look at: a text alone where it takes no other columns. */
export function knownPart(input: ModelInput, inputs: readonly ColumnInput[]): ModelInput {
  if (inputs.length === 0) return typeof input === 'string' ? input : input.text;
  if (typeof input === 'string') return { text: input };
  const own = inputs.filter(({ name }) => Object.hasOwn(input, name)).map(({ name }) => [name, input[name] ?? null]);
  return { ...(Object.fromEntries(own) as Readonly<Record<string, CellValue>>), text: input.text };
}

/** An input as descriptions hold it: `text`, and below `columns` all others, where there are any. */
export function exampleToJson(input: ModelInput): JsonObject {
  if (typeof input === 'string') return { text: input };
  const { text, ...columns } = input;
  return { text, columns: columns as JsonObject };
}

/** The inverse of `exampleToJson`; undefined when it is broken. */
export function exampleFromJson(given: JsonObject): ModelInput | undefined {
  const { text, columns } = given;
  if (typeof text !== 'string') return undefined;
  if (columns === undefined) return text;
  if (
    !isJsonObject(columns) ||
    !Object.values<JsonValue>(columns).every((value) => typeof value !== 'object' || value === null)
  ) {
    return undefined;
  }
  return { ...(columns as Readonly<Record<string, CellValue>>), text };
}
