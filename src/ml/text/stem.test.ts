import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createAnalyzer } from './grams.ts';
import type { AnalyzerOptions } from './grams.ts';
import { Stemmer } from './stem.ts';
import { hashRange } from './term-table.ts';
import { textOf } from './units.ts';

const base: AnalyzerOptions & { unit: 'words' } = {
  unit: 'words',
  tokens: 'rich',
  minLength: 1,
  stopWords: 'none',
  stemmer: 'porter',
  modifiers: 'none',
  ngramMin: 1,
  ngramMax: 1,
};
const termsOf = (text: string, changes: Partial<typeof base> = {}): string[] => {
  const { text: found, starts, ends, hashes } = createAnalyzer({ ...base, ...changes }).analyze(text);
  return Array.from({ length: starts.length }, (_, i) => {
    const [start, end] = [starts.values[i]!, ends.values[i]!];
    expect(hashes.values[i]).toBe(hashRange(found.units, start, end));
    return textOf(found.units, start, end);
  });
};

describe('stems', () => {
  it('stand in the place of words; emoji, signs, numbers and stand-ins stay', () => {
    expect(termsOf('connected connections 😂😂 running!!! _url_ 2024 :)')).toEqual([
      'connect',
      'connect',
      '😂',
      '😂',
      'run',
      '!!!',
      '_url_',
      '2024',
      ':)',
    ]);
  });

  it('are joined to n-grams', () => {
    expect(termsOf('great movies', { ngramMax: 2 })).toEqual(['great', 'great movi', 'movi']);
  });

  it('stop words are dropped before words become stems, one by one as they stand in the list', () => {
    expect(termsOf('this was liked as it does', { stopWords: 'english' })).toEqual(['like']);
    expect(termsOf('films film', { stopWords: ['film'] })).toEqual(['film']);
  });

  it('modifiers are known by their stems', () => {
    expect(termsOf('not very pretty films', { modifiers: 'english' })).toEqual([
      'not',
      'veri',
      'pretti',
      'film',
      'not veri pretti film',
    ]);
  });

  it('words of more than 64 letters stay as they are', () => {
    const long = 'a'.repeat(61);
    expect(termsOf(`${long}ing ${long}aing`)).toEqual([long, `${long}aing`]);
  });

  it('are the same however many words were seen before', () => {
    const analyzer = createAnalyzer(base);
    const last = (text: string): string => {
      const { text: found, starts, ends } = analyzer.analyze(text);
      return textOf(found.units, starts.values[starts.length - 1]!, ends.values[starts.length - 1]!);
    };
    expect(last('houses')).toBe('hous');
    for (let from = 0; from < 210_000; from += 10_000) {
      last(Array.from({ length: 10_000 }, (_, at) => `w${from + at}`).join(' '));
    }
    expect(last('houses')).toBe('hous');
  });
});

const python = process.env['MLP_TEST_PYTHON'];
if (python === undefined) {
  process.stderr.write('stems are not compared with NLTK: MLP_TEST_PYTHON names no Python that has it\n');
}

/** Words of the comments, and each of many beginnings with each of many endings, which together come past every rule. */
const words = ((): string[] => {
  const text = readFileSync('data/comments.csv', 'utf8').toLowerCase();
  const own = [...new Set(text.match(/[\p{L}\p{N}_]+(?:'[\p{L}\p{N}_]+)*/gu))];
  const endings =
    `s es ies sses ss ed eed ing ating bling izing ational tional enci anci izer bli alli entli eli ousli ization ation ator alism iveness fulness
    ousness aliti iviti biliti logi icate ative alize iciti ical ful ness al ance ence er ic able ible ant ement ment ent sion tion ou ism ate iti ous ive ize
    e le y ly ily tting ffed lled ssed zzing`.split(/\s+/u);
  const beginnings = own.filter((_, at) => at % 5 === 0).map((word) => word.slice(0, 1 + (word.length % 6)));
  return [...new Set([...own, ...endings, ...beginnings.flatMap((word) => endings.map((ending) => word + ending))])];
})();

it.skipIf(python === undefined)(
  'are those of NLTK, but for words that are nothing but the ending "ies", "sses" or "eed"',
  { timeout: 60_000 },
  () => {
    const input = JSON.stringify(words);
    const options = { input, encoding: 'utf8', maxBuffer: 2 ** 26 } as const;
    const theirs = JSON.parse(execFileSync(python ?? '', ['test/peers/stem_reference.py'], options)) as string[];
    const stemmer = new Stemmer();
    expect(words.length).toBeGreaterThan(20_000);
    expect(words.filter((word, at) => stemmer.stemOf(word) !== theirs[at])).toEqual(['ies', 'sses', 'eed']);
  },
);
