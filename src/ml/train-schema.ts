import type { JsonObject } from '../core/json.ts';
import { ownName, type Algorithm } from './algorithm.ts';
import type { Field } from './fields.ts';

/**
 * JSON Schema (draft 7) of the group `train`: what an algorithm says of its own hyperparameters holds where it is the one chosen; those of the
 * others may stand there too.
 */
export function trainSchema(name: Field<string>, algorithms: readonly Algorithm[]): JsonObject {
  const [first] = algorithms;
  const names = algorithms.map((algorithm) => algorithm.name);
  const known = [
    ...new Set(algorithms.flatMap(({ fields, aliases }) => [...Object.keys(fields), ...Object.keys(aliases)])),
  ].sort();
  return {
    type: 'object',
    additionalProperties: false,
    properties: {
      name: name.schema ?? {},
      algorithm: { enum: names, default: first?.name ?? '' },
      ...Object.fromEntries(known.map((field) => [field, { description: usersOf(field, algorithms) }])),
    },
    allOf: algorithms.map((algorithm) => ({
      if: {
        properties: { algorithm: { const: algorithm.name } },
        ...(algorithm === first ? {} : { required: ['algorithm'] }),
      },
      then: {
        properties: Object.fromEntries([
          ...Object.entries(algorithm.fields).map(([field, { schema = {} }]) => [field, schema] as const),
          ...Object.entries(algorithm.aliases).map(([alias, field]) => [alias, aliasSchema(algorithm, field)] as const),
        ]),
        ...oneNameEach(algorithm),
      },
    })),
  };
}

const aliasSchema = ({ fields }: Algorithm, field: string): JsonObject => {
  const { default: _, ...schema } = fields[field]?.schema ?? {};
  return { ...schema, description: `The same as ${field}.` };
};

/** A hyperparameter may be given by one of its names: each alias forbids the name and the aliases before it. */
function oneNameEach({ aliases }: Algorithm): JsonObject {
  const dependencies: Record<string, JsonObject> = {};
  const earlier = new Map<string, string[]>();
  for (const [alias, field] of Object.entries(aliases)) {
    const others = earlier.get(field) ?? [field];
    dependencies[alias] = { properties: Object.fromEntries(others.map((name) => [name, false])) };
    earlier.set(field, [...others, alias]);
  }
  return Object.keys(dependencies).length === 0 ? {} : { dependencies };
}

const usersOf = (name: string, algorithms: readonly Algorithm[]): string => {
  const users = algorithms.filter((algorithm) => ownName(algorithm, name) !== undefined);
  return `Of ${users.map((algorithm) => algorithm.name).join(', ')}.`;
};
