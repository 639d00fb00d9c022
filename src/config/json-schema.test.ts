import { readdirSync, readFileSync } from 'node:fs';
import { Ajv, type ErrorObject } from 'ajv';
import { describe, expect, it } from 'vitest';
import type { Failure } from '../core/failure.ts';
import type { JsonObject, JsonValue } from '../core/json.ts';
import { seededRandom } from '../core/random.ts';
import type { FieldTable, FieldType } from './field-types.ts';
import { groupFields, stageFields, thresholdFields, topFields } from './fields.ts';
import { pipelineSchema } from './json-schema.ts';
import { parsePipeline } from './parse-pipeline.ts';
import { rawToJson } from './raw.ts';
import { parseTree } from './tree.ts';

const schema = pipelineSchema();
const validate = new Ajv({ allErrors: true, strictSchema: true, strictTypes: false }).compile(schema);

function refusals(value: JsonValue): readonly ErrorObject[] {
  return validate(value) ? [] : (validate.errors ?? []);
}

/** What the loader says of the shape of a file; the rest is about paths, commands and the graph. */
const aboutShape: readonly Failure['reason'][] = ['unknown-field', 'missing-field', 'wrong-type', 'bad-value'];

function loaderRefuses(value: JsonValue): boolean {
  const parsed = parsePipeline(JSON.stringify(value), 'pipeline.yaml');
  return !parsed.ok && parsed.error.some(({ reason }) => aboutShape.includes(reason));
}

function valuesOf(text: string): JsonValue {
  const tree = parseTree(text, 'pipeline.yaml', 'YAML');
  if (!tree.ok) throw new Error('the file cannot be read');
  return rawToJson(tree.value);
}

const below = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => `${folder}/${path}`);
const files = ['pipeline.yaml', ...below('templates').filter((path) => path.endsWith('pipeline.yaml'))];

describe('the JSON Schema of a pipeline file', () => {
  it.each(files)('accepts %s', (file) => {
    expect(refusals(valuesOf(readFileSync(file, 'utf8')))).toEqual([]);
  });

  it('describes every field of the table, with an example that it accepts', () => {
    const described = (table: FieldTable): string[] => Object.values(table).map(({ doc }) => doc);
    const text = JSON.stringify(schema);
    const docs = [topFields, stageFields, groupFields].flatMap(described);
    expect(docs.length).toBeGreaterThan(20);
    expect(docs.filter((doc) => !text.includes(JSON.stringify(doc).slice(1, -1)))).toEqual([]);
    for (const [name, { example }] of Object.entries(stageFields)) {
      const stage = { cmd: 'x', ...(valuesOf(example) as JsonObject) };
      expect(refusals({ stages: { s: stage } }), name).toEqual([]);
    }
    for (const { example } of Object.values(topFields)) {
      expect(refusals({ stages: { s: { cmd: 'x' } }, ...(valuesOf(example) as JsonObject) }), example).toEqual([]);
    }
  });

  it.each([
    ['an unknown field at the top', { stages: { s: { cmd: 'x' } }, stage: {} }],
    ['an unknown field of a stage', { stages: { s: { cmd: 'x', dep: ['a'] } } }],
    ['an unknown option of an out', { stages: { s: { cmd: 'x', outs: [{ a: { cashe: true } }] } } }],
    ['an unknown field of a group', { stages: { s: { foreach: [1], do: { cmd: 'x' }, deps: [] } } }],
    ['an unknown field of a stage in a group', { stages: { s: { foreach: [1], do: { cmd: 'x', dep: [] } } } }],
    ['an unknown gate', { stages: { s: { cmd: 'x' } }, models: { m: { path: 'p', gates: { speed: 1 } } } }],
    ['a stage without a command', { stages: { s: { deps: ['a'] } } }],
    ['a group without what to do', { stages: { s: { foreach: [1] } } }],
    ['a matrix in a group', { stages: { s: { foreach: [1], do: { cmd: 'x', matrix: { a: [1] } } } } }],
    ['a duration that is none', { stages: { s: { cmd: 'x', timeout: 'soon' } } }],
    ['too many retries', { stages: { s: { cmd: 'x', retries: 101 } } }],
    ['text for a flag', { stages: { s: { cmd: 'x', frozen: 'yes' } } }],
  ])('refuses %s, as the loader does', (_, value) => {
    expect(loaderRefuses(value)).toBe(true);
    expect(refusals(value)).not.toEqual([]);
  });

  it.each([
    [
      'templates in place of values',
      { stages: { s: { cmd: '${c}', frozen: '${f}', timeout: '${t}', retries: '${r}', deps: '${d}' } } },
    ],
    ['templates in keys', { stages: { s: { cmd: 'x', outs: [{ '${item}/o': { cache: '${c}' } }] } } }],
    ['a group over a template', { stages: { s: { foreach: '${list}', do: { cmd: '${item}' } } } }],
    ['a matrix over templates', { stages: { s: { matrix: { a: '${list}' }, cmd: '${item.a}' } } }],
    ['names that DVC allows', { stages: { 'a-b_c 1 ü': { cmd: 'x' } } }],
  ])('accepts %s', (_, value) => {
    expect(refusals(value)).toEqual([]);
  });
});

describe('the schema and the loader', () => {
  it('agree on random files that are made from the table, with values of all kinds in all places', () => {
    let accepted = 0;
    let refused = 0;
    for (let seed = 1; seed <= 4000; seed++) {
      const random = seededRandom(seed);
      const value = randomFile(random);
      const wrong = loaderRefuses(value);
      expect(refusals(value).length > 0, `seed ${seed}: ${JSON.stringify(value)}`).toBe(wrong);
      if (wrong) refused++;
      else accepted++;
    }
    expect(Math.min(accepted, refused)).toBeGreaterThan(1000);
  });
});

const oddValues: readonly JsonValue[] = [
  null,
  true,
  1,
  2.5,
  -1,
  'text',
  '10m',
  [],
  ['a'],
  [1],
  [{ a: 1 }],
  {},
  { a: 'b' },
];

/** A value of the type; now and then one that may be of any other. */
function randomOf(type: FieldType, random: () => number): JsonValue {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  if (random() < 0.02) return pick(oddValues);
  switch (type.kind) {
    case 'text':
      return pick(['a', 'b c', 'd/e']);
    case 'flag':
      return pick([true, false]);
    case 'null':
      return null;
    case 'scalar':
    case 'any':
      return pick(['a', 1, true, null]);
    case 'duration':
      return pick(['10m', '1h30m', 5, 0.5, '90', '12 parsecs', 0, -3]);
    case 'number':
      return pick([0, 1, 2, 0.5, 100, 101, -1]);
    case 'list':
      return Array.from({ length: 1 + Math.floor(random() * 2) }, () => randomOf(type.of, random));
    case 'map':
      return Object.fromEntries(
        ['k', 'l'].slice(0, 1 + Math.floor(random() * 2)).map((key) => [key, randomOf(type.of, random)]),
      );
    case 'object':
      return randomFields(type.fields, random);
    case 'either':
      return randomOf(pick(type.types), random);
  }
}

function randomFields(fields: FieldTable, random: () => number): JsonObject {
  const share = 2 / Object.keys(fields).length;
  const chosen = Object.entries(fields).filter(([, { required }]) => random() < (required === true ? 0.97 : share));
  const unknown = random() < 0.01 ? { unheard_of: 1 } : {};
  // That there is no bound at all, or that the least is above the greatest, is no question of shape.
  if (fields === thresholdFields) chosen.splice(0, chosen.length, ...Object.entries(fields).slice(0, 1));
  return { ...Object.fromEntries(chosen.map(([name, { type }]) => [name, randomOf(type, random)])), ...unknown };
}

function randomFile(random: () => number): JsonObject {
  const stage = (): JsonObject => {
    const { matrix: _, ...fields } = stageFields;
    const plain = randomFields(fields, random);
    if (random() < 0.2) return { foreach: ['a', 'b'], do: plain };
    return random() < 0.2 ? { matrix: { v: ['a'] }, ...plain } : plain;
  };
  const { stages: _, vars: __, ...top } = topFields;
  const stages = { one: stage(), ...(random() < 0.5 ? { two: stage() } : {}) };
  return { ...(random() < 0.99 ? { stages } : {}), ...randomFields(top, random) };
}
