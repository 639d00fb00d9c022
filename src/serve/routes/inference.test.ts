import { describe, expect, it } from 'vitest';
import { testServer } from '../test-kit.ts';

const { app } = testServer();

const call = async (method: 'GET' | 'POST', url: string, payload?: object) => {
  const reply = await app.inject({ method, url, ...(payload === undefined ? {} : { payload }) });
  return { status: reply.statusCode, body: reply.json<Record<string, unknown>>() };
};

const tensor = (over: object = {}) => ({
  name: 'text',
  shape: [2],
  datatype: 'BYTES',
  data: ['great', 'meh'],
  ...over,
});
const infer = (body: object, path = '/v2/models/sentiment/infer') => call('POST', path, body);

describe('Open Inference Protocol v2', () => {
  it('answers the fixture of the protocol', async () => {
    const reply = await infer({
      id: '7',
      inputs: [{ name: 'text', shape: [2], datatype: 'BYTES', data: ['great', 'meh'] }],
      outputs: [{ name: 'label' }, { name: 'probabilities' }],
    });
    expect(reply).toEqual({
      status: 200,
      body: {
        model_name: 'sentiment',
        model_version: '3',
        id: '7',
        outputs: [
          { name: 'label', shape: [2], datatype: 'BYTES', data: ['positive', 'neutral'] },
          { name: 'probabilities', shape: [2, 3], datatype: 'FP64', data: [0.125, 0.125, 0.75, 0.25, 0.5, 0.25] },
        ],
      },
    });
  });

  it('gives all outputs when none is named, and only the named ones in the order asked', async () => {
    const names = async (outputs?: object[]) => {
      const reply = await infer({ inputs: [tensor()], ...(outputs && { outputs }) });
      return (reply.body['outputs'] as { name: string }[]).map(({ name }) => name);
    };
    expect(await names()).toEqual(['label', 'probabilities']);
    expect(await names([])).toEqual(['label', 'probabilities']);
    expect(await names([{ name: 'probabilities' }])).toEqual(['probabilities']);
    expect(await names([{ name: 'probabilities' }, { name: 'label' }])).toEqual(['probabilities', 'label']);
  });

  it('takes shape [n,1] flat or nested, and no rows at all', async () => {
    const labels = async (over: object) => {
      const reply = await infer({ inputs: [tensor(over)], outputs: [{ name: 'label' }] });
      expect(reply.status).toBe(200);
      return (reply.body['outputs'] as { data: unknown }[])[0]?.data;
    };
    expect(await labels({ shape: [2, 1] })).toEqual(['positive', 'neutral']);
    expect(await labels({ shape: [2, 1], data: [['great'], ['meh']] })).toEqual(['positive', 'neutral']);
    expect(await labels({ shape: [0], data: [] })).toEqual([]);
  });

  it('leaves out an id that was not given, and takes parameters it does not know', async () => {
    const reply = await infer({ inputs: [tensor({ parameters: { a: 1 } })], parameters: { priority: 3 } });
    expect(reply.status).toBe(200);
    expect(reply.body).not.toHaveProperty('id');
  });

  it('serves the live version by number too', async () => {
    expect((await infer({ inputs: [tensor()] }, '/v2/models/sentiment/versions/3/infer')).status).toBe(200);
  });

  it.each([
    ['no inputs', {}],
    ['inputs that are no list', { inputs: tensor() }],
    ['an empty list of inputs', { inputs: [] }],
    ['another input name', { inputs: [tensor({ name: 'txt' })] }],
    ['an input without a name', { inputs: [{ shape: [1], datatype: 'BYTES', data: ['a'] }] }],
    ['the input twice', { inputs: [tensor(), tensor()] }],
    ['a second, unknown input', { inputs: [tensor(), tensor({ name: 'extra' })] }],
    ['another datatype', { inputs: [tensor({ datatype: 'FP32' })] }],
    ['no datatype', { inputs: [{ name: 'text', shape: [1], data: ['a'] }] }],
    ['a shape that asks for more', { inputs: [tensor({ shape: [3] })] }],
    ['a shape that asks for less', { inputs: [tensor({ shape: [1] })] }],
    ['a shape of two columns', { inputs: [tensor({ shape: [1, 2] })] }],
    ['a negative shape', { inputs: [tensor({ shape: [-1] })] }],
    ['a fractional shape', { inputs: [tensor({ shape: [1.5] })] }],
    ['no shape', { inputs: [{ name: 'text', datatype: 'BYTES', data: ['a'] }] }],
    ['an empty shape', { inputs: [tensor({ shape: [] })] }],
    ['no data', { inputs: [{ name: 'text', datatype: 'BYTES', shape: [1] }] }],
    ['numbers for texts', { inputs: [tensor({ data: [1, 2] })] }],
    ['nested data under a flat shape', { inputs: [tensor({ data: [['great'], ['meh']] })] }],
    ['rows of two under shape [n,1]', { inputs: [tensor({ shape: [1, 1], data: [['a', 'b']] })] }],
    ['an unknown output', { inputs: [tensor()], outputs: [{ name: 'logits' }] }],
    ['an output twice', { inputs: [tensor()], outputs: [{ name: 'label' }, { name: 'label' }] }],
    ['outputs that are no list', { inputs: [tensor()], outputs: { name: 'label' } }],
    ['an id that is a number', { id: 7, inputs: [tensor()] }],
    ['parameters that are a list', { inputs: [tensor()], parameters: [] }],
    ['a bare list', [tensor()]],
  ])('refuses %s with 400 and an error alone', async (_, body) => {
    const reply = await infer(body);
    expect(reply.status).toBe(400);
    expect(Object.keys(reply.body)).toEqual(['error']);
    expect(reply.body['error']).toEqual(expect.any(String));
  });

  it('knows no other model and no other version', async () => {
    for (const path of ['/v2/models/other', '/v2/models/sentiment/versions/2']) {
      for (const [method, end] of [
        ['GET', ''],
        ['GET', '/ready'],
        ['POST', '/infer'],
      ] as const) {
        const reply = await call(method, `${path}${end}`, method === 'POST' ? { inputs: [tensor()] } : undefined);
        expect(reply.status).toBe(404);
        expect(reply.body['error']).toContain('sentiment version 3');
      }
    }
  });

  it('describes the server and the model', async () => {
    expect((await call('GET', '/v2')).body).toEqual({ name: 'mlp', version: '1.2.3', extensions: [] });
    const model = {
      name: 'sentiment',
      versions: ['3'],
      platform: 'mlp_package_v1',
      inputs: [{ name: 'text', datatype: 'BYTES', shape: [-1] }],
      outputs: [
        { name: 'label', datatype: 'BYTES', shape: [-1] },
        {
          name: 'probabilities',
          datatype: 'FP64',
          shape: [-1, 3],
          parameters: { classes: ['negative', 'neutral', 'positive'] },
        },
      ],
    };
    expect(await call('GET', '/v2/models/sentiment')).toEqual({ status: 200, body: model });
    expect(await call('GET', '/v2/models/sentiment/versions/3')).toEqual({ status: 200, body: model });
  });

  it('says live and ready in one answer', async () => {
    expect(await call('GET', '/v2/health/live')).toEqual({ status: 200, body: { live: true, ready: true } });
    expect(await call('GET', '/v2/health/ready')).toEqual({ status: 200, body: { live: true, ready: true } });
    const ready = { name: 'sentiment', live: true, ready: true };
    expect(await call('GET', '/v2/models/sentiment/ready')).toEqual({ status: 200, body: ready });
    expect(await call('GET', '/v2/models/sentiment/versions/3/ready')).toEqual({ status: 200, body: ready });
  });

  it('is live but not ready while draining and before a model is loaded', async () => {
    const { app: other, state } = testServer();
    const get = async (url: string) => (await other.inject({ method: 'GET', url })).statusCode;
    state.draining = true;
    expect(await get('/v2/health/live')).toBe(200);
    expect(await get('/v2/health/ready')).toBe(503);
    expect(await get('/v2/models/sentiment/ready')).toBe(503);
    state.draining = false;
    state.live = undefined;
    expect(await get('/v2/health/live')).toBe(200);
    expect(await get('/v2/health/ready')).toBe(503);
    expect(await get('/v2/models/sentiment/ready')).toBe(503);
  });
});
