import { failure } from '../../core/failure.ts';
import { limits } from '../limits.ts';
import { measureIndent, type Indent } from './python-indent.ts';
import { PythonProblem, refuse, type PythonText } from './python-problem.ts';
import { stringEnd } from './python-strings.ts';

type TokenKind = 'name' | 'number' | 'string' | 'sign' | 'line end' | 'indent' | 'dedent';

export interface Token {
  readonly kind: TokenKind;
  readonly start: number;
  readonly end: number;
}

interface Tokens extends PythonText {
  readonly found: Token[];
  /** Offsets of the brackets that are open. */
  readonly open: number[];
  readonly indents: Indent[];
  at: number;
}

const namePattern = /[\p{ID_Start}_][\p{ID_Continue}]*/uy;
const numberPattern =
  /0[xX](?:_?[\da-fA-F])+|0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|(?:\d(?:_?\d)*)?\.?(?:\d(?:_?\d)*)?(?:[eE][-+]?\d(?:_?\d)*)?[jJ]?/y;
const stringPattern = /(?:[rR]?[bBfFtT]|[bBfFtT]?[rR]|[uU])?["']/y;
const signPattern = /\*\*=?|\/\/=?|>>=?|<<=?|->|:=|!=|==|<=|>=|\.\.\.|[-+*/%&|^@]=|[-+*/%@&|^~<>()[\]{},:.;=]|!/y;

/** The words and signs of a Python file, with its blocks. Tells texts and brackets that are not closed, and uneven indentation. */
export function pythonTokens(source: PythonText): readonly Token[] {
  const tokens: Tokens = { ...source, found: [], open: [], indents: [{ columns: 0, narrow: 0 }], at: 0 };
  const { text, found, open } = tokens;
  while (tokens.at < text.length) {
    if (open.length === 0 && (found.length === 0 || found.at(-1)?.kind === 'line end')) {
      if (!beginLine(tokens)) continue;
    }
    readToken(tokens);
  }
  const unclosed = open.at(-1);
  if (unclosed !== undefined) return refuse(source, 'this bracket is never closed', unclosed);
  if (found.length > 0 && found.at(-1)?.kind !== 'line end') add(tokens, 'line end', text.length);
  for (const _ of tokens.indents.slice(1)) add(tokens, 'dedent', text.length);
  return found;
}

function add(tokens: Tokens, kind: TokenKind, end: number): void {
  tokens.found.push({ kind, start: tokens.at, end });
  tokens.at = end;
}

/** Compares a line's indentation with that of the lines above; false for a line that says nothing. */
function beginLine(tokens: Tokens): boolean {
  const { text, indents } = tokens;
  const { indent, end } = measureIndent(text, tokens.at);
  tokens.at = end;
  if (end >= text.length) return false;
  if ('#\r\n'.includes(text.charAt(end))) {
    skipLine(tokens);
    return false;
  }
  // Python takes a tab for up to eight columns and for one: both ways must agree.
  const uneven = (other: Indent): boolean =>
    Math.sign(indent.columns - other.columns) !== Math.sign(indent.narrow - other.narrow);
  const current = indents.at(-1) ?? indent;
  if (uneven(current)) refuse(tokens, 'tabs and blanks are mixed in the indentation', end, 'indent with blanks');
  if (indent.columns > current.columns) {
    if (indents.length >= limits.depth) {
      const at = tokens.lines.rangeOf(end, end + 1);
      throw new PythonProblem(failure('file-too-complex', { problem: 'its blocks are nested too deeply' }, { at }));
    }
    indents.push(indent);
    add(tokens, 'indent', end);
  }
  while (indent.columns < (indents.at(-1)?.columns ?? 0)) {
    indents.pop();
    add(tokens, 'dedent', end);
  }
  if (indent.columns !== indents.at(-1)?.columns) {
    refuse(tokens, 'the indentation fits none of the lines above', end, 'compare it with the lines above');
  }
  return true;
}

function skipLine(tokens: Tokens): void {
  const { text } = tokens;
  while (tokens.at < text.length && !'\r\n'.includes(text.charAt(tokens.at))) tokens.at++;
  tokens.at += text.startsWith('\r\n', tokens.at) ? 2 : 1;
}

function readToken(tokens: Tokens): void {
  const { text } = tokens;
  const next = text.charAt(tokens.at);
  if (next === ' ' || next === '\t' || next === '\f') tokens.at++;
  else if (next === '\\') continueLine(tokens);
  else if (next === '#') {
    while (tokens.at < text.length && !'\r\n'.includes(text.charAt(tokens.at))) tokens.at++;
  } else if (next === '\r' || next === '\n') {
    const end = tokens.at + (text.startsWith('\r\n', tokens.at) ? 2 : 1);
    if (tokens.open.length === 0) add(tokens, 'line end', end);
    else tokens.at = end;
  } else readWord(tokens, next);
}

function continueLine(tokens: Tokens): void {
  const lineBreak = /\\(?:\r\n|\r|\n|$)/y;
  lineBreak.lastIndex = tokens.at;
  const found = lineBreak.exec(tokens.text)?.[0];
  if (found === undefined) refuse(tokens, 'a "\\" may stand only at the end of a line here', tokens.at);
  tokens.at += found.length;
}

function readWord(tokens: Tokens, next: string): void {
  const { text, at } = tokens;
  const lengthOf = (pattern: RegExp): number => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0].length ?? 0;
  };
  const prefix = lengthOf(stringPattern);
  if (prefix > 0) {
    add(tokens, 'string', stringEnd(tokens, at, at + prefix - 1));
    return;
  }
  if (/\d/.test(next) || (next === '.' && /\d/.test(text.charAt(at + 1)))) {
    readNumber(tokens, lengthOf(numberPattern));
    return;
  }
  const name = lengthOf(namePattern);
  if (name > 0) {
    add(tokens, 'name', at + name);
    return;
  }
  const sign = lengthOf(signPattern);
  if (sign === 0) return refuse(tokens, 'this character means nothing in Python', at);
  if ('([{'.includes(next)) {
    if (tokens.open.length >= limits.depth) {
      const problem = failure(
        'file-too-complex',
        { problem: 'its brackets are nested too deeply' },
        { at: tokens.lines.rangeOf(at, at + 1) },
      );
      throw new PythonProblem(problem);
    }
    tokens.open.push(at);
  } else if (')]}'.includes(next)) {
    const opening = tokens.open.pop();
    if (opening === undefined || '([{'.indexOf(text.charAt(opening)) !== ')]}'.indexOf(next)) {
      refuse(tokens, `no bracket is open that "${next}" could close`, at);
    }
  }
  add(tokens, 'sign', at + sign);
}

function readNumber(tokens: Tokens, length: number): void {
  const { text, at } = tokens;
  const written = text.slice(at, at + length);
  if (written.length > limits.digits) {
    const detail = { problem: `a number has over ${limits.digits} digits` };
    throw new PythonProblem(failure('file-too-complex', detail, { at: tokens.lines.rangeOf(at, at + 1) }));
  }
  const glued = /^(?!and|else|for|if|in|is|not|or)[\p{L}\d_]/u.test(text.slice(at + length, at + length + 5));
  if (glued || /^0[\d_]*[1-9][\d_]*$/.test(written)) refuse(tokens, 'this is no number in Python', at);
  add(tokens, 'number', at + length);
}
