/** An argument of a system call as strace prints it. */
export interface CallArgument {
  /** All of it, escapes included. */
  readonly text: string;
  /** What stands in quotes, decoded: a path. */
  readonly path?: string;
  /** What the file descriptor stands for, decoded; of AT_FDCWD, the folder the process is in. */
  readonly opened?: string;
}

/** A system call that ended well. */
export interface Call {
  readonly pid: number;
  readonly name: string;
  readonly args: readonly CallArgument[];
  readonly result: number;
  /** What the descriptor that it gave stands for. */
  readonly opened?: string;
}

/** One call, whole, without the process number in front; undefined for one that failed, and for what is no call. */
export function parseCall(pid: number, text: string): Call | undefined {
  const open = text.indexOf('(');
  if (open < 1) return undefined;
  const { args, end } = scanArguments(text, open + 1);
  const result = /^\) *= (\d+)/.exec(text.slice(end));
  if (result === null) return undefined;
  const after = end + result[0].length;
  const opened = text[after] === '<' ? scanEscaped(text, after + 1, '>').value : undefined;
  return {
    pid,
    name: text.slice(0, open),
    args,
    result: Number(result[1]),
    ...(opened === undefined ? {} : { opened }),
  };
}

const opening = new Set(['[', '{', '(']);
const closing = new Set([']', '}', ')']);

/** The arguments from `start` on, and where the bracket behind the last one stands. */
function scanArguments(text: string, start: number): { args: readonly CallArgument[]; end: number } {
  const args: CallArgument[] = [];
  let depth = 0;
  let from = start;
  let found: { path?: string; opened?: string } = {};
  let at = start;
  const finish = (): void => {
    args.push({ text: text.slice(from, at).trim(), ...found });
    found = {};
    from = at + 1;
  };
  for (; at < text.length; at++) {
    const char = text[at] ?? '';
    if (char === '"' || (char === '<' && at > start)) {
      const { value, end } = scanEscaped(text, at + 1, char === '"' ? '"' : '>');
      if (depth === 0) found = char === '"' ? { ...found, path: value } : { ...found, opened: value };
      at = end;
    } else if (depth === 0 && char === ')') {
      finish();
      break;
    } else if (opening.has(char)) depth++;
    else if (closing.has(char)) depth--;
    else if (depth === 0 && char === ',') finish();
  }
  return { args, end: at };
}

const named: Readonly<Record<string, number>> = { n: 10, t: 9, r: 13, v: 11, f: 12, a: 7, b: 8 };

/** Text up to an unescaped `until`: bytes outside of printable ASCII, and `until` itself, are written as C escapes. */
function scanEscaped(text: string, start: number, until: string): { value: string; end: number } {
  const bytes: number[] = [];
  let at = start;
  while (at < text.length && text[at] !== until) {
    if (text[at] !== '\\') {
      bytes.push(text.charCodeAt(at++));
      continue;
    }
    const octal = /^[0-7]{1,3}/.exec(text.slice(at + 1, at + 4))?.[0];
    const hex = octal === undefined ? /^x([0-9a-f]{2})/i.exec(text.slice(at + 1, at + 4)) : null;
    const next = text[at + 1] ?? '';
    if (octal !== undefined) bytes.push(parseInt(octal, 8));
    else if (hex !== null) bytes.push(parseInt(hex[1] ?? '0', 16));
    else bytes.push(named[next] ?? next.charCodeAt(0));
    at += 1 + (octal?.length ?? (hex === null ? 1 : 3));
  }
  return { value: Buffer.from(bytes).toString('utf8'), end: at };
}
