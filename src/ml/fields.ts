import { failure } from '../core/failure.ts';
import type { Failure } from '../core/failure.ts';
import { isJsonObject } from '../core/json.ts';
import type { JsonObject, JsonValue } from '../core/json.ts';
import { nearestNames } from '../core/nearest.ts';
import type { Result } from '../core/result.ts';
import { err, ok } from '../core/result.ts';

/** A value that was understood, or what is wrong with it, said so that it follows the parameter's name. */
export type FieldOutcome<T> =
  { readonly value: T } | { readonly problem: string; readonly near?: readonly string[]; readonly below?: string };

/** Reads one named value; undefined when it is not given. */
export interface Field<T> {
  (given: JsonValue | undefined): FieldOutcome<T>;
  /** The same as a JSON Schema, for editors; any value where there is none. */
  readonly schema?: JsonObject;
}

export type Fields = Readonly<Record<string, Field<unknown>>>;
export type ValuesOf<F extends Fields> = { readonly [K in keyof F]: F[K] extends Field<infer T> ? T : never };

const shown = (given: JsonValue): string => JSON.stringify(given);

/** A field with what its JSON Schema is. */
export const described = <T>(schema: JsonObject, read: Field<T>): Field<T> =>
  Object.assign((given: JsonValue | undefined) => read(given), { schema });

const withDefault = <T>(
  fallback: T | undefined,
  schema: JsonObject,
  read: (given: JsonValue) => FieldOutcome<T>,
): Field<T> =>
  described<T>(fallback === undefined ? schema : { ...schema, default: fallback as JsonValue }, (given) => {
    if (given !== undefined) return read(given);
    return fallback === undefined ? { problem: 'is missing' } : { value: fallback };
  });

/** Without a default, a field must be given. */
export const text = (fallback?: string): Field<string> =>
  withDefault(fallback, { type: 'string', minLength: 1 }, (given) =>
    typeof given === 'string' && given !== '' ? { value: given } : { problem: `must be a text, not ${shown(given)}` },
  );

export const flag = (fallback?: boolean): Field<boolean> =>
  withDefault(fallback, { type: 'boolean' }, (given) =>
    typeof given === 'boolean' ? { value: given } : { problem: `must be true or false, not ${shown(given)}` },
  );

interface Range {
  readonly min?: number;
  /** Exclusive. */
  readonly above?: number;
  readonly max?: number;
  /** Exclusive. */
  readonly below?: number;
}

const within = (n: number, { min = -Infinity, above = -Infinity, max = Infinity, below = Infinity }: Range): boolean =>
  n >= min && n > above && n <= max && n < below;

const rangeText = (range: Range): string =>
  [
    range.min === undefined ? '' : `at least ${range.min}`,
    range.above === undefined ? '' : `above ${range.above}`,
    range.max === undefined ? '' : `at most ${range.max}`,
    range.below === undefined ? '' : `below ${range.below}`,
  ]
    .filter((part) => part !== '')
    .join(' and ');

const rangeSchema = ({ min, above, max, below }: Range): JsonObject => ({
  ...(min === undefined ? {} : { minimum: min }),
  ...(above === undefined ? {} : { exclusiveMinimum: above }),
  ...(max === undefined ? {} : { maximum: max }),
  ...(below === undefined ? {} : { exclusiveMaximum: below }),
});

export const real = (range: Range, fallback?: number): Field<number> =>
  withDefault(fallback, { type: 'number', ...rangeSchema(range) }, (given) =>
    typeof given === 'number' && Number.isFinite(given) && within(given, range)
      ? { value: given }
      : { problem: `must be a number ${rangeText(range)}, not ${shown(given)}` },
  );

export const whole = (range: Range, fallback?: number): Field<number> =>
  withDefault(fallback, { type: 'integer', ...rangeSchema(range) }, (given) =>
    typeof given === 'number' && Number.isSafeInteger(given) && within(given, range)
      ? { value: given }
      : { problem: `must be a whole number ${rangeText(range)}, not ${shown(given)}` },
  );

/** Null (or `~` in YAML) is allowed and means "no limit", "none", as the parameter says. */
export const orNull = <T>(field: Field<T>, fallback?: T | null): Field<T | null> =>
  withDefault<T | null>(fallback, { anyOf: [{ type: 'null' }, field.schema ?? {}] }, (given) =>
    given === null ? { value: null } : field(given),
  );

export const oneOf = <const T extends string>(choices: readonly T[], fallback?: T): Field<T> =>
  withDefault(fallback, { enum: choices }, (given) => {
    const found = choices.find((choice) => choice === given);
    if (found !== undefined) return { value: found };
    const problem = `must be ${choices.map((choice) => `"${choice}"`).join(' or ')}, not ${shown(given)}`;
    return { problem, near: typeof given === 'string' ? nearestNames(given, choices) : [] };
  });

/** A list of values of one form; it must be given. */
export const listOf = <T>(
  field: Field<T>,
  { least, most }: { readonly least: number; readonly most: number },
): Field<readonly T[]> =>
  withDefault<readonly T[]>(
    undefined,
    { type: 'array', items: field.schema ?? {}, minItems: least, maxItems: most },
    (given) => {
      if (!Array.isArray(given)) return { problem: `must be a list, not ${shown(given)}` };
      if (given.length < least || given.length > most)
        return { problem: `must have ${least} to ${most} entries, not ${given.length}` };
      const values: T[] = [];
      for (const [number, entry] of (given as readonly JsonValue[]).entries()) {
        const outcome = field(entry);
        if (!('value' in outcome))
          return { ...outcome, below: outcome.below === undefined ? `${number}` : `${number}.${outcome.below}` };
        values.push(outcome.value);
      }
      return { value: values };
    },
  );

/** A group of fields below a name. */
export const group = <F extends Fields>(fields: F): Field<ValuesOf<F>> =>
  described(groupSchema(fields), (given) => readGroup(given ?? {}, fields));

/** Of a group, where a name that is not among the fields is wrong. */
export const groupSchema = (fields: Fields): JsonObject => ({
  type: 'object',
  additionalProperties: false,
  properties: Object.fromEntries(Object.entries(fields).map(([name, { schema = {} }]) => [name, schema])),
});

export function readGroup<F extends Fields>(given: JsonValue, fields: F): FieldOutcome<ValuesOf<F>> {
  if (!isJsonObject(given)) return { problem: `must be a group of names and values, not ${shown(given)}` };
  const known = Object.keys(fields);
  const stranger = Object.keys(given).find((name) => !known.includes(name));
  if (stranger !== undefined) {
    return { problem: 'is not known here', below: stranger, near: nearestNames(stranger, known) };
  }
  const values: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(fields)) {
    const outcome = field(Object.hasOwn(given, name) ? given[name] : undefined);
    if (!('value' in outcome)) {
      return { ...outcome, below: outcome.below === undefined ? name : `${name}.${outcome.below}` };
    }
    values[name] = outcome.value;
  }
  return { value: values as ValuesOf<F> };
}

/** The values of one group, or the failure that names the first wrong one by its whole dotted name. */
export const readFields = <F extends Fields>(given: JsonObject, name: string, fields: F): Result<ValuesOf<F>> =>
  readField(given, name, group(fields));

/** As `readFields`, for a value of any form. */
export function readField<T>(given: JsonObject, name: string, field: Field<T>): Result<T> {
  const outcome = field(given[name]);
  return 'value' in outcome ? ok(outcome.value) : err(fieldFailure(name, outcome));
}

const fieldFailure = (name: string, outcome: Exclude<FieldOutcome<unknown>, { value: unknown }>): Failure =>
  failure('learning-param', {
    param: outcome.below === undefined ? name : `${name}.${outcome.below}`,
    problem: outcome.problem,
    near: outcome.near ?? [],
  });
