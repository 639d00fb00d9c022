import { describe, expect, it } from 'vitest';
import { testServer } from '../test-kit.ts';

const shared = testServer();

const post = async (url: string, payload: unknown, options?: Parameters<typeof testServer>[0]) => {
  const { app } = options === undefined ? shared : testServer(options);
  const headers = { 'content-type': 'application/json' };
  const reply = await app.inject({
    method: 'POST',
    url,
    headers,
    payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
  });
  return { status: reply.statusCode, body: reply.json<unknown>(), headers: reply.headers };
};

describe('POST /predict', () => {
  it('gives each comment back with its sentiment, in order', async () => {
    const reply = await post('/predict', { comments: ['this is great', 'meh', 'so bad'] });
    expect(reply.status).toBe(200);
    expect(reply.body).toEqual([
      { comment: 'this is great', sentiment: 'positive' },
      { comment: 'meh', sentiment: 'neutral' },
      { comment: 'so bad', sentiment: 'negative' },
    ]);
  });

  it('names the model that answered in a header', async () => {
    expect((await post('/predict', { comments: [] })).headers['mlp-model']).toBe('sentiment/3');
  });

  it('adds probabilities by class name where asked', async () => {
    const reply = await post('/predict?probabilities=true', { comments: ['great'] });
    expect(reply.body).toEqual([
      { comment: 'great', sentiment: 'positive', probabilities: { negative: 0.125, neutral: 0.125, positive: 0.75 } },
    ]);
  });

  it('answers an empty list with an empty list', async () => {
    expect(await post('/predict', { comments: [] })).toMatchObject({ status: 200, body: [] });
  });

  it('takes an empty comment and one that is not Latin', async () => {
    const comments = ['', '素晴らしい 😀', '\u200f\u202e great'];
    expect(await post('/predict', { comments })).toMatchObject({
      status: 200,
      body: comments.map((comment) => ({ comment })),
    });
  });

  it('ignores keys that it does not know', async () => {
    expect((await post('/predict', { comments: ['a'], videoId: 'x' })).status).toBe(200);
  });

  it.each([
    ['a bare list', ['great'], 400, 'the body is a list, not an object'],
    ['a string', '"great"', 400, 'the body is a string, not an object'],
    ['null', 'null', 400, 'the body is null, not an object'],
    ['no comments', { texts: ['a'] }, 400, '"comments" is missing'],
    ['comments that are no list', { comments: 'great' }, 400, '"comments" is a string, not a list'],
    ['a number among the comments', { comments: ['a', 7] }, 400, 'comments[1] is a number, not a string'],
    ['null among the comments', { comments: [null] }, 400, 'comments[0] is null, not a string'],
    ['a null character', { comments: ['a\0b'] }, 400, 'comments[0] has a null character'],
    ['a lone surrogate', '{"comments": ["ok", "\\ud83d"]}', 400, 'comments[1] has half of a surrogate pair'],
    [
      'inherited members',
      '{"__proto__": {"comments": []}}',
      400,
      'the body is not acceptable JSON: the key "__proto__" is not allowed',
    ],
    [
      'the same key twice',
      '{"comments": [], "comments": []}',
      400,
      'the body is not acceptable JSON: an object gives the same key twice',
    ],
    ['an unfinished body', '{"comments": [', 400, 'the body is not acceptable JSON: syntax error'],
  ])('refuses %s', async (_, payload, status, message) => {
    const reply = await post('/predict', payload);
    expect(reply.status).toBe(status);
    expect((reply.body as { error: string }).error).toContain(message);
  });

  it('refuses a probabilities parameter that is neither true nor false', async () => {
    expect((await post('/predict?probabilities=1', { comments: [] })).status).toBe(400);
  });

  it('refuses more comments than the limit, and a longer one, with 413', async () => {
    const limits = { maxTexts: 2, maxTextLength: 5 };
    expect(await post('/predict', { comments: ['a', 'b', 'c'] }, { limits })).toMatchObject({
      status: 413,
      body: { reason: 'too-many-texts', error: '3 texts in one request, the limit is 2' },
    });
    expect(await post('/predict', { comments: ['a', '123456'] }, { limits })).toMatchObject({
      status: 413,
      body: { reason: 'text-too-long', error: 'comments[1] has 6 characters, the limit is 5' },
    });
    expect((await post('/predict', { comments: ['12345', 'b'] }, { limits })).status).toBe(200);
  });
});

describe('POST /predict_with_timestamps', () => {
  const item = (text: string) => ({ text, timestamp: '2026-01-31T12:00:00Z', authorId: 'someone' });

  it('answers with the codes that the extensions draw', async () => {
    const reply = await post('/predict_with_timestamps', { comments: [item('great'), item('meh'), item('bad')] });
    expect(reply.status).toBe(200);
    expect(reply.body).toEqual([
      { comment: 'great', sentiment: '1', timestamp: '2026-01-31T12:00:00Z' },
      { comment: 'meh', sentiment: '0', timestamp: '2026-01-31T12:00:00Z' },
      { comment: 'bad', sentiment: '-1', timestamp: '2026-01-31T12:00:00Z' },
    ]);
  });

  it.each([
    ['a plain text', ['great'], 'comments[0] is a string, not an object'],
    ['a missing text', [{ timestamp: 1 }], 'comments[0].text is missing'],
    ['a missing timestamp', [item('a'), { text: 'b' }], 'comments[1].timestamp is missing'],
    ['a timestamp that is a list', [{ text: 'b', timestamp: [] }], 'comments[0].timestamp is a list'],
    ['a text that is no string', [{ text: {}, timestamp: 1 }], 'comments[0].text is an object, not a string'],
  ])('refuses %s', async (_, comments, message) => {
    const reply = await post('/predict_with_timestamps', { comments });
    expect(reply.status).toBe(400);
    expect((reply.body as { error: string }).error).toContain(message);
  });
});
