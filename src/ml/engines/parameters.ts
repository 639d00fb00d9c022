import { described, type Field, type Fields } from '../fields.ts';

/** One parameter of a library: how it is read, and the other names that the library gives it. */
export interface Parameter {
  readonly field: Field<boolean | number | string>;
  readonly aliases: readonly string[];
}

export type Parameters = Readonly<Record<string, Parameter>>;

/** What a user gave, by the library's first name of each parameter. */
export type Given = Readonly<Record<string, boolean | number | string>>;

export const parameter = (field: Field<boolean | number | string>, ...aliases: readonly string[]): Parameter => ({
  field,
  aliases,
});

/** Without a value the library's own default holds. */
const optional = ({ field }: Parameter): Field<boolean | number | string | null> =>
  described<boolean | number | string | null>(
    { anyOf: [{ type: 'null' }, field.schema ?? {}], default: null },
    (given) => (given === undefined || given === null ? { value: null } : field(given)),
  );

/** A field for each name, aliases too. */
export const fieldsOf = (parameters: Parameters): Fields =>
  Object.fromEntries(
    Object.entries(parameters).flatMap(([name, parameter]) =>
      [name, ...parameter.aliases].map((alias) => [alias, optional(parameter)]),
    ),
  );

/** The values that were given. As in the libraries, a parameter's first name goes before its aliases. */
export function givenOf(parameters: Parameters, values: Readonly<Record<string, unknown>>): Given {
  const given: Record<string, boolean | number | string> = {};
  for (const [name, { aliases }] of Object.entries(parameters)) {
    const value = [name, ...aliases].map((alias) => values[alias] ?? null).find((found) => found !== null);
    if (typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string') given[name] = value;
  }
  return given;
}
