import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { asContentHash } from '../../core/brands.ts';
import { failureMessage } from '../../core/failure.ts';
import type { Result } from '../../core/result.ts';
import { importFile, type ImportOptions, type Imported } from './import-file.ts';
import { readRecord } from './read-record.ts';
import { updateImport, type UpdateOptions, type Updated } from './update-import.ts';

/** Every byte tells where it stands, so that a part at the wrong place shows. */
const contentOf = (seed: number): Buffer =>
  Buffer.concat(Array.from({ length: 20_000 }, (_, at) => Buffer.from(`${seed}:${at}\n`)));
const first = contentOf(1);
const second = contentOf(2);
const half = 70_000;

interface Asked {
  readonly range: string | undefined;
  readonly ifRange: string | undefined;
  readonly unless: string | undefined;
}

let root: string;
let asked: Asked[];
let handle: (request: IncomingMessage, response: ServerResponse) => void;
let origin: string;
const server = createServer((request, response) => {
  const { range, 'if-range': ifRange, 'if-none-match': unless } = request.headers;
  asked.push({ range, ifRange: ifRange?.toString(), unless });
  handle(request, response);
});

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'mlp-resume-'));
  mkdirSync(join(root, '.git'));
  asked = [];
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(root, { recursive: true, force: true });
});

const ports = () => ({
  root,
  path: 'set.csv',
  mirror: undefined,
  maxBytes: 1e9,
  idleMs: 3000,
  signal: new AbortController().signal,
  emit: () => undefined,
  force: false,
  clock: { now: () => 0 },
});
const importing = (more: Partial<ImportOptions> = {}): Promise<Result<Imported>> =>
  importFile({ ...ports(), url: new URL('/set.csv', origin), ...more });
const updating = (more: Partial<UpdateOptions> = {}): Promise<Result<Updated>> => updateImport({ ...ports(), ...more });

const kept = (): string[] => readdirSync(join(root, '.mlp/tmp')).filter((name) => name.startsWith('import-'));
const fetched = (): Buffer => readFileSync(join(root, 'set.csv'));
const messageOf = (result: Result<unknown>): string => (result.ok ? 'it went well' : failureMessage(result.error));

/** A server that does it right: whole, the rest from a byte on, or nothing when it is still the same. */
function serve(content: Buffer, headers: Record<string, string>): typeof handle {
  return (request, response) => {
    const validator = headers['etag'] ?? headers['last-modified'];
    if (validator !== undefined && request.headers['if-none-match'] === validator) {
      response.writeHead(304, headers).end();
      return;
    }
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    if (from === 0 || request.headers['if-range'] !== validator) {
      response.writeHead(200, { ...headers, 'content-length': String(content.length) }).end(content);
      return;
    }
    const range = `bytes ${from}-${content.length - 1}/${content.length}`;
    const part = content.subarray(from);
    response.writeHead(206, { ...headers, 'content-range': range, 'content-length': String(part.length) }).end(part);
  };
}

/** The connection breaks after half of it. */
async function broken(headers: Record<string, string>): Promise<void> {
  handle = (_, response) => {
    response.writeHead(200, { ...headers, 'content-length': String(first.length) });
    response.write(first.subarray(0, half), () => setTimeout(() => response.destroy(), 50));
  };
  const result = await importing();
  expect(result.ok).toBe(false);
  expect(readdirSync(root).sort()).toEqual(['.git', '.mlp']);
  asked = [];
}

const etag = { etag: '"v1"' };
const longAgo = { 'last-modified': 'Mon, 01 Jan 2024 00:00:00 GMT' };

describe('a download that broke off', () => {
  it.each([
    ['a strong ETag', etag, '"v1"'],
    ['an old date', longAgo, longAgo['last-modified']],
  ])('goes on where it ended, where the server gives %s', async (_, headers, validator) => {
    await broken(headers);
    expect(kept()).toHaveLength(2);
    handle = serve(first, headers);
    const result = await importing();
    expect(result.ok && result.value.resumedAt).toBe(half);
    expect(asked).toEqual([{ range: `bytes=${half}-`, ifRange: validator, unless: undefined }]);
    expect(fetched().equals(first)).toBe(true);
    expect(kept()).toEqual([]);
  });

  it.each([
    ['no name for its content', {}],
    ['a weak ETag', { etag: 'W/"v1"', ...longAgo }],
    ['a date of this moment', { 'last-modified': new Date().toUTCString() }],
    ['that it does not know ranges', { ...etag, 'accept-ranges': 'none' }],
  ])('begins anew where the server gives %s', async (_, headers) => {
    await broken(headers);
    expect(kept()).toEqual([]);
    handle = serve(first, headers);
    expect((await importing()).ok).toBe(true);
    expect(asked.map(({ range }) => range)).toEqual([undefined]);
  });

  it('begins anew when the content changed meanwhile', async () => {
    await broken(etag);
    handle = serve(second, { etag: '"v2"' });
    const result = await importing();
    expect(result.ok && result.value.resumedAt).toBe(undefined);
    expect(fetched().equals(second)).toBe(true);
    expect(asked).toHaveLength(1);
  });

  const part = (from: number, to: number, total: number) => `bytes ${from}-${to}/${total}`;
  const all = first.length;
  it.each<[string, number, Record<string, string>]>([
    ['another first byte', 206, { 'content-range': part(half - 5, all - 1, all) }],
    ['another end', 206, { 'content-range': part(half, all - 2, all) }],
    ['another length of it all', 206, { 'content-range': part(half, all, all + 1) }],
    ['no range', 206, {}],
    ['nonsense for a range', 206, { 'content-range': 'bytes */*' }],
    ['a part of another content', 206, { 'content-range': part(half, all - 1, all), etag: '"v2"' }],
    ['a packed part', 206, { 'content-range': part(half, all - 1, all), 'content-encoding': 'br' }],
    ['416', 416, { 'content-range': `bytes */${all}` }],
  ])('begins anew when the server answers %s', async (_, status, headers) => {
    await broken(etag);
    handle = (request, response) => {
      if (request.headers.range === undefined) serve(first, etag)(request, response);
      else response.writeHead(status, { ...etag, ...headers }).end('rubbish');
    };
    const result = await importing();
    expect(messageOf(result)).toBe('it went well');
    expect(fetched().equals(first)).toBe(true);
    expect(asked.map(({ range }) => range)).toEqual([`bytes=${half}-`, undefined]);
  });

  it('is made again from the beginning when the parts together are not what was asked for', async () => {
    await broken(etag);
    // The same name for another content: only the SHA-256 tells.
    handle = serve(second.subarray(0, first.length), etag);
    const sha256 = asContentHash(createHash('sha256').update(second.subarray(0, first.length)).digest('hex'));
    expect(messageOf(await importing({ sha256 }))).toBe('it went well');
    expect(asked.map(({ range }) => range)).toEqual([`bytes=${half}-`, undefined]);
    expect(fetched().equals(second.subarray(0, first.length))).toBe(true);
  });

  it('keeps nothing of a body that is longer or shorter than announced, and says so', async () => {
    await broken(etag);
    handle = (_, response) => {
      response.writeHead(206, { ...etag, 'content-range': part(half, all - 1, all) });
      response.end(first.subarray(half, all - 10));
    };
    expect(messageOf(await importing())).toContain(`it ended after ${all - 10} of ${all} bytes`);
    await broken(etag);
    handle = (_, response) => {
      response.writeHead(206, { ...etag, 'content-range': part(half, all - 1, all) });
      response.end(Buffer.concat([first.subarray(half), Buffer.from('more')]));
    };
    expect(messageOf(await importing())).toContain(`it ended after ${all + 4} of ${all} bytes`);
    expect([kept(), readdirSync(root).sort()]).toEqual([[], ['.git', '.mlp']]);
  });

  it('is left to the process that is still at it', async () => {
    await broken(etag);
    const [notes = ''] = kept().filter((name) => name.endsWith('.json'));
    const file = join(root, '.mlp/tmp', notes);
    const { by: _, ...known } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    writeFileSync(file, JSON.stringify({ ...known, by: { pid: process.pid, host: 'elsewhere', startedAt: null } }));
    handle = serve(first, etag);
    expect((await importing()).ok).toBe(true);
    expect(asked.map(({ range }) => range)).toEqual([undefined]);
    expect(kept()).toHaveLength(2);
  });
});

describe('updating an import', () => {
  const imported = async (content: Buffer, headers: Record<string, string>): Promise<void> => {
    handle = serve(content, headers);
    expect((await importing()).ok).toBe(true);
    asked = [];
  };

  it('says with the recorded ETag what is there, and sends nothing when that is still so', async () => {
    await imported(first, etag);
    const record = readFileSync(join(root, 'set.csv.mlp'), 'utf8');
    const result = await updating();
    expect(result.ok && result.value.changed).toBe(false);
    expect(asked).toEqual([{ range: undefined, ifRange: undefined, unless: '"v1"' }]);
    expect(readFileSync(join(root, 'set.csv.mlp'), 'utf8')).toBe(record);
  });

  it('leaves file and record as they are when the same content comes under another name', async () => {
    await imported(first, etag);
    handle = serve(first, { etag: '"v2"' });
    const record = readFileSync(join(root, 'set.csv.mlp'), 'utf8');
    const result = await updating();
    expect(result.ok && result.value.changed).toBe(false);
    expect(readFileSync(join(root, 'set.csv.mlp'), 'utf8')).toBe(record);
    expect(kept()).toEqual([]);
  });

  it('replaces file and record when the content changed, and tells both', async () => {
    await imported(first, etag);
    handle = serve(second, { etag: '"v2"' });
    const result = await updating();
    expect(result.ok && [result.value.changed, result.value.previous.size]).toEqual([true, first.length]);
    expect(fetched().equals(second)).toBe(true);
    const record = readRecord(root, 'set.csv.mlp');
    const sha256 = createHash('sha256').update(second).digest('hex');
    expect(record.ok && record.value).toMatchObject({ sha256, size: second.length, etag: '"v2"' });
  });

  it('takes only the content with the SHA-256 that it is told', async () => {
    await imported(first, etag);
    handle = serve(second, { etag: '"v2"' });
    expect(messageOf(await updating({ sha256: asContentHash('0'.repeat(64)) }))).toContain('holds other content');
    expect(fetched().equals(first)).toBe(true);
  });

  it('refuses a file that was changed by hand, unless it may replace it', async () => {
    await imported(first, etag);
    writeFileSync(join(root, 'set.csv'), 'mine');
    handle = serve(second, { etag: '"v2"' });
    expect(messageOf(await updating())).toContain('was changed since it was imported');
    expect((await updating({ force: true })).ok).toBe(true);
    expect(fetched().equals(second)).toBe(true);
    expect(messageOf(await updating({ path: 'other.csv' }))).toContain('was not imported');
  });

  it('fetches a file that is missing, whatever its ETag', async () => {
    await imported(first, etag);
    rmSync(join(root, 'set.csv'));
    const result = await updating();
    expect(result.ok && result.value.changed).toBe(false);
    expect(fetched().equals(first)).toBe(true);
  });
});
