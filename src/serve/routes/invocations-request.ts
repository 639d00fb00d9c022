import { failure, type Failure } from '../../core/failure.ts';
import { isJsonObject, type JsonValue } from '../../core/json.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { kindOf } from '../texts.ts';

const shapes = ['dataframe_split', 'dataframe_records', 'instances', 'inputs'] as const;
type Shape = (typeof shapes)[number];

/** A scoring request of MLflow's, before its values are checked to be texts. */
export interface Invocation {
  readonly values: readonly JsonValue[];
  /** Where value i stood in the body, for messages. */
  readonly nameOf: (index: number) => string;
  /** Asked for by `"params": {"probabilities": true}`. */
  readonly probabilities: boolean;
}

type Column = Pick<Invocation, 'values' | 'nameOf'>;

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

function readShape(shape: Shape, value: JsonValue | undefined): Result<Column> {
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

function readSplit(frame: JsonValue | undefined): Result<Column> {
  if (!isJsonObject(frame)) return bad(`"dataframe_split" is ${kindOf(frame)}, not an object`);
  const { columns, data } = frame;
  if (!Array.isArray(columns)) return bad(`dataframe_split.columns is ${kindOf(columns)}, not a list`);
  if (!Array.isArray(data)) return bad(`dataframe_split.data is ${kindOf(data)}, not a list`);
  const column = columns.indexOf('text');
  if (column < 0) return bad('dataframe_split.columns lacks "text"');
  if (columns.lastIndexOf('text') !== column) return bad('dataframe_split.columns has "text" twice');
  const values: JsonValue[] = [];
  for (const [i, row] of (data as readonly JsonValue[]).entries()) {
    if (!Array.isArray(row)) return bad(`dataframe_split.data[${i}] is ${kindOf(row)}, not a list`);
    if (row.length !== columns.length) {
      return bad(`dataframe_split.data[${i}] has ${row.length} values for ${columns.length} columns`);
    }
    values.push((row as readonly JsonValue[])[column] ?? null);
  }
  return ok({ values, nameOf: (i) => `dataframe_split.data[${i}][${column}]` });
}

function readRecords(records: JsonValue | undefined): Result<Column> {
  if (!Array.isArray(records)) return bad(`"dataframe_records" is ${kindOf(records)}, not a list`);
  return textMembers(records as readonly JsonValue[], 'dataframe_records');
}

/** A list of texts, of rows of one text, or of objects with a text. */
function readInstances(instances: JsonValue | undefined): Result<Column> {
  if (!Array.isArray(instances)) return bad(`"instances" is ${kindOf(instances)}, not a list`);
  const values = instances as readonly JsonValue[];
  return isJsonObject(values[0]) ? textMembers(values, 'instances') : ok(listed(values, 'instances'));
}

/** A list of texts, or an object that gives the list for the one input. */
function readInputs(inputs: JsonValue | undefined): Result<Column> {
  if (Array.isArray(inputs)) return ok(listed(inputs as readonly JsonValue[], 'inputs'));
  if (!isJsonObject(inputs)) return bad(`"inputs" is ${kindOf(inputs)}, neither a list nor an object`);
  const texts = inputs['text'];
  return Array.isArray(texts)
    ? ok(listed(texts as readonly JsonValue[], 'inputs.text'))
    : bad(`inputs.text is ${kindOf(texts)}${texts === undefined ? '' : ', not a list'}`);
}

/** Rows may also be lists of one text, as a tensor of shape [n, 1] is written. */
function listed(rows: readonly JsonValue[], name: string): Column {
  const values = rows.map((row) =>
    Array.isArray(row) && row.length === 1 ? ((row as readonly JsonValue[])[0] ?? null) : row,
  );
  return { values, nameOf: (i) => `${name}[${i}]` };
}

function textMembers(rows: readonly JsonValue[], name: string): Result<Column> {
  const values: JsonValue[] = [];
  for (const [i, row] of rows.entries()) {
    if (!isJsonObject(row)) return bad(`${name}[${i}] is ${kindOf(row)}, not an object`);
    const text = row['text'];
    if (text === undefined) return bad(`${name}[${i}].text is missing`);
    values.push(text);
  }
  return ok({ values, nameOf: (i) => `${name}[${i}].text` });
}
