import { createHash, type Hash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { open, truncate } from 'node:fs/promises';
import { asContentHash, type ContentHash } from '../../core/brands.ts';
import { failure, type Failure } from '../../core/failure.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { systemProblem } from '../system-problem.ts';
import { fileBody, type Body } from './body.ts';
import { requestBody, type Asking } from './http-request.ts';
import type { Partial, Progress } from './partial.ts';

export interface DownloadOptions {
  /** Where the bytes go. They are there afterwards when the download succeeded, or can be taken up again. */
  readonly partial: Partial;
  /** What is known of the bytes that are there already. */
  readonly progress: Progress | undefined;
  /** An ETag: content that has it still need not come again. */
  readonly unless?: string;
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
  readonly etag?: string;
  /** How many bytes were there already from an earlier attempt. */
  readonly resumedAt?: number;
  /** The content is still that of the ETag; nothing came. */
  readonly notModified?: true;
}

/** Copies what an http, https or file address holds into a file, hashing it on the way, and goes on where an earlier attempt ended. */
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
    const body =
      url.protocol === 'file:' ? await fileBody(url, signal) : await requestBody(url, askingFor(options, signal));
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

/** Where all bytes are there but were never checked, the last one is asked for again: a server may not answer for none. */
function askingFor({ partial, progress, unless }: DownloadOptions, signal: AbortSignal): Asking {
  const size = statSync(partial.path, { throwIfNoEntry: false })?.size ?? 0;
  const from = progress === undefined || progress.total === 0 ? size : Math.min(size, progress.total - 1);
  const rest = progress === undefined || from <= 0 ? {} : { rest: { from, ...progress } };
  return { signal, ...rest, ...(unless === undefined ? {} : { unless }) };
}

interface CopyOptions extends DownloadOptions {
  readonly heard: () => void;
}

async function copy(body: Body, url: URL, options: CopyOptions): Promise<Result<Downloaded>> {
  const { partial } = options;
  if (body.notModified === true) return ok({ sha256: asContentHash(''), size: 0, notModified: true });
  if (body.total > options.maxBytes) return err(tooLarge(url, body.total, options));
  const progress = body.validator === undefined ? undefined : { validator: body.validator, total: body.total };
  // Before the file is opened: what is there may belong to another content from now on.
  if (body.start === 0) partial.discard();
  if (progress !== undefined) partial.note(progress);
  const opened = await openAt(partial.path, body.start);
  if (!opened.ok) return opened;
  const { file, hash } = opened.value;
  let written: Result<Downloaded> | undefined;
  try {
    written = await copyChunks(body, url, { ...options, file, hash });
    return written;
  } finally {
    await file.close();
    // Without a result the connection broke: what came until then is good, and whoever asks next may go on from there.
    if (written === undefined && progress !== undefined) partial.release(progress);
    else if (written?.ok !== true) partial.discard();
  }
}

const tooLarge = (url: URL, bytes: number, { maxBytes }: DownloadOptions): Failure =>
  failure('download-too-large', { url: url.href, bytes, limit: maxBytes });

interface ChunkOptions extends CopyOptions {
  readonly file: FileHandle;
  readonly hash: Hash;
}

async function copyChunks(body: Body, url: URL, options: ChunkOptions): Promise<Result<Downloaded>> {
  const { file, hash, partial } = options;
  let size = body.start;
  for await (const chunk of body.chunks) {
    options.heard();
    size += chunk.byteLength;
    if (size > options.maxBytes) return err(tooLarge(url, size, options));
    hash.update(chunk);
    const problem = await writeAll(file, chunk, partial.path);
    if (problem !== undefined) return err(problem);
    options.onProgress(size, body.total);
  }
  if (body.exact && body.total > 0 && size !== body.total) {
    const problem = `it ended after ${size} of ${body.total} bytes`;
    return err(failure('download-failed', { url: url.href, problem }));
  }
  await file.sync();
  return ok({
    sha256: asContentHash(hash.digest('hex')),
    size,
    ...(body.etag === undefined ? {} : { etag: body.etag }),
    ...(body.start === 0 ? {} : { resumedAt: body.start }),
  });
}

type FileHandle = Awaited<ReturnType<typeof open>>;

/** Opens the file to go on at a byte, with the hash of what stands before it. */
async function openAt(path: string, start: number): Promise<Result<{ file: FileHandle; hash: Hash }>> {
  const hash = createHash('sha256');
  try {
    if (start === 0) return ok({ file: await open(path, 'wx'), hash });
    await truncate(path, start);
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Uint8Array>) {
      hash.update(chunk);
    }
    return ok({ file: await open(path, 'a'), hash });
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
