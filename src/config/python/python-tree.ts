import type { Failure } from '../../core/failure.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { linesOf } from '../lines.ts';
import type { RawEntry, RawMap, RawNode } from '../raw.ts';
import { pythonLiteral } from './python-literal.ts';
import { PythonProblem, refuse, type PythonText } from './python-problem.ts';
import { pythonTokens, type Token } from './python-tokens.ts';

interface Reader extends PythonText {
  readonly tokens: readonly Token[];
  at: number;
}

type Entries = Map<string, RawEntry>;

/**
 * Reads the literals that a Python file assigns, as DVC does: at its top, in classes, and to `self` in `__init__`. What else stands
 * there is passed over; of several assignments the last counts. Nothing is run, and only the outline of the language is checked.
 */
export function parsePythonTree(text: string, file: string): Result<RawNode, readonly Failure[]> {
  const lines = linesOf(text, file);
  try {
    const reader: Reader = { text, lines, tokens: pythonTokens({ text, lines }), at: 0 };
    const entries: Entries = new Map();
    readBlock(reader, entries, false);
    return ok(mapOf(reader, entries, [0, text.length]));
  } catch (error) {
    if (error instanceof PythonProblem) return err([error.problem]);
    throw error;
  }
}

const mapOf = ({ lines }: Reader, entries: Entries, span: readonly [number, number]): RawMap => ({
  kind: 'map',
  entries: [...entries.values()],
  at: lines.rangeOf(...span),
  span,
});

const wordAt = ({ text, tokens }: Reader, index: number): string => {
  const token = tokens[index];
  return token === undefined ? '' : text.slice(token.start, token.end);
};
const kindAt = ({ tokens }: Reader, index: number): Token['kind'] | undefined => tokens[index]?.kind;
const isInLine = (reader: Reader, index: number): boolean =>
  index < reader.tokens.length && kindAt(reader, index) !== 'line end';

/** Reads statements up to the end of the block; `selfOnly` in `__init__`, where other names are local. */
function readBlock(reader: Reader, entries: Entries, selfOnly: boolean): void {
  for (let kind = kindAt(reader, reader.at); kind !== undefined; kind = kindAt(reader, reader.at)) {
    if (kind === 'dedent') {
      reader.at++;
      return;
    }
    if (kind === 'indent')
      refuse(reader, 'this line is indented, and no block begins here', reader.tokens[reader.at]?.end ?? 0);
    readStatement(reader, entries, selfOnly);
  }
}

const blockWords = new Set('if elif else for while try except finally with async'.split(' '));

function readStatement(reader: Reader, entries: Entries, selfOnly: boolean): void {
  const word = wordAt(reader, reader.at);
  if (word === 'class') {
    readClass(reader, entries);
    return;
  }
  if (word === 'def') {
    const isInit = wordAt(reader, reader.at + 1) === '__init__';
    if (isInit && endOfHeader(reader)) readBody(reader, entries, true);
    else skipStatement(reader);
    return;
  }
  if (blockWords.has(word)) skipStatement(reader);
  else readSimple(reader, entries, selfOnly);
}

function readClass(reader: Reader, entries: Entries): void {
  const name = reader.tokens[reader.at + 1];
  if (name?.kind !== 'name' || !endOfHeader(reader)) {
    skipStatement(reader);
    return;
  }
  const inner: Entries = new Map();
  readBody(reader, inner, false);
  const span = [name.start, name.end] as const;
  const key = reader.text.slice(...span).normalize('NFKC');
  entries.set(key, { key, keyAt: reader.lines.rangeOf(...span), keySpan: span, value: mapOf(reader, inner, span) });
}

/** Goes behind the `:` that ends a header; false, without moving, when the line has none. */
function endOfHeader(reader: Reader): boolean {
  const colon = findSign(reader, reader.at, ':');
  if (colon === undefined) return false;
  reader.at = colon + 1;
  return true;
}

function readBody(reader: Reader, entries: Entries, selfOnly: boolean): void {
  if (kindAt(reader, reader.at) !== 'line end') {
    readSimple(reader, entries, selfOnly);
    return;
  }
  reader.at++;
  if (kindAt(reader, reader.at) !== 'indent') {
    refuse(reader, 'a block with indented lines is expected', reader.tokens[reader.at]?.start ?? reader.text.length);
  }
  reader.at++;
  readBlock(reader, entries, selfOnly);
}

/** Passes over the line and the block below it. */
function skipStatement(reader: Reader): void {
  while (isInLine(reader, reader.at)) reader.at++;
  reader.at++;
  if (kindAt(reader, reader.at) !== 'indent') return;
  let depth = 0;
  do {
    const kind = kindAt(reader, reader.at++);
    if (kind === 'indent') depth++;
    else if (kind === 'dedent') depth--;
  } while (depth > 0 && reader.at < reader.tokens.length);
}

/** One line of statements with `;` between them. */
function readSimple(reader: Reader, entries: Entries, selfOnly: boolean): void {
  for (;;) {
    const start = reader.at;
    const end = findSign(reader, start, ';') ?? lineEnd(reader, start);
    const entry = readAssignment(reader, [start, end], selfOnly);
    if (entry !== undefined) entries.set(entry.key, entry);
    reader.at = end + 1;
    if (kindAt(reader, end) === 'line end') break;
    if (kindAt(reader, reader.at) === 'line end') {
      reader.at++;
      break;
    }
  }
  // Only `match` may begin a block here.
  const beforeEnd = wordAt(reader, reader.at - 2);
  if (kindAt(reader, reader.at) === 'indent' && beforeEnd === ':') {
    reader.at--;
    skipStatement(reader);
  }
}

function lineEnd(reader: Reader, from: number): number {
  let at = from;
  while (isInLine(reader, at)) at++;
  return at;
}

/** Where a sign stands outside of brackets, in this line and before `end`. */
function findSign(reader: Reader, from: number, sign: string, end = reader.tokens.length): number | undefined {
  let brackets = 0;
  for (let at = from; at < end && isInLine(reader, at); at++) {
    if (kindAt(reader, at) !== 'sign') continue;
    const word = wordAt(reader, at);
    if (brackets === 0 && word === sign) return at;
    if ('([{'.includes(word)) brackets++;
    else if (')]}'.includes(word)) brackets--;
  }
  return undefined;
}

function readAssignment(
  reader: Reader,
  [start, end]: readonly [number, number],
  selfOnly: boolean,
): RawEntry | undefined {
  const isSelf = wordAt(reader, start) === 'self' && wordAt(reader, start + 1) === '.';
  const nameAt = isSelf ? start + 2 : start;
  const name = reader.tokens[nameAt];
  if (name?.kind !== 'name' || (selfOnly && !isSelf)) return undefined;
  const sign = wordAt(reader, nameAt + 1);
  const equals = sign === '=' ? nameAt + 1 : sign === ':' ? findSign(reader, nameAt + 2, '=', end) : undefined;
  if (equals === undefined || equals >= end) return undefined;
  const value = pythonLiteral(reader, reader.tokens, [equals + 1, end]);
  if (value === undefined) return undefined;
  const span = [name.start, name.end] as const;
  const key = reader.text.slice(...span).normalize('NFKC');
  return { key, keyAt: reader.lines.rangeOf(...span), keySpan: span, value };
}
