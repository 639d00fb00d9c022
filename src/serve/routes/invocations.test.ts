import { describe, expect, it } from 'vitest';
import type { Limits } from '../limits.ts';
import { testServer } from '../test-kit.ts';

const shared = testServer();

const invoke = async (payload: unknown, contentType = 'application/json', limits?: Partial<Limits>) => {
  const { app } = limits === undefined ? shared : testServer({ limits });
  const reply = await app.inject({
    method: 'POST',
    url: '/invocations',
    headers: { 'content-type': contentType },
    payload: typeof payload === 'string' || Buffer.isBuffer(payload) ? payload : JSON.stringify(payload),
  });
  return { status: reply.statusCode, body: reply.json<Record<string, unknown>>() };
};

const both = { status: 200, body: { predictions: ['positive', 'neutral'] } };

describe('POST /invocations', () => {
  it.each([
    ['dataframe_split', { dataframe_split: { columns: ['text'], data: [['great'], ['meh']] } }],
    [
      'dataframe_split with an index and more columns',
      {
        dataframe_split: {
          index: [0, 1],
          columns: ['id', 'text'],
          data: [
            [1, 'great'],
            [2, 'meh'],
          ],
        },
      },
    ],
    ['dataframe_records', { dataframe_records: [{ text: 'great' }, { text: 'meh' }] }],
    ['inputs by name', { inputs: { text: ['great', 'meh'] } }],
    ['inputs as a list', { inputs: ['great', 'meh'] }],
    ['instances', { instances: ['great', 'meh'] }],
    ['instances as rows', { instances: [['great'], ['meh']] }],
    ['instances by name', { instances: [{ text: 'great' }, { text: 'meh' }] }],
    ['params that it ignores', { instances: ['great', 'meh'], params: { temperature: 1 } }],
    ['params that are null', { instances: ['great', 'meh'], params: null }],
  ])('answers the same for %s', async (_, body) => {
    expect(await invoke(body)).toEqual(both);
  });

  it.each([
    ['a header and rows', 'text\ngreat\nmeh\n'],
    ['a byte order mark and Windows line ends', '\ufefftext\r\ngreat\r\nmeh\r\n'],
    ['more columns and quotes', 'id,text\n1,"great, ""really""\nso"\n2,meh'],
  ])('takes CSV with %s', async (_, csv) => {
    expect(await invoke(csv, 'text/csv')).toEqual(both);
  });

  it('keeps answers and CSV rows in step: an empty line is an empty text', async () => {
    expect((await invoke('text\n\ngreat\n""\n', 'text/csv')).body).toEqual({
      predictions: ['neutral', 'positive', 'neutral'],
    });
    expect((await invoke('text\n', 'text/csv')).body).toEqual({ predictions: [] });
  });

  it('gives probabilities where params ask for them', async () => {
    const reply = await invoke({ inputs: ['great'], params: { probabilities: true } });
    const probabilities = { negative: 0.125, neutral: 0.125, positive: 0.75 };
    expect(reply.body).toEqual({ predictions: [{ label: 'positive', probabilities }] });
  });

  it.each([
    ['two shapes', { instances: ['a'], inputs: ['a'] }],
    ['none of the shapes', { texts: ['a'] }],
    ['a bare list', ['a']],
    ['a split without columns', { dataframe_split: { data: [['a']] } }],
    ['a split without data', { dataframe_split: { columns: ['text'] } }],
    ['a split without the column', { dataframe_split: { columns: ['body'], data: [['a']] } }],
    ['a split with the column twice', { dataframe_split: { columns: ['text', 'text'], data: [['a', 'b']] } }],
    ['a ragged split', { dataframe_split: { columns: ['text'], data: [['a', 'b']] } }],
    ['a split of plain values', { dataframe_split: { columns: ['text'], data: ['a'] } }],
    ['records that are no list', { dataframe_records: { text: 'a' } }],
    ['a record without the column', { dataframe_records: [{ text: 'a' }, { body: 'b' }] }],
    ['numbers', { instances: [1, 2] }],
    ['a row of two', { instances: [['a', 'b']] }],
    ['objects and texts mixed', { instances: [{ text: 'a' }, 'b'] }],
    ['inputs without the name', { inputs: { body: ['a'] } }],
    ['inputs that give one text', { inputs: { text: 'a' } }],
    ['params that are a list', { instances: ['a'], params: [] }],
    ['params of a wrong type', { instances: ['a'], params: { probabilities: 'yes' } }],
    ['malformed JSON', '{"instances": ["a"'],
    ['an empty body', ''],
    ['bytes that are no UTF-8', Buffer.from([0x7b, 0xff, 0x7d])],
  ])('refuses %s with BAD_REQUEST', async (_, body) => {
    const reply = await invoke(body);
    expect(reply.status).toBe(400);
    expect(reply.body).toEqual({ error_code: 'BAD_REQUEST', message: expect.any(String) as string });
  });

  it.each([
    ['nothing', ''],
    ['no column text', 'body\na\n'],
    ['the column twice', 'text,text\na,b\n'],
    ['a ragged row', 'id,text\n1,a\n2\n'],
    ['an open quote', 'text\n"a\n'],
  ])('refuses CSV with %s', async (_, csv) => {
    const reply = await invoke(csv, 'text/csv');
    expect(reply).toMatchObject({ status: 400, body: { error_code: 'BAD_REQUEST' } });
  });

  it.each([
    ['text/plain'],
    ['application/xml'],
    ['application/json; charset=latin1'],
    ['text/csv; charset=utf-16'],
    ['nonsense'],
  ])('refuses content type %s with 415', async (contentType) => {
    const reply = await invoke('text\na', contentType);
    expect(reply.status).toBe(415);
    expect(reply.body['error_code']).toBe('UNSUPPORTED_MEDIA_TYPE');
  });

  it('takes the charset that it has', async () => {
    expect(await invoke({ instances: ['great', 'meh'] }, 'application/json; charset=UTF-8')).toEqual(both);
  });

  it('bounds the texts of JSON and CSV alike', async () => {
    expect((await invoke({ instances: ['a', 'b', 'c'] }, 'application/json', { maxTexts: 2 })).status).toBe(413);
    expect((await invoke('text\na\nb\nc\nd\ne\n', 'text/csv', { maxTexts: 2 })).status).toBe(413);
    expect((await invoke('text\na\nb\n', 'text/csv', { maxTexts: 2 })).status).toBe(200);
  });
});
