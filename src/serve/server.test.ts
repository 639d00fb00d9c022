import { describe, expect, it } from 'vitest';
import type { LiveModel } from './live-models.ts';
import { liveModel, testServer, versionNamed, WordModel } from './test-kit.ts';

const json = { 'content-type': 'application/json' };

describe('the server', () => {
  it('lists at / exactly the routes that it has', async () => {
    const { app } = testServer();
    const { routes, model } = (await app.inject({ url: '/' })).json<{
      routes: Record<string, string>;
      model: object;
    }>();
    expect(model).toMatchObject({ name: 'sentiment', version: '3', stage: 'production' });
    for (const route of Object.keys(routes)) {
      const [method, path = ''] = route.split(' ');
      const url = path.replace('[/versions/{version}]', '').replace('{model}', 'sentiment');
      const reply = await app.inject({ method: method as 'GET', url });
      expect([200, 400], `${route}: ${reply.body}`).toContain(reply.statusCode);
    }
  });

  it('lives while it drains, but is not ready and sends clients away', async () => {
    const { app, state } = testServer();
    state.draining = true;
    for (const [url, status] of [
      ['/health', 200],
      ['/ping', 200],
      ['/version', 200],
      ['/ready', 503],
    ] as const) {
      expect((await app.inject({ url })).statusCode, url).toBe(status);
    }
    const reply = await app.inject({
      method: 'POST',
      url: '/predict',
      headers: json,
      payload: '{"comments":["great"]}',
    });
    expect(reply.statusCode).toBe(200);
    expect(reply.headers.connection).toBe('close');
  });

  it('answers every prediction with 503 and Retry-After before a model is loaded', async () => {
    const { app, state } = testServer();
    state.live = undefined;
    const bodies = {
      '/predict': { comments: ['a'] },
      '/predict_with_timestamps': { comments: [{ text: 'a', timestamp: 1 }] },
      '/invocations': { inputs: ['a'] },
      '/v2/models/sentiment/infer': { inputs: [] },
    };
    for (const [url, payload] of Object.entries(bodies)) {
      const reply = await app.inject({ method: 'POST', url, payload });
      expect([reply.statusCode, reply.headers['retry-after']], url).toEqual([503, '1']);
    }
    expect((await app.inject({ url: '/ready' })).statusCode).toBe(503);
    expect((await app.inject({ url: '/health' })).statusCode).toBe(200);
    expect((await app.inject({ url: '/' })).json<{ model: unknown }>().model).toBeNull();
  });

  it.each([
    ['GET', '/nothing', 404, 'error'],
    ['POST', '/nothing', 404, 'error'],
    ['GET', '/v2/nothing', 404, 'error'],
    ['GET', '/predict', 405, 'error'],
    ['DELETE', '/v2/models/sentiment/infer', 405, 'error'],
    ['GET', '/invocations', 405, 'message'],
    ['PUT', '/ping', 405, 'message'],
    ['GET', '/%zz', 400, 'error'],
    ['GET', `/v2/models/${'m'.repeat(301)}`, 400, 'error'],
  ] as const)('answers %s %s with %i in the protocol it belongs to', async (method, url, status, member) => {
    const { app } = testServer();
    const reply = await app.inject({ method, url });
    expect(reply.statusCode).toBe(status);
    expect(reply.json<Record<string, unknown>>()[member]).toEqual(expect.any(String));
    if (status === 405) expect(reply.headers.allow).toBeDefined();
  });

  it('says 405 before it looks at a body', async () => {
    const { app } = testServer();
    const reply = await app.inject({
      method: 'PUT',
      url: '/predict',
      headers: { 'content-type': 'x/y' },
      payload: 'nonsense',
    });
    expect(reply.statusCode).toBe(405);
    expect(reply.headers.allow).toBe('POST');
  });

  it('answers HEAD where it answers GET', async () => {
    const { app } = testServer();
    expect((await app.inject({ method: 'HEAD', url: '/health' })).statusCode).toBe(200);
  });

  it('refuses a body over the limit with 413, whether its length is announced or not', async () => {
    const { app } = testServer({ limits: { maxBody: 100 } });
    const payload = JSON.stringify({ comments: ['x'.repeat(100)] });
    const announced = await app.inject({ method: 'POST', url: '/predict', headers: json, payload });
    expect([announced.statusCode, announced.json<{ reason: string }>().reason]).toEqual([413, 'body-too-large']);
    const { Readable } = await import('node:stream');
    const streamed = await app.inject({
      method: 'POST',
      url: '/v2/models/sentiment/infer',
      headers: json,
      payload: Readable.from([payload]),
    });
    expect(streamed.statusCode).toBe(413);
    expect(Object.keys(streamed.json<object>())).toEqual(['error']);
  });

  it('refuses nesting beyond the limit with 400', async () => {
    const { app } = testServer();
    const payload = `{"comments": ${'['.repeat(50_000)}${']'.repeat(50_000)}}`;
    const reply = await app.inject({ method: 'POST', url: '/predict', headers: json, payload });
    expect([reply.statusCode, reply.json<{ reason: string }>().reason]).toEqual([400, 'bad-json']);
  });

  it.each([
    [undefined],
    ['text/plain'],
    ['text/csv'],
    ['application/x-www-form-urlencoded'],
    ['multipart/form-data; boundary=x'],
  ])('refuses content type %s on /predict with 415', async (contentType) => {
    const { app } = testServer();
    const headers = contentType === undefined ? {} : { 'content-type': contentType };
    const reply = await app.inject({ method: 'POST', url: '/predict', headers, payload: '{"comments":[]}' });
    expect(reply.statusCode).toBe(415);
  });

  it('refuses a compressed body with 415', async () => {
    const { app } = testServer();
    const headers = { ...json, 'content-encoding': 'gzip' };
    expect((await app.inject({ method: 'POST', url: '/predict', headers, payload: 'xx' })).statusCode).toBe(415);
  });

  it("answers a bug with a bare 500, and tells it without the client's text", async () => {
    const { app, state, events } = testServer();
    class Broken extends WordModel {
      override predict(texts: readonly string[]): never {
        throw new TypeError(`cannot digest ${texts[0] ?? ''}`);
      }
    }
    state.live = { version: versionNamed('3'), model: new Broken() };
    for (const [url, payload] of [
      ['/predict', { comments: ['my secret'] }],
      ['/invocations', { inputs: ['my secret'] }],
      [
        '/v2/models/sentiment/infer',
        { inputs: [{ name: 'text', shape: [1], datatype: 'BYTES', data: ['my secret'] }] },
      ],
    ] as const) {
      const reply = await app.inject({ method: 'POST', url, payload });
      expect(reply.statusCode).toBe(500);
      expect(reply.body).not.toMatch(/secret|digest|\.ts|at /);
    }
    expect(events).toHaveLength(3);
    expect(JSON.stringify(events)).toContain('TypeError');
    expect(JSON.stringify(events)).not.toContain('secret');
  });

  it('finishes a request on the model that was live when it began', async () => {
    const { app, state } = testServer();
    const { PassThrough } = await import('node:stream');
    const payload = new PassThrough();
    const pending = app.inject({
      method: 'POST',
      url: '/v2/models/sentiment/versions/3/infer',
      headers: json,
      payload,
    });
    payload.write('{"inputs":[{"name":"text","shape":[1],');
    await new Promise((resolve) => setTimeout(resolve, 30));
    const next: LiveModel = liveModel('4');
    state.live = next;
    payload.end('"datatype":"BYTES","data":["great"]}]}');
    const reply = await pending;
    expect(reply.statusCode).toBe(200);
    expect(reply.headers['mlp-model']).toBe('sentiment/3');
    expect((await app.inject({ url: '/v2/models/sentiment' })).json<{ versions: string[] }>().versions).toEqual(['4']);
  });

  it('sheds load beyond the limit of open requests, but not health', async () => {
    const { app } = testServer({ limits: { maxRequests: 1 } });
    const { PassThrough } = await import('node:stream');
    const payload = new PassThrough();
    const slow = app.inject({ method: 'POST', url: '/predict', headers: json, payload });
    payload.write('{"comments":');
    await new Promise((resolve) => setTimeout(resolve, 30));
    const shed = await app.inject({ method: 'POST', url: '/predict', headers: json, payload: '{"comments":[]}' });
    expect([shed.statusCode, shed.headers['retry-after']]).toEqual([503, '1']);
    expect((await app.inject({ url: '/ready' })).statusCode).toBe(200);
    payload.end('[]}');
    expect((await slow).statusCode).toBe(200);
    const after = await app.inject({ method: 'POST', url: '/predict', headers: json, payload: '{"comments":[]}' });
    expect(after.statusCode).toBe(200);
  });
});

describe('allowed origins', () => {
  const preflight = { origin: 'chrome-extension://abc', 'access-control-request-method': 'POST' };

  it('are answered, others get no header', async () => {
    const { app } = testServer({ origins: ['chrome-extension://*', 'https://example.org'] });
    for (const [origin, allowed] of [
      ['chrome-extension://abc', true],
      ['https://example.org', true],
      ['https://example.org.evil.net', false],
      ['https://evil.net', false],
      ['null', false],
    ] as const) {
      const reply = await app.inject({
        method: 'POST',
        url: '/predict',
        headers: { ...json, origin },
        payload: '{"comments":[]}',
      });
      expect(reply.headers['access-control-allow-origin'], origin).toBe(allowed ? origin : undefined);
      expect(reply.headers.vary).toBe('Origin');
    }
  });

  it('may ask beforehand', async () => {
    const { app } = testServer({ origins: ['chrome-extension://*'] });
    const reply = await app.inject({
      method: 'OPTIONS',
      url: '/predict',
      headers: { ...preflight, 'access-control-request-private-network': 'true' },
    });
    expect(reply.statusCode).toBe(204);
    expect(reply.headers).toMatchObject({
      'access-control-allow-origin': 'chrome-extension://abc',
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers': 'content-type',
      'access-control-allow-private-network': 'true',
    });
  });

  it('see errors too', async () => {
    const { app } = testServer({ origins: ['*'] });
    const reply = await app.inject({
      method: 'POST',
      url: '/predict',
      headers: { ...json, origin: 'https://a.b' },
      payload: '[',
    });
    expect([reply.statusCode, reply.headers['access-control-allow-origin']]).toEqual([400, 'https://a.b']);
  });

  it('are nobody without the option', async () => {
    const { app } = testServer();
    const reply = await app.inject({ method: 'OPTIONS', url: '/predict', headers: preflight });
    expect(reply.statusCode).toBe(405);
    expect(reply.headers['access-control-allow-origin']).toBeUndefined();
  });
});
