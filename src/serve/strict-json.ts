import type { JsonValue } from '../core/json.ts';
import { err, ok, type Result } from '../core/result.ts';

/**
 * JSON.parse for bodies from strangers. Beyond the grammar it refuses nesting deeper than `maxDepth`, a key that is given twice in one
 * object (which readers disagree about) and the key `__proto__`. The error is a sentence without any of the text.
 */
export function parseStrictJson(text: string, maxDepth: number): Result<JsonValue, string> {
  const problem = scan(text, maxDepth);
  if (problem !== undefined) return err(problem);
  try {
    return ok(JSON.parse(text) as JsonValue);
  } catch (error) {
    return err(text.trim() === '' ? 'it is empty' : `syntax error${placeOf(error)}`);
  }
}

/** V8's message quotes the text, so only the position is taken over. */
function placeOf(error: unknown): string {
  const position = /at position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
  return position === undefined ? '' : ` at character ${Number(position) + 1}`;
}

const quote = 0x22;
const backslash = 0x5c;
const colon = 0x3a;

/**
 * Walks the brackets and strings once, without judging the grammar (JSON.parse does that afterwards, on text that is known to be shallow).
 * `open` holds the keys seen so far of each open object, null for a list.
 */
function scan(text: string, maxDepth: number): string | undefined {
  const open: (Set<string> | null)[] = [];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === quote) {
      const end = endOfString(text, i);
      const keys = open.at(-1);
      if (keys && isKey(text, end)) {
        const problem = addKey(keys, text.slice(i, end + 1));
        if (problem !== undefined) return problem;
      }
      i = end;
    } else if (code === 0x7b || code === 0x5b) {
      if (open.length === maxDepth) return `it is nested deeper than ${maxDepth} levels`;
      open.push(code === 0x7b ? new Set() : null);
    } else if (code === 0x7d || code === 0x5d) {
      open.pop();
    }
  }
  return undefined;
}

/** Index of the closing quote, or of the text's end where there is none. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let before = end - 1;
    while (text.charCodeAt(before) === backslash) before--;
    if ((end - 1 - before) % 2 === 0) return end;
  }
  return text.length;
}

function isKey(text: string, end: number): boolean {
  let next = end + 1;
  while (next < text.length && isSpace(text.charCodeAt(next))) next++;
  return text.charCodeAt(next) === colon;
}

const isSpace = (code: number): boolean => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;

/** `quoted` may spell its characters as escapes, so keys are compared decoded. */
function addKey(keys: Set<string>, quoted: string): string | undefined {
  let key = quoted.slice(1, -1);
  if (key.includes('\\')) {
    try {
      key = JSON.parse(quoted) as string;
    } catch {
      return undefined;
    }
  }
  if (key === '__proto__') return 'the key "__proto__" is not allowed';
  if (keys.has(key)) return 'an object gives the same key twice';
  keys.add(key);
  return undefined;
}
