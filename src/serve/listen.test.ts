import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { listen, urlOf } from './listen.ts';
import { testServer } from './test-kit.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

function app() {
  const server = testServer().app;
  closing.push(() => server.close());
  return server;
}

describe('listen', () => {
  it('takes a free port for 0, and a name as an address', async () => {
    const address = await listen(app(), { host: 'localhost', port: 0 });
    if (!address.ok) throw new Error(address.error.reason);
    expect(address.value.port).toBeGreaterThan(0);
    expect((await fetch(`${urlOf(address.value)}/health`)).status).toBe(200);
  });

  it('says that a port is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    closing.push(() => new Promise((resolve) => other.close(resolve)));
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const result = await listen(app(), { host: '127.0.0.1', port });
    expect(result).toMatchObject({ ok: false, error: { reason: 'port-in-use', detail: { port } } });
  });

  it('says that an address is not of this machine', async () => {
    // An address of a documentation network (RFC 5737), which no machine has.
    const result = await listen(app(), { host: '203.0.113.7', port: 0 });
    expect(result).toMatchObject({ error: { reason: 'cannot-listen', detail: { host: '203.0.113.7' } } });
  });
});

describe('urlOf', () => {
  it.each([
    ['127.0.0.1', 'http://127.0.0.1:80'],
    ['0.0.0.0', 'http://127.0.0.1:80'],
    ['::', 'http://[::1]:80'],
    ['::1', 'http://[::1]:80'],
    ['localhost', 'http://localhost:80'],
  ])('writes %s so that a client can use it', (host, url) => {
    expect(urlOf({ host, port: 80 })).toBe(url);
  });
});
