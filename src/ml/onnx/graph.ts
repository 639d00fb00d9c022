import { bytesField, message, numberField, numbersField, textField } from './protobuf.ts';
import type { Bytes } from './protobuf.ts';

// Field numbers and codes are those of onnx/onnx.proto (ONNX 1.10 and later).
const elementTypes = { float: 1, int64: 7, string: 8, double: 11 } as const;
type ElementType = keyof typeof elementTypes;

/** A constant. Numbers lie as they do in memory (little endian), by rows. */
export function tensor(
  name: string,
  dims: readonly number[],
  data: Float32Array | Float64Array | readonly string[],
): Bytes {
  const isText = !ArrayBuffer.isView(data);
  const type = isText ? elementTypes.string : data instanceof Float32Array ? elementTypes.float : elementTypes.double;
  const content = isText
    ? data.map((text) => textField(6, text))
    : [bytesField(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength))];
  return message(numbersField(1, dims), numberField(2, type), textField(8, name), ...content);
}

/** An attribute of a node; its value's kind is told by the function. */
export const attribute = {
  number: (name: string, value: number): Bytes =>
    message(textField(1, name), numberField(3, value), numberField(20, 2)),
  text: (name: string, value: string): Bytes => message(textField(1, name), textField(4, value), numberField(20, 3)),
  tensor: (name: string, value: Bytes): Bytes => message(textField(1, name), bytesField(5, value), numberField(20, 4)),
  numbers: (name: string, values: readonly number[]): Bytes =>
    message(textField(1, name), numbersField(8, values), numberField(20, 7)),
  texts: (name: string, values: readonly string[]): Bytes =>
    message(textField(1, name), ...values.map((value) => textField(9, value)), numberField(20, 8)),
};

export interface NodeSpec {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly attributes?: readonly Bytes[];
  /** `ai.onnx.ml` for the operators of classic learning; the common ones without. */
  readonly domain?: string;
}

export const node = ({ op, inputs, output, attributes = [], domain = '' }: NodeSpec): Bytes =>
  message(
    ...inputs.map((input) => textField(1, input)),
    textField(2, output),
    textField(3, output),
    textField(4, op),
    ...attributes.map((each) => bytesField(5, each)),
    textField(7, domain),
  );

export const cast = (input: string, output: string, to: ElementType): Bytes =>
  node({ op: 'Cast', inputs: [input], output, attributes: [attribute.number('to', elementTypes[to])] });

/** What goes in or comes out: any number of rows, then as many columns as said; one value a row without. */
export function value(name: string, type: ElementType, columns?: number): Bytes {
  const rows = bytesField(1, textField(2, 'rows'));
  const shape = message(rows, ...(columns === undefined ? [] : [bytesField(1, numberField(1, columns))]));
  const tensorType = message(numberField(1, elementTypes[type]), bytesField(2, shape));
  return message(textField(1, name), bytesField(2, bytesField(1, tensorType)));
}

export interface GraphSpec {
  readonly name: string;
  readonly nodes: readonly Bytes[];
  readonly constants: readonly Bytes[];
  readonly inputs: readonly Bytes[];
  readonly outputs: readonly Bytes[];
}

/** Versions of the operators that are used: runtimes since 2022 know them. */
const irVersion = 8;
const opset = 15;
const learningOpset = 3;

/** A whole .onnx file. */
export function modelFile(
  graph: GraphSpec,
  about: { readonly doc: string; readonly properties: Readonly<Record<string, string>> },
): Bytes {
  const body = message(
    ...graph.nodes.map((each) => bytesField(1, each)),
    textField(2, graph.name),
    ...graph.constants.map((each) => bytesField(5, each)),
    ...graph.inputs.map((each) => bytesField(11, each)),
    ...graph.outputs.map((each) => bytesField(12, each)),
  );
  const operators = (domain: string, version: number): Bytes =>
    bytesField(8, message(textField(1, domain), numberField(2, version)));
  const properties = Object.entries(about.properties).map(([name, text]) =>
    bytesField(14, message(textField(1, name), textField(2, text))),
  );
  return message(
    numberField(1, irVersion),
    textField(2, 'mlp'),
    textField(6, about.doc),
    bytesField(7, body),
    operators('', opset),
    operators('ai.onnx.ml', learningOpset),
    ...properties,
  );
}
