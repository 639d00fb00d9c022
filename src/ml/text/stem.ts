import { createRequire } from 'node:module';
import type * as stemmerPackage from 'stemmer';
import { characterKind, codePointAt, kindOf } from './characters.ts';
import { TermTable, hashRange } from './term-table.ts';
import type { Tokens } from './tokenize.ts';
import { IntBuffer, UnitBuffer, textOf } from './units.ts';

/** `porter`: English words without their endings, "films" as "film" (Porter 1980, with his later changes). */
export type StemmerChoice = 'none' | 'porter';

export const stemmerChoices: readonly StemmerChoice[] = ['none', 'porter'];

/** Units of the longest word that is stemmed; what is longer is no word of a language. */
const longestWord = 64;
/** Words that are remembered at most, so that a server which sees ever new ones keeps its memory. */
const mostRemembered = 100_000;

interface Word {
  readonly start: number;
  readonly end: number;
  readonly hash: number;
}

/** Puts stems in the place of words. Emoji and signs stay. */
export class Stemmer {
  readonly #stem: (word: string) => string;
  #words = new TermTable();
  /** One a word of the table; null where word and stem are the same. */
  #stems: (Uint16Array | null)[] = [];
  readonly #out: Tokens = {
    text: new UnitBuffer(),
    starts: new IntBuffer(),
    ends: new IntBuffer(),
    hashes: new IntBuffer(),
  };

  /** The package is read when the first one is made. */
  constructor() {
    const require = createRequire(import.meta.url);
    const { stemmer } = require('stemmer') as typeof stemmerPackage;
    this.#stem = stemmer;
  }

  /** The tokens laid out anew, as many as there were. Overwritten by the next. */
  stem({ text: { units }, starts, ends, hashes }: Tokens): Tokens {
    const out = this.#out;
    out.text.clear();
    out.starts.clear();
    out.ends.clear();
    out.hashes.clear();
    for (let i = 0; i < starts.length; i++) {
      const start = starts.values[i] ?? 0;
      const end = ends.values[i] ?? 0;
      if (i > 0) out.text.appendUnit(0x20);
      out.starts.push(out.text.length);
      const hash = hashes.values[i] ?? 0;
      const stem = this.#stemOf(units, { start, end, hash });
      if (stem === null) out.text.appendRange(units, start, end);
      else out.text.appendRange(stem, 0, stem.length);
      out.ends.push(out.text.length);
      out.hashes.push(stem === null ? hash : hashRange(stem, 0, stem.length));
    }
    return out;
  }

  #stemOf(units: Uint16Array, { start, end, hash }: Word): Uint16Array | null {
    if (end - start > longestWord) return null;
    const known = this.#words.find(units, start, end, hash);
    if (known >= 0) return this.#stems[known] ?? null;
    if (kindOf(codePointAt(units, start, end)) !== characterKind.word) return null;
    if (this.#words.size === mostRemembered) {
      this.#words = new TermTable();
      this.#stems = [];
    }
    const word = textOf(units, start, end);
    const stem = this.#stem(word);
    const found = stem === word ? null : Uint16Array.from({ length: stem.length }, (_, at) => stem.charCodeAt(at));
    this.#stems[this.#words.intern(units, start, end, hash)] = found;
    return found;
  }

  /** Of one word. */
  stemOf(word: string): string {
    return this.#stem(word);
  }
}
