import { readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { failure } from '../core/failure.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { SourceRange } from '../core/source-range.ts';
import { systemProblem } from '../fs/system-problem.ts';

/** The text of a file below `root`, without a byte order mark. Fails for what cannot be read and for bytes that are no UTF-8. */
export function readText(root: string, path: string): Result<string> {
  let bytes: Buffer;
  try {
    bytes = readFileSync(isAbsolute(path) ? path : join(root, path));
  } catch (error) {
    return err(systemProblem(error, { what: 'read', path }));
  }
  return decodeText(bytes, path);
}

/** As `readText`, of bytes that came from elsewhere; `path` is for messages. */
function decodeText(bytes: Uint8Array, path: string): Result<string> {
  try {
    return ok(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return err(failure('not-text', { file: path }, { at: firstBadByte(bytes, path) }));
  }
}

/** Decoding puts U+FFFD where a byte is wrong; the first that is not in the file itself is the place. */
function firstBadByte(bytes: Uint8Array, file: string): SourceRange {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  let offset = 0;
  let from = 0;
  let at = text.indexOf('\ufffd');
  for (; at >= 0; at = text.indexOf('\ufffd', from)) {
    offset += Buffer.byteLength(text.slice(from, at));
    const isWritten = bytes[offset] === 0xef && bytes[offset + 1] === 0xbf && bytes[offset + 2] === 0xbd;
    if (!isWritten) break;
    offset += 3;
    from = at + 1;
  }
  const before = text.slice(0, Math.max(0, at)).split('\n');
  return { file, line: before.length, column: (before.at(-1)?.length ?? 0) + 1, length: 1 };
}
