import { describe, expect, it } from 'vitest';
import { parseCondition } from './parse-condition.ts';

describe('parseCondition', () => {
  it.each([
    ['metrics.accuracy >= 0.8', { on: 'metric', key: 'accuracy', is: '>=', value: 0.8 }],
    ['params.train.c=0.5', { on: 'param', key: 'train.c', is: '=', value: 0.5 }],
    ['param.kind == tfidf', { on: 'param', key: 'kind', is: '=', value: 'tfidf' }],
    ['params.flag=true', { on: 'param', key: 'flag', is: '=', value: true }],
    ['params.text="1"', { on: 'param', key: 'text', is: '=', value: '1' }],
    ['tags.git.branch != main', { on: 'tag', key: 'git.branch', is: '!=', value: 'main' }],
    ['tags.build=12', { on: 'tag', key: 'build', is: '=', value: '12' }],
    ['metrics.loss<1e-3', { on: 'metric', key: 'loss', is: '<', value: 0.001 }],
  ])('reads %s', (text, value) => {
    expect(parseCondition(text)).toStrictEqual({ ok: true, value });
  });

  it.each(['accuracy > 0.8', 'metrics.accuracy > high', 'tags.a < b', 'params.kind < tfidf', '', 'metrics. = 1'])(
    'refuses %j and says why',
    (text) => {
      expect(parseCondition(text)).toMatchObject({ ok: false, error: { reason: 'bad-condition' } });
    },
  );
});
