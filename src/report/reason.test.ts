import { describe, expect, it } from 'vitest';
import { asContentHash, asStageName } from '../core/brands.ts';
import type { Reason } from '../core/reason.ts';
import { displayWidth } from './display-width.ts';
import { reasonText, summariseReasons } from './reason.ts';

const was = asContentHash('a'.repeat(64));
const now = asContentHash('b'.repeat(64));
const by = asStageName('train');
const param = { file: 'params.yaml', key: 'train.c' };

const said: readonly (readonly [Reason, string])[] = [
  [{ kind: 'never-run' }, 'never run'],
  [{ kind: 'cmd-changed', was: ['a'], now: ['b'] }, 'command changed'],
  [{ kind: 'dep-added', path: 'x.csv' }, 'dep x.csv added'],
  [{ kind: 'dep-removed', path: 'x.csv' }, 'dep x.csv removed'],
  [{ kind: 'dep-changed', path: 'artifacts/model', was, now, by }, 'dep artifacts/model changed (by train)'],
  [{ kind: 'dep-changed', path: 'x.csv', was, now }, 'dep x.csv changed'],
  [{ kind: 'dep-missing', path: 'x.csv' }, 'dep x.csv missing'],
  [{ kind: 'param-added', ...param, now: 0.3 }, 'param train.c added: 0.3'],
  [{ kind: 'param-removed', ...param, was: 0.5 }, 'param train.c removed (was 0.5)'],
  [{ kind: 'param-changed', ...param, was: 0.5, now: 0.3 }, 'param train.c: 0.5 -> 0.3'],
  [{ kind: 'param-changed', ...param, was: 1, now: '1' }, 'param train.c: 1 -> "1"'],
  [{ kind: 'param-changed', file: 'c.json', key: 'k', was: 'a', now: 'b' }, 'param c.json:k: a -> b'],
  [{ kind: 'param-changed', file: 'c.json', key: '*', was: {}, now: { a: 1 } }, 'params c.json changed'],
  [{ kind: 'env-changed', name: 'SEED' }, 'env SEED changed'],
  [{ kind: 'out-added', path: 'm.json' }, 'out m.json added'],
  [{ kind: 'out-removed', path: 'm.json' }, 'out m.json removed'],
  [{ kind: 'out-missing', path: 'm.json' }, 'out m.json missing'],
  [{ kind: 'out-changed', path: 'm.json', was, now }, 'out m.json changed'],
  [{ kind: 'upstream', stage: by }, 'after train'],
  [{ kind: 'always-changed' }, 'always runs (always_changed)'],
  [{ kind: 'forced' }, 'forced'],
];

describe('reasonText', () => {
  it.each(said)('says %j as "%s"', (reason, text) => {
    expect(reasonText(reason)).toBe(text);
  });

  it('keeps the end of a path and what happened to it in a narrow column', () => {
    const reason: Reason = { kind: 'dep-changed', path: 'artifacts/deep/down/model.bin', was, now, by };
    expect(reasonText(reason, 40)).toBe('dep …p/down/model.bin changed (by train)');
    expect(displayWidth(reasonText(reason, 40))).toBeLessThanOrEqual(40);
  });

  it('never takes more columns than it is given', () => {
    for (const [reason] of said) {
      for (let width = 1; width < 45; width++) {
        expect(displayWidth(reasonText(reason, width))).toBeLessThanOrEqual(width);
      }
    }
  });

  it('cuts a long value and shows its line ends and escape codes as text', () => {
    const text = reasonText({ kind: 'param-changed', ...param, was: 'a\nb\u001b[31m', now: 'x'.repeat(500) });
    expect(text).toBe(`param train.c: "a\\nb\\u001b[31m" -> ${'x'.repeat(31)}…`);
  });
});

describe('summariseReasons', () => {
  const many: readonly Reason[] = [
    { kind: 'param-changed', ...param, was: 0.5, now: 0.3 },
    { kind: 'dep-changed', path: 'data.csv', was, now },
    { kind: 'env-changed', name: 'SEED' },
  ];

  it('lists all where there is room', () => {
    expect(summariseReasons(many)).toBe('param train.c: 0.5 -> 0.3, dep data.csv changed, env SEED changed');
  });

  it('counts those that do not fit', () => {
    expect(summariseReasons(many, 60)).toBe('param train.c: 0.5 -> 0.3, dep data.csv changed (+1 more)');
    expect(summariseReasons(many, 40)).toBe('param train.c: 0.5 -> 0.3 (+2 more)');
  });

  it('says nothing of no reasons', () => {
    expect(summariseReasons([])).toBe('');
  });
});
