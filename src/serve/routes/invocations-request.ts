import { failure, type Failure } from '../../core/failure.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../core/json.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { AskedColumn, FindColumn } from '../rows.ts';
import { kindOf } from '../texts.ts';

const shapes = ['dataframe_split', 'dataframe_records', 'instances', 'inputs'] as const;
type Shape = (typeof shapes)[number];

/** A scoring request of MLflow's, before its values are checked: those of the column of texts, and how others are found. */
export interface Invocation extends AskedColumn {
  readonly find: FindColumn;
  /** Asked for by `"params": {"probabilities": true}`. */
  readonly probabilities: boolean;
}

const bad = (problem: string, next?: string): { readonly ok: false; readonly error: Failure } =>
  err(failure('bad-request', { problem, ...(next === undefined ? {} : { next }) }));

/** Reads the one of the four JSON shapes that the body has. */
export function readInvocation(body: JsonValue | undefined): Result<Invocation> {
  const next = `send one of ${shapes.join(', ')}, for example {"inputs": {"text": ["a comment"]}}`;
  if (!isJsonObject(body)) return bad(`the body is ${kindOf(body)}, not an object`, next);
  const given = shapes.filter((shape) => body[shape] !== undefined);
  const [shape] = given;
  if (shape === undefined) return bad('the body has none of the four shapes', next);
  if (given.length > 1) return bad(`the body has ${given.join(' and ')}`, next);
  const probabilities = readParams(body['params']);
  if (!probabilities.ok) return probabilities;
  const column = readShape(shape, body[shape]);
  return column.ok ? ok({ ...column.value, probabilities: probabilities.value }) : column;
}

function readShape(shape: Shape, value: JsonValue | undefined): Result<Frame> {
  switch (shape) {
    case 'dataframe_split':
      return readSplit(value);
    case 'dataframe_records':
      return readRecords(value);
    case 'instances':
      return readInstances(value);
    case 'inputs':
      return readInputs(value);
  }
}

/** Params that the model does not know are ignored, as MLflow does. */
function readParams(params: JsonValue | undefined): Result<boolean> {
  if (params === undefined || params === null) return ok(false);
  if (!isJsonObject(params)) return bad(`"params" is ${kindOf(params)}, not an object`);
  const wanted = params['probabilities'] ?? false;
  return typeof wanted === 'boolean' ? ok(wanted) : bad(`params.probabilities is ${kindOf(wanted)}, not true or false`);
}

/** The texts of a body, and how its other columns are found. */
type Frame = AskedColumn & { readonly find: FindColumn };

function readSplit(frame: JsonValue | undefined): Result<Frame> {
  if (!isJsonObject(frame)) return bad(`"dataframe_split" is ${kindOf(frame)}, not an object`);
  const { columns, data } = frame;
  if (!Array.isArray(columns)) return bad(`dataframe_split.columns is ${kindOf(columns)}, not a list`);
  if (!Array.isArray(data)) return bad(`dataframe_split.data is ${kindOf(data)}, not a list`);
  const rows: (readonly JsonValue[])[] = [];
  for (const [i, row] of (data as readonly JsonValue[]).entries()) {
    if (!Array.isArray(row)) return bad(`dataframe_split.data[${i}] is ${kindOf(row)}, not a list`);
    if (row.length !== columns.length) {
      return bad(`dataframe_split.data[${i}] has ${row.length} values for ${columns.length} columns`);
    }
    rows.push(row as readonly JsonValue[]);
  }
  const find: FindColumn = (name) => {
    const column = columns.indexOf(name);
    if (column < 0) return ok(undefined);
    if (columns.lastIndexOf(name) !== column) return bad(`dataframe_split.columns has "${name}" twice`);
    const nameOf = (i: number): string => `dataframe_split.data[${i}][${column}]`;
    return ok({ values: rows.map((row) => row[column] ?? null), nameOf });
  };
  const texts = find('text');
  if (!texts.ok) return texts;
  return texts.value === undefined ? bad('dataframe_split.columns lacks "text"') : ok({ ...texts.value, find });
}

function readRecords(records: JsonValue | undefined): Result<Frame> {
  if (!Array.isArray(records)) return bad(`"dataframe_records" is ${kindOf(records)}, not a list`);
  return fromObjects(records as readonly JsonValue[], 'dataframe_records');
}

/** A list of texts, of rows of one text, or of objects with a text. */
function readInstances(instances: JsonValue | undefined): Result<Frame> {
  if (!Array.isArray(instances)) return bad(`"instances" is ${kindOf(instances)}, not a list`);
  const values = instances as readonly JsonValue[];
  return isJsonObject(values[0]) ? fromObjects(values, 'instances') : ok(textsAlone(values, 'instances'));
}

/** A list of texts, or an object that gives a list for each input. */
function readInputs(inputs: JsonValue | undefined): Result<Frame> {
  if (Array.isArray(inputs)) return ok(textsAlone(inputs as readonly JsonValue[], 'inputs'));
  if (!isJsonObject(inputs)) return bad(`"inputs" is ${kindOf(inputs)}, neither a list nor an object`);
  const find: FindColumn = (name) => {
    if (!Object.hasOwn(inputs, name)) return ok(undefined);
    const values = inputs[name];
    return Array.isArray(values)
      ? ok(listed(values as readonly JsonValue[], `inputs.${name}`))
      : bad(`inputs.${name} is ${kindOf(values)}, not a list`);
  };
  const texts = find('text');
  if (!texts.ok) return texts;
  return texts.value === undefined ? bad('inputs.text is missing') : ok({ ...texts.value, find });
}

/** Rows may also be lists of one value, as a tensor of shape [n, 1] is written. */
function listed(rows: readonly JsonValue[], name: string): AskedColumn {
  const values = rows.map((row) =>
    Array.isArray(row) && row.length === 1 ? ((row as readonly JsonValue[])[0] ?? null) : row,
  );
  return { values, nameOf: (i) => `${name}[${i}]` };
}

const textsAlone = (rows: readonly JsonValue[], name: string): Frame => ({
  ...listed(rows, name),
  find: () => ok(undefined),
});

/** Objects of which each has a text; what else they have is found by name, and null in those that lack it. */
function fromObjects(rows: readonly JsonValue[], name: string): Result<Frame> {
  const objects: JsonObject[] = [];
  const texts: JsonValue[] = [];
  for (const [i, row] of rows.entries()) {
    if (!isJsonObject(row)) return bad(`${name}[${i}] is ${kindOf(row)}, not an object`);
    const text = row['text'];
    if (text === undefined) return bad(`${name}[${i}].text is missing`);
    objects.push(row);
    texts.push(text);
  }
  const find: FindColumn = (column) =>
    ok({
      values: objects.map((object) => (Object.hasOwn(object, column) ? (object[column] ?? null) : null)),
      nameOf: (i) => `${name}[${i}].${column}`,
    });
  return ok({ values: texts, nameOf: (i) => `${name}[${i}].text`, find });
}
