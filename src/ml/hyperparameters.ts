import type { JsonValue } from '../core/json.ts';
import type { ClassWeight } from './class-weight.ts';
import { described, whole } from './fields.ts';
import type { Field } from './fields.ts';

/** Hyperparameters that several algorithms have under one name. */
export const seedField = whole({ min: 0, max: 2 ** 32 - 1 }, 42);

const readClassWeight: Field<ClassWeight> = (given) => {
  if (given === undefined || given === null || given === 'none') return { value: 'none' };
  if (given === 'balanced') return { value: 'balanced' };
  if (isWeights(given)) return { value: given };
  return { problem: `must be "none", "balanced" or a number a label, not ${JSON.stringify(given)}` };
};

/** `none`, `balanced`, or a number a label. */
export const classWeightField = described(
  {
    anyOf: [
      { enum: ['none', 'balanced', null] },
      { type: 'object', additionalProperties: { type: 'number', exclusiveMinimum: 0 } },
    ],
    default: 'none',
  },
  readClassWeight,
);

const isWeights = (given: JsonValue): given is Readonly<Record<string, number>> =>
  typeof given === 'object' &&
  given !== null &&
  !Array.isArray(given) &&
  Object.values(given).every((weight) => typeof weight === 'number' && weight > 0);
