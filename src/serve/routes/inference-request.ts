import { failure, type Failure } from '../../core/failure.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../core/json.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { ColumnInput } from '../../ml/columns/column.ts';
import type { Limits } from '../limits.ts';
import type { AskedColumn, FindColumn } from '../rows.ts';
import { checkTexts, kindOf } from '../texts.ts';

const outputNames = ['label', 'probabilities'] as const;
export type OutputName = (typeof outputNames)[number];

/** A checked inference request of the Open Inference Protocol v2. */
export interface InferenceRequest {
  readonly id?: string;
  readonly texts: readonly string[];
  /** Finds the further inputs. */
  readonly find: FindColumn;
  /** In the order in which they were asked for; both when none was named. */
  readonly outputs: readonly OutputName[];
}

/** What a server takes: limits, and the columns that its model looks at beside the text. */
interface Taken {
  readonly limits: Limits;
  readonly columns: readonly ColumnInput[];
}

const example = '{"inputs":[{"name":"text","shape":[1],"datatype":"BYTES","data":["a comment"]}]}';
const bad = (problem: string): { readonly ok: false; readonly error: Failure } =>
  err(failure('bad-request', { problem, next: `an example: ${example}` }));

/** Checks a body against what the served model takes: tensors of shape [n] or [n, 1], flat or nested, one of them `text`. */
export function readInferenceRequest(
  body: JsonValue | undefined,
  { limits, columns }: Taken,
): Result<InferenceRequest> {
  if (!isJsonObject(body)) return bad(`the body is ${kindOf(body)}, not an object`);
  const { id, parameters } = body;
  if (id !== undefined && typeof id !== 'string') return bad(`"id" is ${kindOf(id)}, not a string`);
  if (parameters !== undefined && !isJsonObject(parameters))
    return bad(`"parameters" is ${kindOf(parameters)}, not an object`);

  const tensors = readTensors(body['inputs'], [{ name: 'text', type: 'string' }, ...columns]);
  if (!tensors.ok) return tensors;
  const text = tensors.value.get('text');
  if (text === undefined) return bad('the input "text" is missing');
  const texts = checkTexts(text.values, limits, text.nameOf);
  if (!texts.ok) return texts;
  const outputs = readOutputs(body['outputs']);
  if (!outputs.ok) return outputs;
  const find: FindColumn = (name) => ok(tensors.value.get(name));
  return ok({ ...(id === undefined ? {} : { id }), texts: texts.value, find, outputs: outputs.value });
}

/** The inputs by name. One that the model does not take is refused: it may be a misspelt one. */
function readTensors(
  inputs: JsonValue | undefined,
  taken: readonly ColumnInput[],
): Result<ReadonlyMap<string, AskedColumn>> {
  if (!Array.isArray(inputs)) return bad(`"inputs" is ${kindOf(inputs)}${inputs === undefined ? '' : ', not a list'}`);
  const read = new Map<string, AskedColumn>();
  for (const [i, tensor] of (inputs as readonly JsonValue[]).entries()) {
    const at = `inputs[${i}]`;
    if (!isJsonObject(tensor)) return bad(`${at} is ${kindOf(tensor)}, not an object`);
    const name = tensor['name'];
    if (typeof name !== 'string')
      return bad(`${at}.name is ${kindOf(name)}${name === undefined ? '' : ', not a string'}`);
    const input = taken.find((known) => known.name === name);
    if (input === undefined) return bad(`${at} has a name that this model does not take: ${namesOf(taken)}`);
    if (read.has(name)) return bad(`the input "${name}" is given twice`);
    const values = tensorData(tensor, input, at);
    if (!values.ok) return values;
    read.set(name, { values: values.value, nameOf: (row) => `${at}.data[${row}]` });
  }
  return ok(read);
}

const namesOf = (taken: readonly ColumnInput[]): string =>
  `its ${taken.length === 1 ? 'one input is' : 'inputs are'} ${taken.map(({ name }) => `"${name}"`).join(', ')}`;

const numberTypes = /^(?:FP(?:16|32|64)|U?INT(?:8|16|32|64))$/u;

/** The tensor's elements, row by row, after its datatype and shape were found to fit. Null stands for what is missing, except in texts. */
function tensorData(tensor: JsonObject, { name, type }: ColumnInput, at: string): Result<readonly JsonValue[]> {
  const { datatype, data } = tensor;
  const isRight =
    typeof datatype === 'string' && (type === 'string' ? datatype === 'BYTES' : numberTypes.test(datatype));
  if (!isRight) {
    return bad(
      `${at}.datatype is ${typeof datatype === 'string' ? 'another one' : kindOf(datatype)}: the input "${name}" is ${datatypeOf(type)}`,
    );
  }
  const shape = readShape(tensor['shape'], at);
  if (!shape.ok) return shape;
  if (!Array.isArray(data)) return bad(`${at}.data is ${kindOf(data)}${data === undefined ? '' : ', not a list'}`);
  const values = data as readonly JsonValue[];
  const [rows] = shape.value;
  const nested = shape.value.length === 2 && values.some((value) => Array.isArray(value));
  const flat = nested ? unnest(values, at) : ok(values);
  if (!flat.ok) return flat;
  if (flat.value.length !== rows) {
    return bad(`${at}.shape [${shape.value.join(',')}] asks for ${rows} elements, "data" has ${flat.value.length}`);
  }
  return flat;
}

/** The datatype by which the protocol tells what a column holds. */
export const datatypeOf = (type: ColumnInput['type']): string => (type === 'number' ? 'FP64' : 'BYTES');

function readShape(shape: JsonValue | undefined, at: string): Result<readonly [number] | readonly [number, 1]> {
  if (!Array.isArray(shape)) return bad(`${at}.shape is ${kindOf(shape)}${shape === undefined ? '' : ', not a list'}`);
  const [rows, columns] = shape as readonly JsonValue[];
  const whole = typeof rows === 'number' && Number.isSafeInteger(rows) && rows >= 0;
  if (whole && shape.length === 1) return ok([rows]);
  if (whole && shape.length === 2 && columns === 1) return ok([rows, 1]);
  return bad(`${at}.shape must be [n] or [n, 1]`);
}

/** Nested data of shape [n, 1]: every element is a list of one. */
function unnest(rows: readonly JsonValue[], at: string): Result<readonly JsonValue[]> {
  const values: JsonValue[] = [];
  for (const [i, row] of rows.entries()) {
    if (!Array.isArray(row) || row.length !== 1)
      return bad(`${at}.data[${i}] is not a list of one value, as shape [n, 1] asks`);
    values.push((row as readonly JsonValue[])[0] ?? null);
  }
  return ok(values);
}

function readOutputs(outputs: JsonValue | undefined): Result<readonly OutputName[]> {
  if (outputs === undefined) return ok(outputNames);
  if (!Array.isArray(outputs)) return bad(`"outputs" is ${kindOf(outputs)}, not a list`);
  const chosen: OutputName[] = [];
  for (const [i, output] of (outputs as readonly JsonValue[]).entries()) {
    const name = isJsonObject(output) ? output['name'] : undefined;
    const known = outputNames.find((candidate) => candidate === name);
    if (known === undefined)
      return bad(`outputs[${i}] names no output of this model: it has ${outputNames.join(' and ')}`);
    if (chosen.includes(known)) return bad(`the output "${known}" is asked for twice`);
    chosen.push(known);
  }
  return ok(chosen.length === 0 ? outputNames : chosen);
}
