import { describe, expect, it } from 'vitest';
import { asContentHash, asFingerprint, asStageName } from '../core/brands.ts';
import type { StageExplanation } from '../plan/explain-types.ts';
import { displayWidth } from './display-width.ts';
import { renderExplanation } from './explain.ts';
import { styleFor } from './style.ts';

const hash = (digits: string) => asContentHash(digits.repeat(64 / digits.length));
const now = Date.UTC(2026, 5, 1, 12);
const screen = { style: styleFor(false), columns: 80, now };
const train: StageExplanation = {
  stage: asStageName('train'),
  action: 'run',
  certain: true,
  reasons: [{ kind: 'param-changed', file: 'params.yaml', key: 'train.c', was: 0.5, now: 0.3 }],
  origin: { runName: 'brisk-heron-1', at: now - 200_000 },
  cmd: { was: ['node --import tsx stages/train.ts'], now: ['node --import tsx stages/train.ts'] },
  deps: [
    { path: 'artifacts/features', was: hash('e01d57aa'), now: hash('e01d57aa'), by: asStageName('featurize') },
    { path: 'src/ml', was: hash('77ab0001'), now: hash('77ab0001'), files: 34 },
    { path: 'stages/train.ts', was: hash('9c1f07d2'), now: hash('9c1f07d2') },
  ],
  params: [
    {
      file: 'params.yaml',
      key: 'train.c',
      was: 0.5,
      now: 0.3,
      at: { file: 'params.yaml', line: 14, column: 6, length: 3 },
    },
  ],
  env: [],
  outs: [{ path: 'artifacts/model', was: hash('33aa33bb'), now: hash('33aa33bb') }],
  result: { known: 'no', fingerprint: asFingerprint('f'.repeat(64)) },
  after: [{ stage: asStageName('evaluate'), through: ['artifacts/model'] }],
};

describe('renderExplanation', () => {
  it('says why, shows every input, and what follows', () => {
    expect(renderExplanation(train, screen)).toBe(
      [
        '  train would run: 1 reason',
        '  * param train.c: 0.5 -> 0.3   params.yaml:14',
        '',
        '  last run  brisk-heron-1, 3 min ago',
        '  cmd       same     node --import tsx stages/train.ts',
        '  deps      same     artifacts/features (by featurize)  e01d57aa..',
        '            same     src/ml (34 files)                  77ab0001..',
        '            same     stages/train.ts                    9c1f07d2..',
        '  params    changed  train.c  0.5 -> 0.3  params.yaml:14',
        '  outs      same     artifacts/model  33aa33bb..',
        '  result    not known: this combination was never built',
        '  after it  evaluate would run if artifacts/model changes',
        '',
      ].join('\n'),
    );
  });

  it('shows an input that changed with both hashes, a new, a gone, a missing and a pending one', () => {
    const text = renderExplanation(
      {
        ...train,
        deps: [
          { path: 'a', was: hash('11111111'), now: hash('22222222') },
          { path: 'b', now: hash('22222222') },
          { path: 'c', was: hash('11111111'), now: 'not-declared' },
          { path: 'd', was: hash('11111111'), now: 'missing' },
          { path: 'e', was: hash('11111111'), now: 'unknown', by: asStageName('featurize') },
        ],
        env: [
          { name: 'SEED', same: false },
          { name: 'LANG', same: true },
        ],
        params: [
          { file: 'c.json', key: 'k', now: 'x' },
          { file: 'params.yaml', key: 'old', was: [1] },
        ],
      },
      screen,
    );
    const rows = text.split('\n').map((line) => line.trim().replace(/ {2,}/g, ' | '));
    expect(rows).toContain('deps | changed | a | 11111111.. -> 22222222..');
    expect(rows).toContain('new | b | 22222222..');
    expect(rows).toContain('gone | c | 11111111..');
    expect(rows).toContain('missing | d | 11111111..');
    expect(rows).toContain('pending | e (by featurize) | 11111111..');
    expect(rows).toContain('params | new | c.json:k | x');
    expect(rows).toContain('gone | old | was [1]');
    expect(rows).toContain('env | changed | SEED');
  });

  it('shows a changed command then and now, line by line', () => {
    const text = renderExplanation({ ...train, cmd: { was: ['a', 'b'], now: ['c'] } }, screen);
    expect(text).toContain('  cmd       was      a\n                     b\n            now      c\n');
  });

  it('says of a stage that never ran that all is new', () => {
    const { origin: _origin, ...rest } = train;
    const text = renderExplanation({ ...rest, reasons: [{ kind: 'never-run' }], cmd: { now: ['x'] } }, screen);
    expect(text).toContain('  last run  not known\n  cmd       new      x\n');
  });

  it.each([
    [
      { known: 'yes', fingerprint: train.stage as never, madeBy: 'calm-otter-2' },
      'restore',
      'known: calm-otter-2 made it',
    ],
    [{ known: 'yes', fingerprint: train.stage as never }, 'skip', 'known: it is in place'],
    [{ known: 'cannot-tell', until: 'featurize' }, 'run', 'cannot tell before featurize'],
  ] as const)('says whether the result is known: %j', (result, action, said) => {
    expect(renderExplanation({ ...train, result, action }, screen)).toContain(`  result    ${said}`);
  });

  it('counts unchanged inputs past twelve and shows every changed one', () => {
    const deps = Array.from({ length: 40 }, (_, i) => ({
      path: `d${String(i).padStart(2, '0')}`,
      was: hash('11111111'),
      now: i >= 38 ? hash('22222222') : hash('11111111'),
    }));
    const text = renderExplanation({ ...train, deps }, screen);
    expect(text.match(/changed {2}d3[89]/g)).toHaveLength(2);
    expect(text).toContain('same     and 26 more');
  });

  it.each([60, 80])('wraps nothing at %d columns', (columns) => {
    const long = 'deep/'.repeat(20);
    const text = renderExplanation(
      {
        ...train,
        cmd: { now: ['x'.repeat(200)] },
        deps: [{ path: long, was: hash('11111111'), now: hash('22222222'), by: asStageName('y'.repeat(50)) }],
        params: [
          {
            file: `${long}p.yaml`,
            key: 'k',
            was: 'v'.repeat(100),
            now: 'w',
            at: { file: `${long}p.yaml`, line: 1, column: 1, length: 1 },
          },
        ],
        after: [{ stage: asStageName('z'), through: [long, long, long] }],
      },
      { ...screen, columns },
    );
    for (const line of text.split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(columns);
  });
});
