import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../core/random.ts';
import { sortColumns } from '../sparse/csr.ts';
import { cleanText, plainCleaning } from '../text/clean.ts';
import { HashingVectorizer, fitHashing } from './hashing.ts';
import type { HashingOptions } from './hashing.ts';
import { Utf8Hasher, murmurHash3 } from './murmur-hash.ts';
import { defaultVectorizer } from './vectorizer.ts';

const plain: HashingOptions = {
  kind: 'hashing',
  analyzer: defaultVectorizer.analyzer,
  features: 2 ** 20,
  alternateSign: true,
  binary: false,
  norm: 'l2',
};

const hashOf = (text: string): number => {
  const bytes = new TextEncoder().encode(text);
  return murmurHash3(bytes, bytes.length);
};

describe('MurmurHash3', () => {
  it.each([
    ['', 0],
    ['a', 0x3c2569b2],
    ['ab', 0x9bbfd75f],
    ['abc', 0xb3dd93fa],
    ['Hello, world!', 0xc0363e43],
    ['The quick brown fox jumps over the lazy dog', 0x2e4ff723],
  ])('has the published value for "%s"', (text, expected) => {
    expect(hashOf(text) >>> 0).toBe(expected);
  });

  it('sees UTF-16 as the UTF-8 that TextEncoder makes of it, lone surrogates too', () => {
    const random = seededRandom(7);
    const hasher = new Utf8Hasher();
    const kinds = [0x7f, 0x7ff, 0xffff, 0xdfff];
    for (let run = 0; run < 2000; run++) {
      const units = Uint16Array.from({ length: run % 40 }, () => {
        const most = kinds[Math.floor(random() * kinds.length)]!;
        return most === 0xdfff ? 0xd800 + Math.floor(random() * 0x800) : Math.floor(random() * (most + 1));
      });
      expect(hasher.hash(units, 0, units.length)).toBe(hashOf(String.fromCharCode(...units)));
    }
  });
});

describe('hashed features', () => {
  it('terms of opposite sign in one column cancel out, and stay as a zero', () => {
    const one = new HashingVectorizer({ ...plain, features: 1, norm: 'none' });
    const words = Array.from({ length: 40 }, (_, at) => `w${at}`);
    const plus = words.find((word) => hashOf(word) > 0)!;
    const minus = words.find((word) => hashOf(word) < 0)!;
    expect(Array.from(one.transform([`${plus} ${minus}`, `${plus} ${plus}`, minus, '']).values)).toEqual([0, 2, -1]);
  });

  it('texts without a term are a failure', () => {
    const fitted = fitHashing(plain, ['', 'a', '!']);
    expect(fitted.ok ? '' : fitted.error.reason).toBe('no-terms');
  });
});

const python = process.env['MLP_TEST_PYTHON'];
if (python === undefined) {
  process.stderr.write(
    'hashed features are not compared with scikit-learn: MLP_TEST_PYTHON names no Python that has it\n',
  );
}

const cases: readonly (readonly [Record<string, unknown>, Partial<HashingOptions>])[] = [
  [{}, {}],
  [
    { alternate_sign: false, norm: 'l1' },
    { alternateSign: false, norm: 'l1' },
  ],
  [
    { n_features: 61, norm: null, ngram_range: [1, 3] },
    { features: 61, norm: 'none', analyzer: { ...defaultVectorizer.analyzer, ngramMax: 3 } },
  ],
  [
    { n_features: 8, binary: true },
    { features: 8, binary: true },
  ],
  [
    { analyzer: 'char_wb', ngram_range: [2, 5], n_features: 4096, norm: 'l1' },
    { analyzer: { unit: 'char_wb', ngramMin: 2, ngramMax: 5 }, features: 4096, norm: 'l1' },
  ],
];

it.skipIf(python === undefined)(
  'columns are those of scikit-learn, and values within 1e-12',
  { timeout: 60_000 },
  () => {
    const { question } = JSON.parse(readFileSync('test/peers/fixture.json', 'utf8')) as {
      question: { texts: string[] };
    };
    const comments = readFileSync('data/comments.csv', 'utf8').split('\n').slice(0, 500);
    const texts = [...question.texts, ...comments];
    const input = JSON.stringify({ texts, cases: cases.map(([args]) => args) });
    const answers = JSON.parse(
      execFileSync(python ?? '', ['test/peers/hashing_reference.py'], { input, encoding: 'utf8', maxBuffer: 2 ** 28 }),
    ) as { indptr: number[]; indices: number[]; values: number[] }[];
    const clean = texts.map((text) => cleanText(text, plainCleaning));
    for (const [at, [args, changes]] of cases.entries()) {
      const ours = sortColumns(new HashingVectorizer({ ...plain, ...changes }).transform(clean));
      const { indptr, indices, values } = answers[at]!;
      const name = JSON.stringify(args);
      expect(Array.from(ours.indptr), name).toEqual(indptr);
      expect(Array.from(ours.indices), name).toEqual(indices);
      const off = values.reduce((most, value, i) => Math.max(most, Math.abs(value - ours.values[i]!)), 0);
      expect(off, name).toBeLessThan(1e-12);
    }
  },
);
