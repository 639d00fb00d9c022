import { describe, expect, it } from 'vitest';
import { ColumnModel, testServer, versionNamed } from '../test-kit.ts';

const { app, state } = testServer({ limits: { maxTextLength: 20 } });
state.live = { version: versionNamed('3'), model: new ColumnModel() };

const call = async (method: 'GET' | 'POST', url: string, payload?: unknown, type = 'application/json') => {
  const sent = typeof payload === 'string' ? payload : JSON.stringify(payload);
  const given = payload === undefined ? {} : { payload: sent, headers: { 'content-type': type } };
  const reply = await app.inject({ method, url, ...given });
  return { status: reply.statusCode, body: reply.json<Record<string, unknown>>() };
};
const invoke = (payload: unknown, type?: string) => call('POST', '/invocations', payload, type);

const row = { text: 'a', likes: 500, channel: 'up' };

describe('POST /invocations with other columns', () => {
  it.each<[string, unknown, string?]>([
    [
      'dataframe_split',
      {
        dataframe_split: {
          columns: ['channel', 'text', 'likes'],
          data: [
            ['up', 'a', 500],
            ['up', 'b', 1],
            ['up', 'c', null],
          ],
        },
      },
    ],
    ['dataframe_records', { dataframe_records: [row, { ...row, likes: 1 }, { text: 'c', channel: 'up' }] }],
    ['inputs by name', { inputs: { text: ['a', 'b', 'c'], likes: [500, 1, null], channel: ['up', 'up', 'up'] } }],
    [
      'inputs as tensors of shape [n, 1]',
      { inputs: { text: [['a'], ['b'], ['c']], likes: [[500], [1], [null]], channel: [['up'], ['up'], ['up']] } },
    ],
    ['instances by name', { instances: [row, { ...row, likes: 1 }, { text: 'c', likes: null, channel: 'up' }] }],
    ['CSV', 'channel,text,likes\nup,a,500\nup,b,1\nup,c,\n', 'text/csv'],
  ])('takes them from %s, and what is missing as missing', async (_, body, type) => {
    expect(await invoke(body, type)).toEqual({
      status: 200,
      body: { predictions: ['positive', 'negative', 'negative'] },
    });
  });

  it('answers without any of them, and passes over those that the model does not take', async () => {
    expect((await invoke({ inputs: ['a'] })).body).toEqual({ predictions: ['neutral'] });
    expect((await invoke({ dataframe_records: [{ ...row, more: { deep: [1] } }] })).body).toEqual({
      predictions: ['positive'],
    });
  });

  it.each<[string, unknown, string, string?]>([
    [
      'a number that is none',
      { dataframe_records: [{ ...row, likes: 'many' }] },
      'dataframe_records[0].likes is no number',
    ],
    ['a flag for a number', { inputs: { text: ['a'], likes: [true] } }, 'inputs.likes[0] is no number'],
    [
      'a number beyond all',
      { inputs: { text: ['a'], likes: ['1e999'] } },
      'inputs.likes[0] is no number, or one beyond',
    ],
    ['infinity in CSV', 'text,likes\na,Infinity\n', 'row 2 of the CSV body, column "likes", is no number', 'text/csv'],
    ['a list for a category', { inputs: { text: ['a'], channel: [['x', 'y']] } }, 'inputs.channel[0] is a list'],
    ['a category that is too long', { inputs: { text: ['a'], channel: ['x'.repeat(21)] } }, 'the limit is 20'],
    ['half a surrogate pair', { inputs: { text: ['a'], channel: ['\ud800'] } }, 'half of a surrogate pair'],
    ['a null character', { inputs: { text: ['a'], channel: ['a\0'] } }, 'null character'],
    ['a column that is too short', { inputs: { text: ['a', 'b'], likes: [1] } }, 'has 1 values for 2 texts'],
    ['a column that is no list', { inputs: { text: ['a'], likes: 1 } }, 'inputs.likes is a number, not a list'],
    [
      'a column twice',
      { dataframe_split: { columns: ['text', 'likes', 'likes'], data: [['a', 1, 2]] } },
      'has "likes" twice',
    ],
    ['a column of CSV twice', 'text,likes,likes\na,1,2\n', 'the column "likes" twice', 'text/csv'],
  ])('refuses %s', async (_, body, message, type) => {
    const reply = await invoke(body, type);
    expect([400, 413]).toContain(reply.status);
    expect(reply.body['message']).toContain(message);
  });
});

describe('Open Inference Protocol v2 with other columns', () => {
  const path = '/v2/models/sentiment';
  const text = { name: 'text', shape: [2], datatype: 'BYTES', data: ['a', 'b'] };
  const likes = { name: 'likes', shape: [2], datatype: 'FP64', data: [500, 500] };
  const channel = { name: 'channel', shape: [2, 1], datatype: 'BYTES', data: [['up'], ['down']] };
  const infer = (...inputs: object[]) => call('POST', `${path}/infer`, { inputs, outputs: [{ name: 'label' }] });

  it('says which inputs the model takes, and that they may be left out', async () => {
    expect((await call('GET', path)).body['inputs']).toEqual([
      { name: 'text', datatype: 'BYTES', shape: [-1] },
      { name: 'likes', datatype: 'FP64', shape: [-1], parameters: { optional: true } },
      { name: 'channel', datatype: 'BYTES', shape: [-1], parameters: { optional: true } },
    ]);
  });

  it('takes them in any order, numbers of any datatype, null for what is missing', async () => {
    const labels = async (...inputs: object[]) =>
      ((await infer(...inputs)).body['outputs'] as { data: unknown }[])[0]?.data;
    expect(await labels(channel, text, likes)).toEqual(['positive', 'negative']);
    for (const datatype of ['FP32', 'INT64', 'UINT8']) {
      expect(await labels(text, { ...likes, datatype }, channel)).toEqual(['positive', 'negative']);
    }
    expect(await labels(text, { ...likes, data: [null, 500] }, channel)).toEqual(['negative', 'negative']);
    expect(await labels(text)).toEqual(['neutral', 'neutral']);
  });

  it.each<[string, object[], string]>([
    ['a name that it does not take', [text, { ...likes, name: 'like' }], 'its inputs are "text", "likes", "channel"'],
    ['an input twice', [text, likes, likes], 'the input "likes" is given twice'],
    ['numbers as BYTES', [text, { ...likes, datatype: 'BYTES' }], 'the input "likes" is FP64'],
    ['flags for numbers', [text, { ...likes, datatype: 'BOOL' }], 'the input "likes" is FP64'],
    ['categories as numbers', [text, { ...channel, datatype: 'INT32' }], 'the input "channel" is BYTES'],
    ['fewer rows than texts', [text, { ...likes, shape: [1], data: [1] }], 'has 1 values for 2 texts'],
    ['a shape of more', [text, { ...likes, shape: [3] }], 'inputs[1].shape [3] asks for 3 elements'],
    ['no texts', [likes, channel], 'the input "text" is missing'],
  ])('refuses %s', async (_, inputs, message) => {
    const reply = await infer(...inputs);
    expect(reply.status).toBe(400);
    expect(reply.body['error']).toContain(message);
  });
});

it('comments have a text alone: all other columns are missing', async () => {
  const reply = await app.inject({ method: 'POST', url: '/predict', payload: { comments: ['a'] } });
  expect(reply.json()).toEqual([{ comment: 'a', sentiment: 'neutral' }]);
});
