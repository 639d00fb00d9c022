import { readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { failure } from '../core/failure.ts';
import { err, ok, type Result } from '../core/result.ts';
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
    return err(failure('not-text', { file: path }));
  }
}
