import type { JsonObject } from '../core/json.ts';
import type { Algorithm } from './algorithm.ts';
import type { Field } from './fields.ts';

/**
 * JSON Schema (draft 7) of the group `train`: what an algorithm says of its own hyperparameters holds where it is the one chosen; those of the
 * others may stand there too.
 */
export function trainSchema(name: Field<string>, algorithms: readonly Algorithm[]): JsonObject {
  const [first] = algorithms;
  const names = algorithms.map((algorithm) => algorithm.name);
  const known = [...new Set(algorithms.flatMap(({ fields }) => Object.keys(fields)))].sort();
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
        properties: Object.fromEntries(
          Object.entries(algorithm.fields).map(([field, { schema = {} }]) => [field, schema]),
        ),
      },
    })),
  };
}

const usersOf = (field: string, algorithms: readonly Algorithm[]): string => {
  const users = algorithms.filter(({ fields }) => Object.hasOwn(fields, field)).map(({ name }) => name);
  return `Of ${users.join(', ')}.`;
};
