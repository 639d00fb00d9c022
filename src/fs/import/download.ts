import { createHash } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { asContentHash, type ContentHash } from '../../core/brands.ts';
import { failure, type Failure } from '../../core/failure.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { systemProblem } from '../system-problem.ts';
import { fileBody, type Body } from './body.ts';
import { requestBody } from './http-request.ts';

export interface DownloadOptions {
  /** Absolute; must not exist. It is there afterwards only when the download succeeded. */
  readonly into: string;
  readonly maxBytes: number;
  /** Longest time without an answer or without a further byte. */
  readonly idleMs: number;
  readonly signal: AbortSignal;
  /** Bytes so far, and in all, or 0 where that is not known. */
  readonly onProgress: (done: number, total: number) => void;
}

export interface Downloaded {
  readonly sha256: ContentHash;
  readonly size: number;
}

/** Copies what an http, https or file address holds into a file, hashing it on the way. */
export async function download(url: URL, options: DownloadOptions): Promise<Result<Downloaded>> {
  // One signal for the user's Ctrl-C and for a server that went silent; which one it was decides what is said.
  const silence = new AbortController();
  const signal = AbortSignal.any([options.signal, silence.signal]);
  let timer: NodeJS.Timeout | undefined;
  const heard = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      silence.abort();
    }, options.idleMs);
  };
  try {
    heard();
    const body = url.protocol === 'file:' ? await fileBody(url, signal) : await requestBody(url, signal);
    return body.ok ? await copy(body.value, url, { ...options, heard }) : body;
  } catch (error) {
    if (options.signal.aborted) return err(failure('import-interrupted', { url: url.href }));
    if (silence.signal.aborted) {
      const problem = `no answer for ${options.idleMs / 1000} s`;
      return err(failure('download-failed', { url: url.href, problem }));
    }
    return err(networkProblem(error, url));
  } finally {
    clearTimeout(timer);
  }
}

interface CopyOptions extends DownloadOptions {
  readonly heard: () => void;
}

async function copy(body: Body, url: URL, options: CopyOptions): Promise<Result<Downloaded>> {
  const tooLarge = (bytes: number): Result<never> =>
    err(failure('download-too-large', { url: url.href, bytes, limit: options.maxBytes }));
  if (body.total > options.maxBytes) return tooLarge(body.total);
  const hash = createHash('sha256');
  const written = await writeFileOf(options.into);
  if (!written.ok) return written;
  const { file, discard } = written.value;
  let size = 0;
  let kept = false;
  try {
    for await (const chunk of body.chunks) {
      options.heard();
      size += chunk.byteLength;
      if (size > options.maxBytes) return tooLarge(size);
      hash.update(chunk);
      const problem = await writeAll(file, chunk, options.into);
      if (problem !== undefined) return err(problem);
      options.onProgress(size, body.total);
    }
    if (body.exact && body.total > 0 && size !== body.total) {
      return err(
        failure('download-failed', { url: url.href, problem: `it ended after ${size} of ${body.total} bytes` }),
      );
    }
    await file.sync();
    kept = true;
    return ok({ sha256: asContentHash(hash.digest('hex')), size });
  } finally {
    await file.close();
    if (!kept) await discard();
  }
}

type FileHandle = Awaited<ReturnType<typeof open>>;

async function writeFileOf(path: string): Promise<Result<{ file: FileHandle; discard: () => Promise<void> }>> {
  try {
    return ok({ file: await open(path, 'wx'), discard: () => rm(path, { force: true }) });
  } catch (error) {
    return err(systemProblem(error, { what: 'write', path }));
  }
}

/** A full disk is no problem of the network, and is told apart here. */
async function writeAll(file: FileHandle, chunk: Uint8Array, path: string): Promise<Failure | undefined> {
  try {
    for (let done = 0; done < chunk.byteLength;) {
      done += (await file.write(chunk, done, chunk.byteLength - done)).bytesWritten;
    }
    return undefined;
  } catch (error) {
    return systemProblem(error, { what: 'write', path });
  }
}

/** What went wrong on the way, in the words of the lowest layer that knows. */
function networkProblem(error: unknown, url: URL): Failure {
  if (!(error instanceof Error)) throw error;
  const cause = error.cause instanceof Error ? error.cause : error;
  const code = (cause as NodeJS.ErrnoException).code ?? '';
  const known = explanations[code];
  // Anything without a code of the system or of the HTTP client is a bug of ours.
  if (known === undefined && code === '' && error.name !== 'TypeError' && error.name !== 'AbortError') throw error;
  return failure('download-failed', { url: url.href, problem: known ?? cause.message });
}

const explanations: Readonly<Record<string, string>> = {
  ENOTFOUND: 'the host is not known',
  EAI_AGAIN: 'the host name could not be looked up',
  ECONNREFUSED: 'the host refused the connection',
  ECONNRESET: 'the connection was reset',
  EPIPE: 'the connection was closed',
  ETIMEDOUT: 'the connection timed out',
  ENETUNREACH: 'the network is not reachable',
  EHOSTUNREACH: 'the host is not reachable',
  UND_ERR_SOCKET: 'the connection was closed before the end',
  UND_ERR_CONNECT_TIMEOUT: 'the connection timed out',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'fewer or more bytes came than were announced',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by itself',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate chain is signed by itself',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate cannot be verified',
};
