import { canonicalJson } from '../../core/json.ts';
import { exactInteger, floatText, rawToJson, type RawEntry, type RawNode, type Span } from '../raw.ts';
import type { PythonText } from './python-problem.ts';
import { stringValue } from './python-strings.ts';
import type { Token } from './python-tokens.ts';

interface Reader extends PythonText {
  readonly tokens: readonly Token[];
  /** Index of the next token, and of the one after the last that belongs to the expression. */
  at: number;
  readonly end: number;
}

/** The value of the tokens from `start` to before `end`, where all of them are one literal; undefined for everything else. */
export function pythonLiteral(
  source: PythonText,
  tokens: readonly Token[],
  [start, end]: readonly [number, number],
): RawNode | undefined {
  const reader: Reader = { ...source, tokens, at: start, end };
  const first = readValue(reader);
  if (first === undefined || reader.at >= end) return first;
  const items = [first];
  while (taken(reader, ',')) {
    if (reader.at >= end) break;
    const item = readValue(reader);
    if (item === undefined) return undefined;
    items.push(item);
  }
  if (reader.at < end) return undefined;
  return { kind: 'list', items, ...placeOf(reader, start) };
}

const textOf = ({ text, tokens, at, end }: Reader): string => {
  const token = at < end ? tokens[at] : undefined;
  return token === undefined ? '' : text.slice(token.start, token.end);
};

function taken(reader: Reader, sign: string): boolean {
  if (textOf(reader) !== sign) return false;
  reader.at++;
  return true;
}

/** From the token at index `first` to the one just read. */
function placeOf({ tokens, at, lines }: Reader, first: number) {
  const span: Span = [tokens[first]?.start ?? 0, tokens[at - 1]?.end ?? 0];
  return { span, at: lines.rangeOf(...span) };
}

const constants: Readonly<Record<string, null | boolean>> = { None: null, True: true, False: false };

function readValue(reader: Reader): RawNode | undefined {
  const start = reader.at;
  const kind = reader.tokens[start]?.kind;
  const word = textOf(reader);
  if (kind === 'number') return readNumber(reader, 1);
  if (kind === 'string') return readStrings(reader);
  if (kind === 'name') {
    const constant = constants[word];
    reader.at++;
    if (constant !== undefined)
      return { kind: 'scalar', value: constant, text: String(constant), ...placeOf(reader, start) };
    const isEmptySet = word === 'set' && taken(reader, '(') && taken(reader, ')');
    return isEmptySet ? { kind: 'list', items: [], ...placeOf(reader, start) } : undefined;
  }
  if (word === '-' || word === '+') return readSigned(reader, word);
  reader.at++;
  if (word === '(') return readParentheses(reader, start);
  if (word === '[') return list(readItems(reader, ']'), reader, start);
  return word === '{' ? readBraces(reader, start) : undefined;
}

const list = (items: readonly RawNode[] | undefined, reader: Reader, start: number): RawNode | undefined =>
  items === undefined ? undefined : { kind: 'list', items, ...placeOf(reader, start) };

/** One sign before a number, which may stand in parentheses; more signs are a calculation. */
function readSigned(reader: Reader, sign: string): RawNode | undefined {
  const start = reader.at;
  reader.at++;
  let brackets = 0;
  while (taken(reader, '(')) brackets++;
  const value = reader.tokens[reader.at]?.kind === 'number' ? readNumber(reader, sign === '-' ? -1 : 1) : undefined;
  for (; brackets > 0; brackets--) if (!taken(reader, ')')) return undefined;
  return value?.kind === 'scalar' ? { ...value, ...placeOf(reader, start) } : undefined;
}

function readNumber(reader: Reader, sign: 1 | -1): RawNode | undefined {
  const start = reader.at;
  const written = textOf(reader).replaceAll('_', '');
  reader.at++;
  if (/^0[xob]|^\d+$/i.test(written)) {
    const digits = BigInt(written) * BigInt(sign);
    return { kind: 'scalar', ...exactInteger(digits), ...placeOf(reader, start) };
  }
  if (/j$/i.test(written)) return undefined;
  const value = sign * Number(written);
  return { kind: 'scalar', value, text: floatText(value), ...placeOf(reader, start) };
}

/** Strings that stand side by side are one. */
function readStrings(reader: Reader): RawNode | undefined {
  const start = reader.at;
  const parts: string[] = [];
  for (; reader.at < reader.end && reader.tokens[reader.at]?.kind === 'string'; reader.at++) {
    const part = stringValue(textOf(reader));
    if (part === undefined) return undefined;
    parts.push(part);
  }
  const value = parts.join('');
  return { kind: 'scalar', value, text: value, ...placeOf(reader, start) };
}

function readParentheses(reader: Reader, start: number): RawNode | undefined {
  const items = readItems(reader, ')');
  const [only] = items ?? [];
  const isTuple = items?.length !== 1 || reader.text[reader.tokens[reader.at - 2]?.start ?? 0] === ',';
  return isTuple || only === undefined ? list(items, reader, start) : only;
}

function readItems(reader: Reader, close: string): RawNode[] | undefined {
  const items: RawNode[] = [];
  while (!taken(reader, close)) {
    const item = readValue(reader);
    if (item === undefined) return undefined;
    items.push(item);
    if (!taken(reader, ',') && textOf(reader) !== close) return undefined;
  }
  return items;
}

function readBraces(reader: Reader, start: number): RawNode | undefined {
  const entries = new Map<string, RawEntry>();
  if (taken(reader, '}')) return { kind: 'map', entries: [], ...placeOf(reader, start) };
  const from = reader.at;
  const first = readValue(reader);
  if (first === undefined) return undefined;
  const isMap = textOf(reader) === ':';
  reader.at = from;
  if (!isMap) return readSet(reader, start);
  while (!taken(reader, '}')) {
    const entry = readEntry(reader);
    if (entry === undefined) return undefined;
    entries.set(entry.key, entry);
    if (!taken(reader, ',') && textOf(reader) !== '}') return undefined;
  }
  return { kind: 'map', entries: [...entries.values()], ...placeOf(reader, start) };
}

function readEntry(reader: Reader): RawEntry | undefined {
  const key = readValue(reader);
  if (key?.kind !== 'scalar' || !taken(reader, ':')) return undefined;
  const value = readValue(reader);
  const name = typeof key.value === 'boolean' || key.value === null ? pythonWord(key.value) : key.text;
  return value === undefined ? undefined : { key: name, keyAt: key.at, keySpan: key.span, value };
}

const pythonWord = (value: null | boolean): string => (value === null ? 'None' : value ? 'True' : 'False');

/** A set has no order: its members are sorted, so that writing them in another order is no change. */
function readSet(reader: Reader, start: number): RawNode | undefined {
  const items = readItems(reader, '}');
  if (items?.every(({ kind }) => kind !== 'map') !== true) return undefined;
  const members = new Map(items.map((item) => [canonicalJson(rawToJson(item)), item]));
  const sorted = [...members].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
  return { kind: 'list', items: sorted, ...placeOf(reader, start) };
}
