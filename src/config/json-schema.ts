import type { JsonObject, JsonValue } from '../core/json.ts';
import { assertNever } from '../core/assert-never.ts';
import { longestDuration } from './duration.ts';
import type { FieldTable, FieldType } from './field-types.ts';
import { groupFields, stageFields, topFields } from './fields.ts';
import { parseTree } from './tree.ts';
import { rawToJson } from './raw.ts';

/** Tables that stand in several places are written once, under these names. */
const stage = '#/definitions/stage';
const group = '#/definitions/group';

/**
 * A JSON Schema (draft 7, which editors' YAML servers know best) of a pipeline file, made from the table of fields: what it refuses, mlp refuses. A
 * value that is filled in from a template may be text wherever it stands.
 */
export function pipelineSchema(): JsonObject {
  const top = objectSchema(topFields);
  const { stages, ...others } = top['properties'] as Record<string, JsonObject>;
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'A pipeline of mlp',
    description: 'The stages of a project, what they read and make, and the models that come of them.',
    ...top,
    properties: { stages: { ...stages, ...stagesByName }, ...others },
    definitions: {
      stage: { description: 'A stage: what it runs, reads and makes.', ...objectSchema(stageFields) },
      group: groupSchema(),
      template: { type: 'string', pattern: '\\$\\{', description: '${...}, filled in when the file is read.' },
    },
  };
}

const stagesByName: JsonObject = {
  type: 'object',
  minProperties: 1,
  propertyNames: { pattern: '^[^\\u0000-\\u001f!-,./:-@\\[-^`{-\\u009f]+$' },
  // Told apart by the field, so that an editor's message is about the one that was meant.
  additionalProperties: {
    type: 'object',
    if: { anyOf: [{ required: ['foreach'] }, { required: ['do'] }] },
    then: { $ref: group },
    else: { $ref: stage },
  },
};

/** What is made of each item is a stage, with `${item}` in it. */
function groupSchema(): JsonObject {
  const schema = objectSchema(groupFields);
  const properties = schema['properties'] as Record<string, JsonObject>;
  const { do: template = {}, ...others } = properties;
  const description = 'A stage for each of several items.';
  return {
    description,
    ...schema,
    properties: { ...others, do: { ...template, allOf: [{ $ref: stage }, { properties: { matrix: false } }] } },
  };
}

function objectSchema(fields: FieldTable): JsonObject {
  const required = Object.entries(fields).flatMap(([name, field]) => (field.required === true ? [name] : []));
  const properties = Object.entries(fields).map(([name, { type, doc, standard, example }]): [string, JsonObject] => {
    const initial = standard === undefined ? undefined : valueOf(standard);
    return [
      name,
      {
        description: standard === undefined || initial !== undefined ? doc : `${doc} Without it: ${standard}.`,
        ...typeSchema(type),
        ...(initial === undefined ? {} : { default: initial }),
        examples: [exampleOf(name, example)],
      },
    ];
  });
  return {
    type: 'object',
    ...(required.length === 0 ? {} : { required }),
    properties: Object.fromEntries(properties),
    additionalProperties: false,
  };
}

/** The value that counts when the field is absent, where its words are that value. */
function valueOf(standard: string): JsonValue | undefined {
  try {
    return JSON.parse(standard) as JsonValue;
  } catch {
    return undefined;
  }
}

function exampleOf(name: string, example: string): JsonValue {
  const tree = parseTree(example, name, 'YAML');
  const fields = tree.ok ? (rawToJson(tree.value) as JsonObject) : {};
  return fields[name] ?? null;
}

const orTemplate = (schema: JsonObject): JsonObject => ({ anyOf: [schema, { $ref: '#/definitions/template' }] });

function typeSchema(type: FieldType): JsonObject {
  switch (type.kind) {
    case 'text':
      return { type: 'string' };
    case 'flag':
      return orTemplate({ type: 'boolean' });
    case 'scalar':
      return { type: ['string', 'number', 'boolean', 'null'] };
    case 'any':
      return {};
    case 'null':
      return { type: 'null' };
    case 'duration':
      return orTemplate(durationSchema);
    case 'number':
      return orTemplate(numberSchema(type));
    case 'list':
      return orTemplate({ type: 'array', items: typeSchema(type.of) });
    case 'map':
      return orTemplate({ type: 'object', additionalProperties: typeSchema(type.of) });
    case 'object':
      return orTemplate(objectSchema(type.fields));
    case 'either':
      return { anyOf: type.types.map(typeSchema) };
    default:
      return assertNever(type);
  }
}

function numberSchema({ integer, min, max }: Extract<FieldType, { kind: 'number' }>): JsonObject {
  return {
    type: integer === true ? 'integer' : 'number',
    ...(min === undefined ? {} : { minimum: min }),
    ...(max === undefined ? {} : { maximum: max }),
  };
}

const durationSchema: JsonObject = {
  anyOf: [
    { type: 'number', exclusiveMinimum: 0, maximum: longestDuration.seconds },
    { type: 'string', pattern: '^\\s*(\\d+(\\.\\d+)?|(\\d+(\\.\\d+)?(ms|s|m|h|d)\\s*)+)\\s*$' },
  ],
};
