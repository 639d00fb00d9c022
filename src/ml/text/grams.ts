import { characterKind, codePointAt, kindOf } from './characters.ts';
import type { ModifierChoice } from './modifiers.ts';
import { ModifierJoiner } from './modifiers.ts';
import { Stemmer } from './stem.ts';
import type { StemmerChoice } from './stem.ts';
import type { StopWords } from './stop-words.ts';
import { stopWordTable } from './stop-words.ts';
import { emptyHash, extendHash } from './term-table.ts';
import type { TermTable } from './term-table.ts';
import type { TokenKind, Tokens } from './tokenize.ts';
import { Tokenizer } from './tokenize.ts';
import { IntBuffer, UnitBuffer } from './units.ts';

/** The n-grams of one text as ranges of `text`, each with its hash. Overwritten by the next text. */
interface Grams {
  readonly text: UnitBuffer;
  readonly starts: IntBuffer;
  readonly ends: IntBuffer;
  readonly hashes: IntBuffer;
}

/** Turns text into n-grams, in buffers that are made once. */
export interface Analyzer {
  analyze(text: string): Grams;
}

/**
 * `words`: n-grams of tokens. `char_wb`: n-grams of characters inside words that are padded with one space; `char`: of characters of the whole text, in which
 * runs of white space become one space. Both as scikit-learn's.
 */
export type AnalyzerOptions =
  | {
      readonly unit: 'words';
      readonly tokens: TokenKind;
      readonly minLength: number;
      readonly stopWords: StopWords;
      /** What is left of words, once stop words are dropped. */
      readonly stemmer: StemmerChoice;
      readonly modifiers: ModifierChoice;
      readonly ngramMin: number;
      readonly ngramMax: number;
    }
  | { readonly unit: 'char_wb' | 'char'; readonly ngramMin: number; readonly ngramMax: number };

export const createAnalyzer = (options: AnalyzerOptions): Analyzer =>
  options.unit === 'words' ? new WordAnalyzer(options) : new CharacterAnalyzer(options);

class WordAnalyzer implements Analyzer {
  readonly #options: AnalyzerOptions & { unit: 'words' };
  readonly #tokenizer: Tokenizer;
  readonly #stopWords: TermTable | undefined;
  readonly #stemmer: Stemmer | undefined;
  readonly #modifiers: ModifierJoiner | undefined;
  readonly #starts = new IntBuffer();
  readonly #ends = new IntBuffer();
  readonly #hashes = new IntBuffer();

  constructor(options: AnalyzerOptions & { unit: 'words' }) {
    this.#options = options;
    this.#tokenizer = new Tokenizer({ kind: options.tokens, minLength: options.minLength });
    this.#stopWords = stopWordTable(options.stopWords);
    this.#stemmer = options.stemmer === 'porter' ? new Stemmer() : undefined;
    const { modifiers, ngramMax } = options;
    this.#modifiers =
      modifiers === 'none' ? undefined : new ModifierJoiner(modifiers, { longest: ngramMax, stemmer: this.#stemmer });
  }

  analyze(text: string): Grams {
    const tokens = this.#tokenizer.tokenize(text);
    const whole = this.#stopWords === undefined ? tokens : dropStopWords(tokens, this.#stopWords);
    const kept = this.#stemmer === undefined ? whole : this.#stemmer.stem(whole);
    // Single words are the tokens as they are.
    if (this.#options.ngramMax === 1 && this.#modifiers === undefined) return kept;
    this.#listGrams(kept);
    const grams = { text: kept.text, starts: this.#starts, ends: this.#ends, hashes: this.#hashes };
    this.#modifiers?.list(kept, grams);
    return grams;
  }

  #listGrams({ text, starts, ends, hashes }: Tokens): void {
    const { ngramMin, ngramMax } = this.#options;
    const { units } = text;
    const count = starts.length;
    this.#starts.clear();
    this.#ends.clear();
    this.#hashes.clear();
    for (let first = 0; first < count; first++) {
      const start = starts.values[first] ?? 0;
      const most = Math.min(ngramMax, count - first);
      let hash = hashes.values[first] ?? 0;
      let at = ends.values[first] ?? 0;
      for (let n = 1; n <= most; n++) {
        const end = ends.values[first + n - 1] ?? 0;
        for (; at < end; at++) hash = extendHash(hash, units[at] ?? 0);
        if (n < ngramMin) continue;
        this.#starts.push(start);
        this.#ends.push(end);
        this.#hashes.push(hash);
      }
    }
  }
}

/** Lays the other tokens out anew, because n-grams reach over what was dropped. */
function dropStopWords(tokens: Tokens, stopWords: TermTable): Tokens {
  const kept = { text: new UnitBuffer(), starts: new IntBuffer(), ends: new IntBuffer(), hashes: new IntBuffer() };
  const { units } = tokens.text;
  for (let i = 0; i < tokens.starts.length; i++) {
    const start = tokens.starts.values[i] ?? 0;
    const end = tokens.ends.values[i] ?? 0;
    const hash = tokens.hashes.values[i] ?? 0;
    if (stopWords.find(units, start, end, hash) >= 0) continue;
    if (kept.starts.length > 0) kept.text.appendUnit(0x20);
    kept.starts.push(kept.text.length);
    kept.text.appendRange(units, start, end);
    kept.ends.push(kept.text.length);
    kept.hashes.push(hash);
  }
  return kept;
}

class CharacterAnalyzer implements Analyzer {
  readonly #options: AnalyzerOptions & { unit: 'char_wb' | 'char' };
  readonly #source = new UnitBuffer();
  readonly #padded = new UnitBuffer();
  /** Where each character of the present word starts in `padded`, and where the last one ends. */
  readonly #bounds = new IntBuffer();
  readonly #starts = new IntBuffer();
  readonly #ends = new IntBuffer();
  readonly #hashes = new IntBuffer();

  constructor(options: AnalyzerOptions & { unit: 'char_wb' | 'char' }) {
    this.#options = options;
  }

  analyze(text: string): Grams {
    this.#source.clear();
    this.#source.appendString(text);
    this.#padded.clear();
    this.#starts.clear();
    this.#ends.clear();
    this.#hashes.clear();
    if (this.#options.unit === 'char') this.#whole();
    else this.#words();
    return { text: this.#padded, starts: this.#starts, ends: this.#ends, hashes: this.#hashes };
  }

  #words(): void {
    const { units, length } = this.#source;
    let at = 0;
    while (at < length) {
      if (kindOf(units[at] ?? 0) === characterKind.space) at++;
      else at = this.#word(at);
    }
  }

  #whole(): void {
    const { units, length } = this.#source;
    const padded = this.#padded;
    const bounds = this.#bounds;
    const isSpace = (at: number): boolean => at < length && kindOf(units[at] ?? 0) === characterKind.space;
    bounds.clear();
    let at = 0;
    while (at < length) {
      bounds.push(padded.length);
      if (isSpace(at) && isSpace(at + 1)) {
        padded.appendUnit(0x20);
        while (isSpace(at)) at++;
        continue;
      }
      const width = codePointAt(units, at, length) > 0xffff ? 2 : 1;
      padded.appendRange(units, at, at + width);
      at += width;
    }
    bounds.push(padded.length);
    this.#listGrams(this.#options.ngramMin);
  }

  /** Copies the word that starts at `start` between spaces, and lists its n-grams. White space is of one unit always. */
  #word(start: number): number {
    const { units, length } = this.#source;
    const padded = this.#padded;
    const bounds = this.#bounds;
    bounds.clear();
    bounds.push(padded.length);
    padded.appendUnit(0x20);
    let at = start;
    while (at < length && kindOf(units[at] ?? 0) !== characterKind.space) {
      const width = codePointAt(units, at, length) > 0xffff ? 2 : 1;
      bounds.push(padded.length);
      padded.appendRange(units, at, at + width);
      at += width;
    }
    bounds.push(padded.length);
    padded.appendUnit(0x20);
    bounds.push(padded.length);
    // A word shorter than the shortest n-gram counts once, whole.
    this.#listGrams(Math.min(this.#options.ngramMin, bounds.length - 1));
    return at;
  }

  /** All n-grams of the characters between bounds, of at least so many. */
  #listGrams(shortest: number): void {
    const { units } = this.#padded;
    const bounds = this.#bounds.values;
    const characters = this.#bounds.length - 1;
    for (let first = 0; first + shortest <= characters; first++) {
      const start = bounds[first] ?? 0;
      const most = Math.min(this.#options.ngramMax, characters - first);
      let hash = emptyHash;
      let at = start;
      for (let n = 1; n <= most; n++) {
        const end = bounds[first + n] ?? 0;
        for (; at < end; at++) hash = extendHash(hash, units[at] ?? 0);
        if (n < shortest) continue;
        this.#starts.push(start);
        this.#ends.push(end);
        this.#hashes.push(hash);
      }
    }
  }
}
