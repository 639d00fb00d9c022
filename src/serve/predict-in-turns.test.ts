import { describe, expect, it } from 'vitest';
import { liveModel, testServer, WordModel } from './test-kit.ts';

/** Remembers the sizes of the batches that it was asked about. */
class CountingModel extends WordModel {
  readonly batches: number[] = [];

  override predict(texts: readonly string[]): ReturnType<WordModel['predict']> {
    this.batches.push(texts.length);
    return super.predict(texts);
  }
}

function rig() {
  const server = testServer();
  const model = new CountingModel();
  server.state.live = { ...liveModel(), model };
  const post = (comments: readonly string[]) =>
    server.app.inject({ method: 'POST', url: '/predict', payload: { comments } });
  return { ...server, model, post };
}

describe('predictInTurns', () => {
  it('gives the answers of one call, in order, whatever the slices', async () => {
    const { model, post } = rig();
    const comments = Array.from(
      { length: 700 },
      (_, i) => `${['great', 'bad', 'meh'][i % 3] ?? ''} ${'x'.repeat(i % 90)}`,
    );
    const sentiments = (await post(comments)).json<{ comment: string; sentiment: string }[]>();
    const expected = comments.map((comment, i) => ({ comment, sentiment: ['positive', 'negative', 'neutral'][i % 3] }));
    expect(sentiments).toEqual(expected);
    expect(model.batches.length).toBeGreaterThan(5);
    expect(model.batches.reduce((sum, size) => sum + size, 0)).toBe(700);
  });

  it('asks once about a small request, and about a long text by itself', async () => {
    const { model, post } = rig();
    await post(['a', 'b', 'c']);
    expect(model.batches.splice(0)).toEqual([3]);
    await post(['a', 'x'.repeat(9_000), 'b', 'c']);
    expect(model.batches).toEqual([1, 1, 2]);
  });

  it('lets a small request overtake a large one', async () => {
    const { app, post } = rig();
    await app.ready();
    const order: string[] = [];
    const large = post(Array.from({ length: 1_000 }, () => 'x'.repeat(1_000))).then(() => order.push('large'));
    const small = post(['great']).then(() => order.push('small'));
    await Promise.all([large, small]);
    expect(order).toEqual(['small', 'large']);
  });
});
