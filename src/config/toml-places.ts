import { limits } from './limits.ts';
import type { Lines } from './lines.ts';
import { exactInteger, floatText, type RawEntry, type RawMap, type RawNode, type Span } from './raw.ts';

/** What smol-toml made of the text: its tables, arrays, texts, numbers, flags and dates. */
export type TomlTable = Readonly<Record<string, unknown>>;
type TomlArray = readonly unknown[];

/** Tables that lie too deep; `offset` is where the first of them is named. Thrown to `parseTomlTree` alone. */
export class TooDeep extends Error {
  readonly offset: number;
  constructor(offset: number) {
    super('nested too deeply');
    this.offset = offset;
  }
}

/** A table or an array of tables, which later lines may still add to. */
interface OpenMap {
  readonly kind: 'open map';
  readonly values: TomlTable;
  readonly entries: Map<string, { readonly keySpan: Span; readonly value: Open }>;
  span: Span;
}
interface OpenList {
  readonly kind: 'open list';
  readonly values: TomlArray;
  readonly items: Open[];
  readonly span: Span;
}
type Open = OpenMap | OpenList | RawNode;

interface Scan {
  readonly text: string;
  readonly lines: Lines;
  at: number;
}

interface KeyPart {
  readonly name: string;
  readonly span: Span;
}

/** Walks through a text that is known to be TOML, beside the values that it holds, and notes where each stands. */
export function placeTomlValues(text: string, values: TomlTable, lines: Lines): RawMap {
  const scan: Scan = { text, lines, at: 0 };
  const root = openMap(values, [0, text.length]);
  let table = root;
  let depth = 0;
  while (skipBlanks(scan)) {
    if (text[scan.at] === '[') {
      const start = scan.at;
      const isArray = text[scan.at + 1] === '[';
      scan.at += isArray ? 2 : 1;
      const path = readKey(scan);
      scan.at += isArray ? 2 : 1;
      depth = path.length;
      table = isArray ? pushTable(root, path, [start, scan.at]) : tableAt(root, path, [start, scan.at]);
      table.span = [start, scan.at];
    } else readEntry(scan, table, depth);
  }
  return closed(root, lines) as RawMap;
}

function readEntry(scan: Scan, table: OpenMap, depth: number): void {
  const start = scan.at;
  const path = readKey(scan);
  skipBlanks(scan);
  scan.at++;
  skipBlanks(scan);
  const last = path.at(-1);
  if (last === undefined) return;
  if (depth + path.length > limits.depth) throw new TooDeep(start);
  const parent = tableAt(table, path.slice(0, -1), [start, start]);
  const value = readValue(scan, parent.values[last.name], depth + path.length);
  parent.entries.set(last.name, { keySpan: last.span, value });
}

/** The table that a key leads to; those on the way are made where they are not there yet. */
function tableAt(from: OpenMap, path: readonly KeyPart[], span: Span): OpenMap {
  const deep = path[limits.depth];
  if (deep !== undefined) throw new TooDeep(deep.span[0]);
  let table = from;
  for (const { name, span: keySpan } of path) {
    let next = table.entries.get(name)?.value;
    if (next === undefined) {
      next = openMap(table.values[name] as TomlTable, span);
      table.entries.set(name, { keySpan, value: next });
    }
    if (next.kind === 'open list') next = next.items.at(-1);
    if (next?.kind !== 'open map') return table;
    table = next;
  }
  return table;
}

function pushTable(root: OpenMap, path: readonly KeyPart[], span: Span): OpenMap {
  const last = path.at(-1);
  const parent = tableAt(root, path.slice(0, -1), span);
  if (last === undefined) return parent;
  let list = parent.entries.get(last.name)?.value;
  if (list?.kind !== 'open list') {
    list = { kind: 'open list', values: parent.values[last.name] as TomlArray, items: [], span };
    parent.entries.set(last.name, { keySpan: last.span, value: list });
  }
  const table = openMap(list.values[list.items.length] as TomlTable, span);
  list.items.push(table);
  return table;
}

function readKey(scan: Scan): KeyPart[] {
  const parts: KeyPart[] = [];
  for (;;) {
    skipBlanks(scan);
    const start = scan.at;
    const quote = scan.text.charAt(start);
    if (quote === '"' || quote === "'") skipString(scan, quote);
    else {
      barePattern.lastIndex = start;
      scan.at += barePattern.exec(scan.text)?.[0].length ?? 0;
    }
    const written = scan.text.slice(start, scan.at);
    parts.push({ name: keyName(written, quote), span: [start, scan.at] });
    skipBlanks(scan);
    if (scan.text[scan.at] !== '.') return parts;
    scan.at++;
  }
}

const barePattern = /[^\s.=\]"'#]+/y;

function keyName(written: string, quote: string): string {
  if (quote === "'") return written.slice(1, -1);
  if (quote !== '"') return written;
  const escapes = /\\(?:([btnfre"\\])|x([\da-f]{2})|u([\da-f]{4})|U([\da-f]{8}))/gi;
  const plain: Readonly<Record<string, string>> = { b: '\b', t: '\t', n: '\n', f: '\f', r: '\r', e: '\x1b' };
  return written.slice(1, -1).replace(escapes, (_, letter?: string, ...codes: (string | undefined)[]) => {
    if (letter !== undefined) return plain[letter] ?? letter;
    return String.fromCodePoint(Number.parseInt(codes.find((code) => typeof code === 'string') ?? '0', 16));
  });
}

function readValue(scan: Scan, value: unknown, depth: number): Open {
  const { text, lines } = scan;
  const start = scan.at;
  const first = text.charAt(start);
  if (first === '[') return readArray(scan, value as TomlArray, depth);
  if (first === '{') return readInlineTable(scan, value as TomlTable, depth);
  if (first === '"' || first === "'") skipString(scan, first);
  else {
    plainPattern.lastIndex = start;
    scan.at += plainPattern.exec(text)?.[0].length ?? 1;
  }
  const span: Span = [start, scan.at];
  return { kind: 'scalar', ...scalar(value, text.slice(...span)), at: lines.rangeOf(...span), span };
}

/** A date may have a blank before its time. */
const plainPattern = /\d{4}-\d\d-\d\d[Tt ]\d\d:[^\s,\]}#]*|[^\s,\]}#]+/y;

function scalar(value: unknown, written: string): { value: string | number | boolean; text: string } {
  if (typeof value === 'bigint') return exactInteger(value);
  if (typeof value === 'number') return { value, text: floatText(value) };
  if (typeof value === 'boolean') return { value, text: String(value) };
  // A date: of two ways to write the same one, none may look like a change.
  const text = typeof value === 'string' ? value : written.toUpperCase().replace(' ', 'T');
  return { value: text, text };
}

function readArray(scan: Scan, values: TomlArray, depth: number): Open {
  const start = scan.at;
  const items: Open[] = [];
  readMembers(scan, ']', () => items.push(readValue(scan, values[items.length], depth + 1)));
  return { kind: 'open list', values, items, span: [start, scan.at] };
}

function readInlineTable(scan: Scan, values: TomlTable, depth: number): Open {
  const table = openMap(values, [scan.at, scan.at]);
  readMembers(scan, '}', () => {
    readEntry(scan, table, depth);
  });
  table.span = [table.span[0], scan.at];
  return table;
}

function readMembers(scan: Scan, close: string, readMember: () => void): void {
  scan.at++;
  while (skipBlanks(scan) && scan.text[scan.at] !== close) {
    if (scan.text[scan.at] === ',') scan.at++;
    else readMember();
  }
  scan.at++;
}

function skipString(scan: Scan, quote: string): void {
  const { text } = scan;
  const isLong = text.startsWith(quote.repeat(3), scan.at);
  const end = isLong ? quote.repeat(3) : quote;
  scan.at += end.length;
  while (scan.at < text.length && !text.startsWith(end, scan.at))
    scan.at += quote === '"' && text[scan.at] === '\\' ? 2 : 1;
  scan.at += end.length;
  // Up to two quotes may stand before the three that end a long string.
  for (let more = 0; isLong && more < 2 && text[scan.at] === quote; more++) scan.at++;
}

/** To the next character that says something; false when there is none. */
function skipBlanks(scan: Scan): boolean {
  for (;;) {
    const next = scan.text.charAt(scan.at);
    if (next === '#') {
      const lineEnd = scan.text.indexOf('\n', scan.at);
      scan.at = lineEnd < 0 ? scan.text.length : lineEnd;
    } else if (next !== '' && ' \t\r\n\ufeff'.includes(next)) scan.at++;
    else return next !== '';
  }
}

const openMap = (values: TomlTable, span: Span): OpenMap => ({ kind: 'open map', values, entries: new Map(), span });

function closed(node: Open, lines: Lines): RawNode {
  if (node.kind === 'open list') {
    const items = node.items.map((item) => closed(item, lines));
    return { kind: 'list', items, at: lines.rangeOf(...node.span), span: node.span };
  }
  if (node.kind !== 'open map') return node;
  const entries = [...node.entries].map(([key, { keySpan, value }]): RawEntry => ({
    key,
    keyAt: lines.rangeOf(...keySpan),
    keySpan,
    value: closed(value, lines),
  }));
  return { kind: 'map', entries, at: lines.rangeOf(...node.span), span: node.span };
}
