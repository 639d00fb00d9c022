import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../core/random.ts';
import { cleanText, plainCleaning } from './clean.ts';
import type { AnalyzerOptions } from './grams.ts';
import { createAnalyzer } from './grams.ts';
import { TermTable, hashRange } from './term-table.ts';
import { textOf } from './units.ts';

const grams = (text: string, options: AnalyzerOptions): string[] => {
  const found = createAnalyzer(options).analyze(text);
  return Array.from({ length: found.starts.length }, (_, i) => {
    const [start, end] = [found.starts.values[i]!, found.ends.values[i]!];
    expect(found.hashes.values[i]).toBe(hashRange(found.text.units, start, end));
    return textOf(found.text.units, start, end);
  });
};

const rich: AnalyzerOptions = {
  unit: 'words',
  tokens: 'rich',
  minLength: 1,
  stopWords: 'none',
  stemmer: 'none',
  modifiers: 'none',
  ngramMin: 1,
  ngramMax: 1,
};

it('white space between words is what Python splits at, without the byte order mark', () => {
  const pairs: AnalyzerOptions = { unit: 'char_wb', ngramMin: 10, ngramMax: 10 };
  const parting: number[] = [];
  for (let code = 0; code < 0xd800; code++)
    if (grams(`a${String.fromCharCode(code)}b`, pairs).length === 2) parting.push(code);
  expect(grams('a\ufeffb', pairs)).toHaveLength(1);
  const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);
  const known = [...range(0x09, 0x0d), ...range(0x1c, 0x20), 0x85, 0xa0, 0x1680, ...range(0x2000, 0x200a)];
  expect(parting).toEqual([...known, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000]);
});

/** Python's order of strings, which is also that of their bytes in UTF-8. */
const byCodePoints = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

describe('tokens', () => {
  it('the rich tokenizer keeps apostrophes inside words, and signs as tokens', () => {
    expect(grams("I don't like it... why?!", rich)).toEqual(['I', "don't", 'like', 'it', '...', 'why', '?!']);
  });

  it('an apostrophe at the end of a word is a sign of its own', () => {
    expect(grams("the dogs' 'bowl'", rich)).toEqual(['the', 'dogs', "'", "'", 'bowl', "'"]);
  });

  it('each emoji is one token, with its tone, its flag or its family', () => {
    expect(grams('ok😂😂 👍🏽 🇩🇪🇫🇷 👨‍👩‍👧!', rich)).toEqual(['ok', '😂', '😂', '👍🏽', '🇩🇪', '🇫🇷', '👨‍👩‍👧', '!']);
  });

  it('more than three signs count as three', () => {
    expect(grams('wow!!!!!! ok', rich)).toEqual(['wow', '!!!', 'ok']);
  });

  it('modifiers join the word behind them, up to three, where no n-gram does so already', () => {
    const joined = (text: string, ngramMax = 1): string[] => {
      const singles = grams(text, { ...rich, ngramMax });
      return grams(text, { ...rich, modifiers: 'english', ngramMax }).slice(singles.length);
    };
    expect(joined('this is not good , dont like it')).toEqual(['not good', 'dont like']);
    expect(joined("it isn't so very bad")).toEqual(["isn't so very bad"]);
    expect(joined('so so so so so bad')).toEqual(['so so so bad']);
    expect(joined('really ?! no')).toEqual(['really ?!']);
    expect(joined('a not good and not very good film', 2)).toEqual(['not very good']);
    expect(joined('')).toEqual([]);
  });

  it('the wide choice joins past words of one letter too, which stay words of their own, and past nothing else', () => {
    const joined = (text: string, ngramMax = 1): string[] => {
      const singles = grams(text, { ...rich, ngramMax });
      return grams(text, { ...rich, modifiers: 'english_wide', ngramMax }).slice(singles.length);
    };
    expect(grams('not a good idea', { ...rich, modifiers: 'english_wide' })).toEqual([
      ...['not', 'a', 'good', 'idea'],
      'not good',
    ]);
    expect(joined("this is not a very good film , i don't u like")).toEqual(['not very good', "don't like"]);
    expect(joined('not good not a good very bad', 2)).toEqual(['not good']);
    expect(joined('so so a so so i bad')).toEqual(['so so so bad']);
    for (const sign of ['.', '2', '_', 'é', '😂']) expect(joined(`not ${sign} good`)).toEqual([`not ${sign}`]);
    expect(joined('not a')).toEqual([]);
    const long = Array.from({ length: 500 }, () => 'not a good').join(' , ');
    expect(joined(long)).toEqual(Array.from({ length: 500 }, () => 'not good'));
  });

  it('word n-grams reach over dropped stop words', () => {
    const options: AnalyzerOptions = { ...rich, stopWords: 'english_keep_negations', ngramMax: 2 };
    expect(grams('this is not a good film', options)).toEqual(['not', 'not good', 'good', 'good film', 'film']);
  });

  it('the plain stop words drop negations too', () => {
    expect(grams("this is not good, don't", { ...rich, stopWords: 'english' })).toEqual(['good', ',']);
  });

  it('any text gives ranges inside its buffer, lone surrogates too', () => {
    for (const text of ['\ud83d', '\ude00x', 'a\ud83d\ude00', '\u0000', '\u200d', '🇩', ' \n ', "'"]) {
      for (const options of [rich, { unit: 'char_wb', ngramMin: 1, ngramMax: 3 } as const]) {
        for (const gram of grams(text, options)) expect(gram.length).toBeGreaterThan(0);
      }
    }
  });
});

describe('characters', () => {
  it('n-grams stay inside words, padded with one space', () => {
    expect(grams(' ab  c ', { unit: 'char_wb', ngramMin: 2, ngramMax: 3 })).toEqual([
      ' a',
      ' ab',
      'ab',
      'ab ',
      'b ',
      ' c',
      ' c ',
      'c ',
    ]);
  });

  it('an emoji is one character and never cut', () => {
    expect(grams('😂', { unit: 'char_wb', ngramMin: 1, ngramMax: 2 })).toEqual([' ', ' 😂', '😂', '😂 ', ' ']);
  });

  it('a word shorter than the shortest n-gram counts once, whole', () => {
    expect(grams('a', { unit: 'char_wb', ngramMin: 5, ngramMax: 6 })).toEqual([' a ']);
  });
});

describe('cleaning', () => {
  const all = { ...plainCleaning, urls: 'token', mentions: 'token', timeMarks: 'token', emoji: 'unify' } as const;

  it('addresses, names and time marks become one stand-in each', () => {
    const text = 'See https://x.org/a?b=1 and www.y.com at 4:32 or 1:02:45, @some_one.';
    expect(cleanText(text, all).split(/\s+/u)).toEqual([
      'see',
      '_url_',
      'and',
      '_url_',
      'at',
      '_time_',
      'or',
      '_time_',
      ',',
      '_user_',
      '.',
    ]);
  });

  it('mail addresses, ratios and clock-like numbers inside others are left alone', () => {
    expect(cleanText('me@home.org 12:345 1:2', all)).toBe('me@home.org 12:345 1:2');
  });

  it('removing leaves a space, so that words do not run together', () => {
    expect(cleanText('a@b x😂y @c z', { ...all, mentions: 'remove', emoji: 'remove' })).toBe('a@b x y   z');
  });

  it('one emoji has one form whatever its colour', () => {
    expect(cleanText('❤️👍🏽', all)).toBe(cleanText('❤👍', all));
  });

  it('keep changes nothing but the case, and lowercase false not even that', () => {
    const text = 'HTTPS://X.org @You 4:32 ❤️ É';
    expect(cleanText(text, plainCleaning)).toBe(text.toLowerCase());
    expect(cleanText(text, { ...plainCleaning, lowercase: false })).toBe(text);
  });
});

describe('the table of terms', () => {
  it('finds what it holds and nothing else, like a Map, while it grows', () => {
    const terms = Array.from({ length: 5000 }, (_, i) => `t${(i * 7919) % 5000}é😂`);
    const table = TermTable.of(terms);
    expect(table.size).toBe(new Set(terms).size);
    const places = new Map([...new Set(terms)].map((term, at) => [term, at]));
    for (const term of [...terms.slice(0, 500), 'absent', '', 't']) {
      const codes = Uint16Array.from({ length: term.length }, (_, i) => term.charCodeAt(i));
      expect(table.find(codes, 0, codes.length, hashRange(codes, 0, codes.length))).toBe(places.get(term) ?? -1);
    }
  });

  it('orders terms by code points, not by units', () => {
    const table = TermTable.of(['😂', '！', 'z', 'a', 'ab']);
    const order = Array.from({ length: 5 }, (_, id) => id).sort((a, b) => table.compare(a, b));
    expect(order.map((id) => table.term(id))).toEqual(['a', 'ab', 'z', '！', '😂']);
  });

  it('sorts many terms as comparing their code points one by one does', () => {
    const random = seededRandom(5);
    const letters = ['a', 'b', '\0', 'é', '！', '😂'];
    const word = (): string =>
      Array.from({ length: random() * 10 }, () => letters[Math.floor(random() * letters.length)]).join('');
    const words = Array.from(new Set(Array.from({ length: 2000 }, word)));
    const table = TermTable.of(words);
    const sorted = Array.from(table.inOrder(Int32Array.from(words.keys())), (id) => table.term(id));
    expect(sorted).toEqual([...words].sort(byCodePoints));
  });

  it('reads back what it wrote, and refuses repeated terms and wrong ranges', () => {
    const { units, ends } = TermTable.of(['one', 'two', '']).toUnits();
    expect(TermTable.fromUnits(units, ends)?.term(1)).toBe('two');
    expect(TermTable.fromUnits(units, Int32Array.of(3, 2, 6))).toBeUndefined();
    expect(TermTable.fromUnits(units, Int32Array.of(3, 9, 6))).toBeUndefined();
    expect(TermTable.fromUnits(Uint16Array.of(65, 65), Int32Array.of(1, 2))).toBeUndefined();
  });
});
