import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { failure } from '../../core/failure.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { systemProblem } from '../system-problem.ts';

/** Something that gives bytes, and how many it says it will give. */
export interface Body {
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Of the whole content; 0 when it does not say. */
  readonly total: number;
  /** Where in the content the bytes begin; 0 unless the rest was asked for. */
  readonly start: number;
  /** Whether fewer or more bytes than `total` mean that something was lost. */
  readonly exact: boolean;
  /** With what the rest can be asked for later; absent where a server offers nothing to rely on. */
  readonly validator?: string;
  /** As the server names this content. */
  readonly etag?: string;
  /** The content is still the one that was named; there are no bytes. */
  readonly notModified?: true;
}

/** The bytes of a file of this machine. */
export async function fileBody(url: URL, signal: AbortSignal): Promise<Result<Body>> {
  let path: string;
  try {
    path = fileURLToPath(url);
  } catch (error) {
    const problem = error instanceof Error ? error.message : 'it names no file';
    return err(failure('invalid-url', { url: url.href, problem }));
  }
  try {
    const stats = await stat(path);
    if (!stats.isFile()) return err(failure('invalid-url', { url: url.href, problem: 'it is not a file' }));
    const chunks = createReadStream(path, { signal, highWaterMark: 1 << 20 }) as AsyncIterable<Uint8Array>;
    return ok({ chunks, start: 0, total: stats.size, exact: true });
  } catch (error) {
    return err(systemProblem(error, { what: 'read', path }));
  }
}
