import { describe, expect, it } from 'vitest';
import { seededRandom } from '../core/random.ts';
import { parseStrictJson } from './strict-json.ts';

const parse = (text: string, depth = 8) => parseStrictJson(text, depth);

/** A random value of JSON, with awkward strings and keys. */
function randomValue(random: () => number, depth: number): unknown {
  const pieces = ['', 'a', '"', '\\', '\\"', ':', '{', '}', '[', ']', '\n', 'é', '😀', '\u0000', ','];
  const text = () =>
    Array.from({ length: Math.floor(random() * 6) }, () => pieces[Math.floor(random() * pieces.length)]).join('');
  const kind = Math.floor(random() * (depth === 0 ? 4 : 6));
  if (kind === 0) return text();
  if (kind === 1) return Math.round((random() - 0.5) * 1e6) / 1e3;
  if (kind === 2) return random() < 0.5;
  if (kind === 3) return null;
  const size = Math.floor(random() * 5);
  if (kind === 4) return Array.from({ length: size }, () => randomValue(random, depth - 1));
  return Object.fromEntries(Array.from({ length: size }, () => [text(), randomValue(random, depth - 1)]));
}

describe('parseStrictJson', () => {
  it('reads what JSON.stringify wrote, whatever the strings hold', () => {
    const random = seededRandom(11);
    for (let i = 0; i < 1_000; i++) {
      const value = randomValue(random, 4);
      for (const space of [0, 2]) {
        expect(parse(JSON.stringify(value, null, space))).toEqual({
          ok: true,
          value: JSON.parse(JSON.stringify(value)) as unknown,
        });
      }
    }
  });

  it('accepts nothing that JSON.parse refuses', () => {
    const random = seededRandom(12);
    const characters = '{}[]",:\\ue1 atrl-';
    let refused = 0;
    for (let i = 0; i < 5_000; i++) {
      const text = Array.from(
        { length: 1 + Math.floor(random() * 8) },
        () => characters[Math.floor(random() * characters.length)],
      ).join('');
      let valid = true;
      try {
        JSON.parse(text);
      } catch {
        valid = false;
      }
      if (!valid) {
        refused += 1;
        expect(parse(text).ok, text).toBe(false);
      }
    }
    expect(refused).toBeGreaterThan(2_500);
  });

  it.each([
    ['{"a":1,"a":2}'],
    ['{"a":1,"b":{"a":3},"a":2}'],
    ['{"a":1,"\\u0061":2}'],
    ['[{"x":{"k" :1, "k"\n:1}}]'],
    ['{"":1,"":2}'],
  ])('refuses a key given twice in one object: %s', (text) => {
    expect(parse(text)).toEqual({ ok: false, error: 'an object gives the same key twice' });
  });

  it('allows the same key in different objects, and as a value', () => {
    expect(parse('{"a":{"a":"a"},"b":[{"a":1},{"a":2}],"c":"a"}').ok).toBe(true);
  });

  it.each([['{"__proto__":1}'], ['{"\\u005f_proto__":{}}'], ['[{"a":{"__proto__":null}}]']])('refuses %s', (text) => {
    expect(parse(text)).toEqual({ ok: false, error: 'the key "__proto__" is not allowed' });
  });

  it('counts levels of objects and lists together', () => {
    expect(parse('[{"a":[1]}]', 3).ok).toBe(true);
    expect(parse('[{"a":[[1]]}]', 3)).toEqual({ ok: false, error: 'it is nested deeper than 3 levels' });
    expect(parse('["[[[[[["]', 1).ok).toBe(true);
    expect(parse('['.repeat(1_000_000), 32).ok).toBe(false);
  });

  it('says where a syntax error is and quotes none of the text', () => {
    expect(parse('{"secret": "words" oops}')).toEqual({ ok: false, error: 'syntax error at character 20' });
    expect(parse('  ')).toEqual({ ok: false, error: 'it is empty' });
  });

  it('takes time linear in a body of quotes and backslashes', () => {
    const started = performance.now();
    parse(`["${'\\\\'.repeat(500_000)}"]`);
    parse(`["${'\\"'.repeat(500_000)}"]`);
    parse('"'.repeat(1_000_001));
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
