import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../core/clock.ts';
import { seededRandom } from '../core/random.ts';
import type { ServeEvent } from './events.ts';
import { defaultLimits } from './limits.ts';
import { urlOf } from './listen.ts';
import { startServer, type RunningServer } from './start.ts';
import { sourceOf } from './test-kit.ts';

const events: ServeEvent[] = [];
let server: RunningServer;

beforeAll(async () => {
  const result = await startServer({
    source: sourceOf({ version: '1' }),
    address: { host: '127.0.0.1', port: 0 },
    limits: { ...defaultLimits, headersTimeout: 0.5, requestTimeout: 1 },
    origins: [],
    version: '1.2.3',
    pollMs: 1_000,
    clock: systemClock,
    tell: (event) => events.push(event),
  });
  if (!result.ok) throw new Error(result.error.reason);
  server = result.value;
});

afterAll(async () => {
  await server.stop({ drainSeconds: 0, graceSeconds: 1 });
  expect(events.filter((event) => event.type === 'internal-error')).toEqual([]);
});

/** Sends bytes and gives back all that came until the server ended the connection, or nothing more came. */
const exchange = (bytes: Buffer | string, patienceMs = 300): Promise<string> =>
  new Promise((resolve) => {
    const socket = connect(server.address.port, '127.0.0.1', () => socket.write(bytes));
    let text = '';
    socket.setTimeout(patienceMs, () => socket.destroy());
    socket.on('data', (chunk) => (text += chunk.toString('latin1')));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      resolve(text);
    });
  });

const statusLines = (text: string): string[] => text.match(/HTTP\/1\.1 \d+/g) ?? [];
const isAlive = async (): Promise<void> => {
  expect((await fetch(`${urlOf(server.address)}/ready`)).status).toBe(200);
};

describe('hostile bytes', () => {
  it.each([
    ['no HTTP at all', 'hello\r\n\r\n'],
    ['another protocol', 'SSH-2.0-OpenSSH_9.6\r\n'],
    ['a TLS greeting', Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03])],
    ['a header without a name', 'GET / HTTP/1.1\r\nHost: x\r\n: y\r\n\r\n'],
    ['a space before the colon', 'GET / HTTP/1.1\r\nHost : x\r\n\r\n'],
    ['a null byte in a header', 'GET / HTTP/1.1\r\nHost: x\r\nA: b\0c\r\n\r\n'],
    ['two different lengths', 'POST /predict HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}x'],
    ['a negative length', 'POST /predict HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n'],
    [
      'length and chunks at once',
      'POST /predict HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /health HTTP/1.1\r\nHost: x\r\n\r\n',
    ],
    [
      'an obfuscated transfer encoding',
      'POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n',
    ],
    ['no Host', 'GET / HTTP/1.1\r\n\r\n'],
    ['an unknown method', 'BREW /pot HTTP/1.1\r\nHost: x\r\n\r\n'],
    [
      'a chunk size that overflows',
      'POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n',
    ],
  ])('get one 400 and the end of the connection: %s', async (_, bytes) => {
    const reply = await exchange(bytes);
    expect(statusLines(reply)).toEqual(['HTTP/1.1 400']);
    expect(reply.toLowerCase()).toContain('connection: close');
    await isAlive();
  });

  it('get 431 for headers beyond the limit', async () => {
    const reply = await exchange(`GET / HTTP/1.1\r\nHost: x\r\nA: ${'a'.repeat(20_000)}\r\n\r\n`);
    expect(statusLines(reply)).toEqual(['HTTP/1.1 431']);
    expect(JSON.parse(reply.slice(reply.indexOf('{')))).toEqual({ error: expect.any(String) as string });
    await isAlive();
  });

  it('get 413 for a body announced beyond the limit, without reading it', async () => {
    const reply = await exchange(
      'POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 999999999999\r\n\r\n{',
    );
    expect(statusLines(reply)).toEqual(['HTTP/1.1 413']);
    await isAlive();
  });

  it('get 413 for chunks without end', async () => {
    const chunk = `10000\r\n${' '.repeat(0x10000)}\r\n`;
    const head =
      'POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n';
    const reply = await exchange(head + chunk.repeat(40));
    // The answer may be lost to a reset because the client is still sending; what matters is that it ends.
    expect(statusLines(reply).filter((line) => !line.endsWith('413'))).toEqual([]);
    await isAlive();
  });

  it('get 408 when headers or a body come too slowly', async () => {
    const [headers, body] = await Promise.all([
      exchange('GET / HTTP/1.1\r\nHost: x\r\nA', 4_000),
      exchange(
        'POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{',
        4_000,
      ),
    ]);
    expect(statusLines(headers)).toEqual(['HTTP/1.1 408']);
    expect(statusLines(body)).toEqual(['HTTP/1.1 408']);
  });

  it('get no second answer smuggled in after a refused one', async () => {
    const reply = await exchange(
      'POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 3\r\n\r\n[x]GET /health HTTP/1.1\r\nHost: x\r\n\r\n',
    );
    expect(statusLines(reply)[0]).toBe('HTTP/1.1 400');
    expect(statusLines(reply)).toHaveLength(1);
  });

  it('leave pipelined requests answered in order', async () => {
    const one =
      'POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 22\r\n\r\n{"comments":["great"]}';
    const reply = await exchange(`${one}GET /version HTTP/1.1\r\nHost: x\r\n\r\n${one}`);
    expect(statusLines(reply)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 200', 'HTTP/1.1 200']);
    expect(reply.indexOf('positive')).toBeLessThan(reply.indexOf('1.2.3'));
  });

  it('do not end the process, whatever they are', async () => {
    const random = seededRandom(5);
    const seeds = [
      'POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 22\r\n\r\n{"comments":["great"]}',
      'POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\nTransfer-Encoding: chunked\r\n\r\n7\r\ntext\r\na\r\n0\r\n\r\n',
      'GET /v2/models/sentiment/versions/1 HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
      'OPTIONS * HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n\r\n',
      'CONNECT a:1 HTTP/1.1\r\nHost: x\r\n\r\n',
    ].map((seed) => Buffer.from(seed));
    const mutated = Array.from({ length: 300 }, () => {
      const bytes = Buffer.from(seeds[Math.floor(random() * seeds.length)] ?? '');
      for (let flips = Math.floor(random() * 8); flips >= 0; flips--) {
        bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
      }
      return random() < 0.3 ? bytes.subarray(0, Math.floor(random() * bytes.length)) : bytes;
    });
    for (let i = 0; i < mutated.length; i += 50) {
      const replies = await Promise.all(mutated.slice(i, i + 50).map((bytes) => exchange(bytes, 100)));
      for (const reply of replies) expect(reply).not.toMatch(/^HTTP\/1\.1 500|node_modules|\.ts:/m);
    }
    await isAlive();
  });
});
