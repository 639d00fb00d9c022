import { failure, type Failure } from '../../core/failure.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../core/json.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { Limits } from '../limits.ts';
import { checkTexts, kindOf } from '../texts.ts';

const outputNames = ['label', 'probabilities'] as const;
export type OutputName = (typeof outputNames)[number];

/** A checked inference request of the Open Inference Protocol v2. */
export interface InferenceRequest {
  readonly id?: string;
  readonly texts: readonly string[];
  /** In the order in which they were asked for; both when none was named. */
  readonly outputs: readonly OutputName[];
}

const example = '{"inputs":[{"name":"text","shape":[1],"datatype":"BYTES","data":["a comment"]}]}';
const bad = (problem: string): { readonly ok: false; readonly error: Failure } =>
  err(failure('bad-request', { problem, next: `an example: ${example}` }));

/** Checks a body against what the served models take: one BYTES tensor named `text`, of shape [n] or [n, 1], flat or nested. */
export function readInferenceRequest(body: JsonValue | undefined, limits: Limits): Result<InferenceRequest> {
  if (!isJsonObject(body)) return bad(`the body is ${kindOf(body)}, not an object`);
  const { id, parameters } = body;
  if (id !== undefined && typeof id !== 'string') return bad(`"id" is ${kindOf(id)}, not a string`);
  if (parameters !== undefined && !isJsonObject(parameters))
    return bad(`"parameters" is ${kindOf(parameters)}, not an object`);

  const input = onlyInput(body['inputs']);
  if (!input.ok) return input;
  const values = tensorData(input.value);
  if (!values.ok) return values;
  const texts = checkTexts(values.value, limits, (i) => `inputs[0].data[${i}]`);
  if (!texts.ok) return texts;
  const outputs = readOutputs(body['outputs']);
  if (!outputs.ok) return outputs;
  return ok({ ...(id === undefined ? {} : { id }), texts: texts.value, outputs: outputs.value });
}

function onlyInput(inputs: JsonValue | undefined): Result<JsonObject> {
  if (!Array.isArray(inputs)) return bad(`"inputs" is ${kindOf(inputs)}${inputs === undefined ? '' : ', not a list'}`);
  const tensors = inputs as readonly JsonValue[];
  const seen = new Set<string>();
  for (const [i, tensor] of tensors.entries()) {
    if (!isJsonObject(tensor)) return bad(`inputs[${i}] is ${kindOf(tensor)}, not an object`);
    const name = tensor['name'];
    if (typeof name !== 'string')
      return bad(`inputs[${i}].name is ${kindOf(name)}${name === undefined ? '' : ', not a string'}`);
    if (name !== 'text') return bad(`inputs[${i}] has a name that this model does not take: its one input is "text"`);
    if (seen.has(name)) return bad('the input "text" is given twice');
    seen.add(name);
  }
  const [first] = tensors;
  return isJsonObject(first) ? ok(first) : bad('"inputs" is empty: the input "text" is missing');
}

/** The tensor's elements, row by row, after its datatype and shape were found to fit. */
function tensorData(tensor: JsonObject): Result<readonly JsonValue[]> {
  const { datatype, data } = tensor;
  if (datatype !== 'BYTES') {
    return bad(
      `inputs[0].datatype is ${typeof datatype === 'string' ? 'another one' : kindOf(datatype)}: the input "text" is BYTES`,
    );
  }
  const shape = readShape(tensor['shape']);
  if (!shape.ok) return shape;
  if (!Array.isArray(data)) return bad(`inputs[0].data is ${kindOf(data)}${data === undefined ? '' : ', not a list'}`);
  const values = data as readonly JsonValue[];
  const [rows] = shape.value;
  const nested = shape.value.length === 2 && values.some((value) => Array.isArray(value));
  const flat = nested ? unnest(values) : ok(values);
  if (!flat.ok) return flat;
  if (flat.value.length !== rows) {
    return bad(`inputs[0].shape [${shape.value.join(',')}] asks for ${rows} elements, "data" has ${flat.value.length}`);
  }
  return flat;
}

function readShape(shape: JsonValue | undefined): Result<readonly [number] | readonly [number, 1]> {
  if (!Array.isArray(shape))
    return bad(`inputs[0].shape is ${kindOf(shape)}${shape === undefined ? '' : ', not a list'}`);
  const [rows, columns] = shape as readonly JsonValue[];
  const whole = typeof rows === 'number' && Number.isSafeInteger(rows) && rows >= 0;
  if (whole && shape.length === 1) return ok([rows]);
  if (whole && shape.length === 2 && columns === 1) return ok([rows, 1]);
  return bad('inputs[0].shape must be [n] or [n, 1]');
}

/** Nested data of shape [n, 1]: every element is a list of one. */
function unnest(rows: readonly JsonValue[]): Result<readonly JsonValue[]> {
  const values: JsonValue[] = [];
  for (const [i, row] of rows.entries()) {
    if (!Array.isArray(row) || row.length !== 1)
      return bad(`inputs[0].data[${i}] is not a list of one text, as shape [n, 1] asks`);
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
