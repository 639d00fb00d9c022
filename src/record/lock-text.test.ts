import { parse } from 'yaml';
import { describe, expect, test } from 'vitest';
import { asContentHash, asStageName, type StageName } from '../core/brands.ts';
import { asJson, type JsonValue } from '../core/json.ts';
import { seededRandom, type Random } from '../core/random.ts';
import type { StageEvidence } from '../plan/types.ts';
import { parseLock } from './lock-file.ts';
import { renderLock } from './lock-text.ts';

const nasty = [
  ...[
    '',
    ' ',
    'a b',
    'a ',
    ' a',
    'null',
    'True',
    'no',
    'y',
    '~',
    '.',
    '..',
    './x',
    '.5',
    '.e',
    '.inf',
    '1',
    '0x1F',
    '1e3',
    '-',
    '- a',
    '-a',
  ],
  ...[
    'a: b',
    'a #b',
    '#a',
    'a:',
    '"',
    "'",
    "it's",
    '\\',
    '\\n',
    '\n',
    '\r\n',
    '\t',
    'a\nb',
    '{',
    '[a]',
    '*a',
    '&a',
    '!a',
    '|',
    '>',
    '%',
    '@',
  ],
  ...[
    '<<',
    '=',
    '---',
    '...',
    '? a',
    '__proto__',
    'constructor',
    '<<<<<<< HEAD',
    '=======',
    '>>>>>>> x',
    'é',
    'e\u0301',
    '数据',
    '💾',
  ],
  ...[
    '\u0000',
    '\u0007',
    '\u001b[31m',
    '\u007f',
    '\u0085',
    '\u00a0',
    '\u2028',
    '\u2029',
    '\ufeff',
    '\ufffe',
    '\uffff',
    '\ud800',
    '2026-01-01',
  ],
];

const pick = <T>(random: Random, from: readonly T[]): T => {
  const found = from[Math.floor(random() * from.length)];
  if (found === undefined) throw new Error('nothing to pick from');
  return found;
};

/** Some nasty strings stuck together. */
const textOf = (random: Random): string =>
  Array.from({ length: 1 + Math.floor(random() * 3) }, () => pick(random, nasty)).join('');

function valueOf(random: Random, depth = 0): JsonValue {
  const kind = Math.floor(random() * (depth > 2 ? 4 : 6));
  if (kind === 0) return textOf(random);
  if (kind === 1) return pick(random, [0, 1, -1.5, 1e21, 5e-324, 1.7976931348623157e308, 9007199254740991, 0.1]);
  if (kind === 2) return pick(random, [null, true, false]);
  if (kind === 3) return pick(random, [NaN, Infinity, -Infinity]);
  const count = Math.floor(random() * 4);
  if (kind === 4) return Array.from({ length: count }, () => valueOf(random, depth + 1));
  return Object.fromEntries(Array.from({ length: count }, () => [textOf(random), valueOf(random, depth + 1)]));
}

function artifactsOf(random: Random): StageEvidence['outs'] {
  return Array.from({ length: Math.floor(random() * 3) }, () => ({
    path: textOf(random),
    hash: asContentHash(
      random()
        .toString(16)
        .slice(2, 10)
        .padEnd(64, pick(random, ['0', '1', 'e'])),
    ),
    size: Math.floor(random() * 1e12),
    ...(random() < 0.5 ? { files: Math.floor(random() * 10) } : {}),
    ...(random() < 0.5 ? { executable: true as const } : {}),
  }));
}

function entryOf(random: Random): StageEvidence {
  const valuesOf = (): Record<string, JsonValue> => Object.fromEntries([[textOf(random), valueOf(random)]]);
  return {
    cmd: Array.from({ length: 1 + Math.floor(random() * 2) }, () => textOf(random)),
    ...(random() < 0.5 ? { wdir: textOf(random) } : {}),
    deps: artifactsOf(random),
    params: random() < 0.3 ? {} : Object.fromEntries([[textOf(random), valuesOf()]]),
    ...(random() < 0.5 ? { env: Object.fromEntries([[textOf(random), textOf(random)]]) } : {}),
    outs: artifactsOf(random),
  };
}

/** The entry as a plain YAML value: one command stands alone, and what is empty is left out. */
function plainEntry({ cmd, wdir, deps, params, env, outs }: StageEvidence): JsonValue {
  const filled = { ...(deps.length > 0 ? { deps } : {}), ...(outs.length > 0 ? { outs } : {}) };
  return asJson({
    cmd: cmd.length === 1 ? (cmd[0] ?? '') : cmd,
    ...(wdir === undefined ? {} : { wdir }),
    ...(Object.keys(params).length === 0 ? {} : { params }),
    ...(env === undefined ? {} : { env }),
    ...filled,
  });
}

describe('pipeline.lock', () => {
  test('says to any YAML reader what was recorded, and comes back as it was, whatever the strings', async () => {
    const random = seededRandom(7);
    for (let round = 0; round < 400; round++) {
      const evidence = new Map<StageName, StageEvidence>(
        Array.from({ length: Math.floor(random() * 3) }, () => [asStageName(textOf(random)), entryOf(random)]),
      );
      const text = renderLock(evidence);
      const read = parse(text) as { stages: Record<string, unknown> };
      expect(Object.entries(read.stages)).toEqual(
        expect.arrayContaining([...evidence].map(([name, entry]) => [name, plainEntry(entry)])),
      );
      const back = await parseLock(text, 'pipeline.lock');
      expect(back).toEqual({ ok: true, value: evidence });
    }
  });

  test('has one fact a line, so that no text can fake a conflict marker or hide in another line', () => {
    const random = seededRandom(8);
    for (let round = 0; round < 100; round++) {
      const text = renderLock(new Map([[asStageName(textOf(random)), entryOf(random)]]));
      for (const line of text.split(/\r\n|[\n\r\u0085\u2028\u2029]/))
        expect(line).toMatch(/^(#.*|schema: '1'|stages:| .*|)$/);
    }
  });

  test('is sorted by stage, and its fields stand in a fixed order', () => {
    const hash = asContentHash('a'.repeat(64));
    const entry = {
      cmd: ['x'],
      deps: [{ path: 'd', hash, size: 1 }],
      params: { 'p.yaml': { b: 1, a: [1] } },
      outs: [],
    };
    const text = renderLock(new Map(['b', 'a@2', 'a'].map((name) => [asStageName(name), entry])));
    expect(text.split('\n').slice(1, 14)).toEqual([
      "schema: '1'",
      'stages:',
      '  a:',
      '    cmd: x',
      '    deps:',
      '      - path: d',
      `        hash: ${hash}`,
      '        size: 1',
      '    params:',
      '      p.yaml:',
      '        a: [1]',
      '        b: 1',
      '  a@2:',
    ]);
  });
});

describe('reading pipeline.lock', () => {
  test.each([
    ['schema: "1"\nstages:\n  a: {cmd: [1]}\n', 'lock-file-invalid'],
    ['schema: "1"\nstages: []\n', 'lock-file-invalid'],
    ['schema: "1"\nstages:\n  a: {cmd: x, outs: [{path: o, hash: 12, size: 1}]}\n', 'lock-file-invalid'],
    ['schema: "0"\n', 'lock-file-invalid'],
    ['- a\n', 'lock-file-invalid'],
    ['a: [\n', 'lock-file-invalid'],
    ['a: &x 1\nb: *x\n', 'lock-file-invalid'],
    ['schema: "2"\n', 'lock-file-newer'],
    ['schema: "1"\n<<<<<<< HEAD\nstages: {}\n', 'lock-file-conflict'],
  ])('refuses %j as %s', async (text, reason) => {
    expect(await parseLock(text, 'pipeline.lock')).toMatchObject({ ok: false, error: { reason } });
  });

  test('takes an empty file for no evidence', async () => {
    expect(await parseLock('', 'pipeline.lock')).toEqual({ ok: true, value: new Map() });
  });
});
