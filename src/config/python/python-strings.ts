import { failure } from '../../core/failure.ts';
import { limits } from '../limits.ts';
import { PythonProblem, refuse, type PythonText } from './python-problem.ts';

/** Where the string ends whose prefix begins at `start` and whose quote stands at `quoteAt`. Formatted strings may hold strings. */
export function stringEnd(source: PythonText, start: number, quoteAt: number, depth = 0): number {
  const { text, lines } = source;
  if (depth > limits.depth) {
    const detail = { problem: 'its strings are nested too deeply' };
    throw new PythonProblem(failure('file-too-complex', detail, { at: lines.rangeOf(start, start + 1) }));
  }
  const quote = text.charAt(quoteAt);
  const end = text.startsWith(quote.repeat(3), quoteAt) ? quote.repeat(3) : quote;
  const isFormatted = /[ft]/i.test(text.slice(start, quoteAt));
  let at = quoteAt + end.length;
  while (at < text.length) {
    const next = text.charAt(at);
    if (next === '\\') at += text.startsWith('\\\r\n', at) ? 3 : 2;
    else if (text.startsWith(end, at)) return at + end.length;
    else if ((next === '\n' || next === '\r') && end.length === 1) break;
    else if (isFormatted && next === '{') at = text[at + 1] === '{' ? at + 2 : fieldEnd(source, at, depth);
    else at++;
  }
  const kind =
    end.length === 3 ? 'a text in triple quotes is never closed' : 'a text in quotes does not end in its line';
  return refuse(source, kind, start, `close it with ${end}`);
}

/** Where a `{...}` of a formatted string ends. After a `:` at its own level, a format stands, in which quotes mean nothing. */
function fieldEnd(source: PythonText, start: number, depth: number): number {
  const { text } = source;
  let brackets = 0;
  let inFormat = false;
  for (let at = start + 1; at < text.length;) {
    const next = text.charAt(at);
    if (next === '}' && brackets === 0) return at + 1;
    if (inFormat) at = next === '{' ? fieldEnd(source, at, depth + 1) : at + 1;
    else if (next === '"' || next === "'") {
      const prefix = /[a-z]{0,2}$/i.exec(text.slice(Math.max(start, at - 2), at))?.[0].length ?? 0;
      at = stringEnd(source, at - prefix, at, depth + 1);
    } else {
      if ('([{'.includes(next)) brackets++;
      else if (')]}'.includes(next)) brackets--;
      else if (next === ':' && brackets === 0) inFormat = true;
      at++;
    }
  }
  return refuse(source, 'a "{" of a formatted text is never closed', start);
}

const plainEscapes: Readonly<Record<string, string>> = {
  '\n': '',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** What a string token stands for; undefined for bytes, formatted strings and characters by name, which no params file can hold. */
export function stringValue(written: string): string | undefined {
  const [, prefix = '', quotes = ''] = /^([a-z]*)("""|'''|"|')/i.exec(written) ?? [];
  if (/[bft]/i.test(prefix)) return undefined;
  const body = written.slice(prefix.length + quotes.length, -quotes.length).replace(/\r\n?/g, '\n');
  if (/r/i.test(prefix) || !body.includes('\\')) return body;
  const unknown: string[] = [];
  const value = body.replace(escapePattern, (whole: string, ...groups: (string | undefined)[]) => {
    const [plain, octal, hex, short, long, named] = groups;
    if (plain !== undefined) return plainEscapes[plain] ?? whole;
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
    const code = Number.parseInt(hex ?? short ?? long ?? '', 16);
    if (named === undefined && code <= 0x10ffff) return String.fromCodePoint(code);
    unknown.push(whole);
    return whole;
  });
  return unknown.length === 0 ? value : undefined;
}

const escapePattern =
  /\\(?:([\n\\'"abfnrtv])|([0-7]{1,3})|x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|(N\{[^}]*\}|[xuUN]))/g;
