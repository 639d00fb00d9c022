import { failure, type Failure } from '../core/failure.ts';
import { err, ok, type Result } from '../core/result.ts';
import { limits } from './limits.ts';
import { linesOf, type Lines } from './lines.ts';
import { malformed } from './problems.ts';
import { exactInteger, floatText, type RawEntry, type RawNode, type Span } from './raw.ts';

interface Reader {
  readonly text: string;
  readonly lines: Lines;
  at: number;
}

/** Where reading stopped; thrown and caught inside this file only, so that the parser needs no check after every call. */
class JsonProblem extends Error {
  readonly problem: Failure;
  constructor(problem: Failure) {
    super('malformed JSON');
    this.problem = problem;
  }
}

/**
 * Reads JSON (RFC 8259) with the place of every value; `NaN`, `Infinity` and `-Infinity` are taken too,
 * because Python's json module writes them into metrics files.
 */
export function parseJsonTree(text: string, file: string): Result<RawNode, readonly Failure[]> {
  const reader: Reader = { text, lines: linesOf(text, file), at: text.startsWith('\ufeff') ? 1 : 0 };
  try {
    skipBlanks(reader);
    const root = readValue(reader, 0);
    skipBlanks(reader);
    if (reader.at < text.length) fail(reader, 'something follows the end of the document');
    return ok(root);
  } catch (error) {
    if (error instanceof JsonProblem) return err([error.problem]);
    throw error;
  }
}

function fail(reader: Reader, problem: string, start = reader.at): never {
  throw new JsonProblem(malformed('JSON', problem, reader.lines.rangeOf(start, Math.max(reader.at, start + 1))));
}

function skipBlanks(reader: Reader): void {
  while (' \t\r\n'.includes(reader.text.charAt(reader.at)) && reader.at < reader.text.length) reader.at++;
}

function readValue(reader: Reader, depth: number): RawNode {
  if (depth > limits.depth) {
    const at = reader.lines.rangeOf(reader.at, reader.at + 1);
    throw new JsonProblem(failure('file-too-complex', { problem: 'its values are nested too deeply' }, { at }));
  }
  const next = reader.text.charAt(reader.at);
  if (next === '{') return readMap(reader, depth);
  if (next === '[') return readList(reader, depth);
  const start = reader.at;
  if (next === '"') {
    const value = readString(reader);
    return scalar(reader, start, { value, text: value });
  }
  return readWord(reader);
}

const wordPattern = /-?Infinity|NaN|true|false|null|-?(?:0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?/y;
const words: Readonly<Record<string, boolean | number | null>> = {
  true: true,
  false: false,
  null: null,
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
};

function readWord(reader: Reader): RawNode {
  wordPattern.lastIndex = reader.at;
  const [word, fraction, exponent] = wordPattern.exec(reader.text) ?? [];
  if (word === undefined || /[\w.]/.test(reader.text.charAt(reader.at + word.length))) {
    const ends = reader.at >= reader.text.length;
    return fail(reader, ends ? 'the file ends where a value is expected' : 'this is no JSON value');
  }
  const start = reader.at;
  reader.at += word.length;
  const named = words[word];
  if (named === null || typeof named === 'boolean') return scalar(reader, start, { value: named, text: word });
  const isInteger = named === undefined && fraction === undefined && exponent === undefined;
  if (isInteger) return scalar(reader, start, exactInteger(BigInt(word)));
  const value = named ?? Number(word);
  return scalar(reader, start, { value, text: floatText(value) });
}

/** Scanned by hand: a pattern over a text of megabytes would exhaust the matcher's stack. */
function readString(reader: Reader): string {
  const { text } = reader;
  const start = reader.at;
  let end = start + 1;
  while (end < text.length && text.charCodeAt(end) !== 0x22 && text.charCodeAt(end) >= 0x20) {
    end += text.charCodeAt(end) === 0x5c ? 2 : 1;
  }
  if (text.charAt(end) !== '"') return fail(reader, 'a text in double quotes does not end in its line');
  reader.at = end + 1;
  try {
    return JSON.parse(text.slice(start, end + 1)) as string;
  } catch {
    return fail(reader, 'a text has an escape that JSON does not know', start);
  }
}

function readList(reader: Reader, depth: number): RawNode {
  const start = reader.at;
  const items: RawNode[] = [];
  readMembers(reader, ']', () => {
    items.push(readValue(reader, depth + 1));
  });
  return { kind: 'list', items, ...placeFrom(reader, start) };
}

function readMap(reader: Reader, depth: number): RawNode {
  const start = reader.at;
  const entries = new Map<string, RawEntry>();
  readMembers(reader, '}', () => {
    const keyStart = reader.at;
    if (reader.text.charAt(keyStart) !== '"') fail(reader, 'a key in double quotes is expected');
    const key = readString(reader);
    const keySpan: Span = [keyStart, reader.at];
    const keyAt = reader.lines.rangeOf(...keySpan);
    const first = entries.get(key);
    if (first !== undefined) {
      throw new JsonProblem(failure('duplicate-key', { key, first: first.keyAt }, { at: keyAt }));
    }
    skipBlanks(reader);
    if (reader.text.charAt(reader.at) !== ':') fail(reader, 'a ":" is expected after the key');
    reader.at++;
    skipBlanks(reader);
    entries.set(key, { key, keyAt, keySpan, value: readValue(reader, depth + 1) });
  });
  return { kind: 'map', entries: [...entries.values()], ...placeFrom(reader, start) };
}

/** From the opening bracket to after the closing one, with `readMember` called at the start of each member. */
function readMembers(reader: Reader, close: string, readMember: () => void): void {
  const start = reader.at;
  reader.at++;
  skipBlanks(reader);
  if (reader.text.charAt(reader.at) === close) {
    reader.at++;
    return;
  }
  for (;;) {
    readMember();
    skipBlanks(reader);
    const next = reader.text.charAt(reader.at);
    if (next === '') fail(reader, `this is never closed by "${close}"`, start);
    if (next !== ',' && next !== close) fail(reader, `a "," or a "${close}" is expected`);
    reader.at++;
    if (next === close) return;
    skipBlanks(reader);
  }
}

const scalar = (
  reader: Reader,
  start: number,
  value: { value: null | boolean | number | string; text: string },
): RawNode => ({
  kind: 'scalar',
  ...value,
  ...placeFrom(reader, start),
});

const placeFrom = (reader: Reader, start: number) => {
  const span: Span = [start, reader.at];
  return { span, at: reader.lines.rangeOf(start, reader.at) };
};
