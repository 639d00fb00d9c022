import { characterKind, codePointAt, kindOf } from './characters.ts';
import { IntBuffer, UnitBuffer } from './units.ts';

/**
 * How text is cut. `word`: runs of letters, digits and underscores, as scikit-learn's default token pattern.
 * `rich`: the same with inner apostrophes ("don't"), and emoji and runs of other signs ("!!!", ":)") as tokens of their own.
 */
export type TokenKind = 'word' | 'rich';

export interface TokenizerOptions {
  readonly kind: TokenKind;
  /** Code points that a word needs; emoji and signs need one. */
  readonly minLength: number;
}

/**
 * The tokens of one text, side by side with one space between them: token i is [starts[i], ends[i]) of `units`,
 * so that every n-gram of tokens is one range as well. Overwritten by the next text.
 */
export interface Tokens {
  readonly text: UnitBuffer;
  readonly starts: IntBuffer;
  readonly ends: IntBuffer;
}

/** Cuts text after text, in buffers that are made once. */
export class Tokenizer {
  readonly #options: TokenizerOptions;
  readonly #source = new UnitBuffer();
  readonly #tokens: Tokens = { text: new UnitBuffer(), starts: new IntBuffer(), ends: new IntBuffer() };

  constructor(options: TokenizerOptions) {
    this.#options = options;
  }

  tokenize(text: string): Tokens {
    const { text: out, starts, ends } = this.#tokens;
    out.clear();
    starts.clear();
    ends.clear();
    this.#source.clear();
    this.#source.appendString(text);
    const { units, length } = this.#source;
    let at = 0;
    while (at < length) {
      const codePoint = codePointAt(units, at, length);
      const kind = kindOf(codePoint);
      if (kind === characterKind.word) at = this.#word(at);
      else if (kind === characterKind.space || this.#options.kind === 'word') at += codePoint > 0xffff ? 2 : 1;
      else if (kind === characterKind.emoji) at = this.#emoji(at);
      else at = this.#signs(at);
    }
    return this.#tokens;
  }

  #word(start: number): number {
    const { units, length } = this.#source;
    const inner = this.#options.kind === 'rich';
    let at = start;
    let count = 0;
    while (at < length) {
      const codePoint = codePointAt(units, at, length);
      const joins = inner && at > start && isApostrophe(codePoint) && wordFollows(units, at + 1, length);
      if (!joins && kindOf(codePoint) !== characterKind.word) break;
      at += codePoint > 0xffff ? 2 : 1;
      count++;
    }
    if (count >= this.#options.minLength) this.#emit(start, at);
    return at;
  }

  /** One emoji with all that belongs to it: skin tone, family joined by U+200D, flag of two letters. */
  #emoji(start: number): number {
    const { units, length } = this.#source;
    let at = start;
    let flagLetters = 0;
    let joined = true;
    while (at < length) {
      const codePoint = codePointAt(units, at, length);
      const kind = kindOf(codePoint);
      const isFlagLetter = codePoint >= 0x1f1e6 && codePoint <= 0x1f1ff;
      if (kind === characterKind.joiner) joined = codePoint === 0x200d;
      else if (kind === characterKind.emoji && (joined || (isFlagLetter && flagLetters === 1))) joined = false;
      else break;
      if (isFlagLetter) flagLetters++;
      at += codePoint > 0xffff ? 2 : 1;
    }
    this.#emit(start, at);
    return at;
  }

  /** A run of signs. More than three say no more than three do: "!!!!!" is "!!!". */
  #signs(start: number): number {
    const { units, length } = this.#source;
    let at = start;
    let end = start;
    for (let count = 1; at < length; count++) {
      const codePoint = codePointAt(units, at, length);
      const kind = kindOf(codePoint);
      if (kind !== characterKind.other && kind !== characterKind.joiner) break;
      at += codePoint > 0xffff ? 2 : 1;
      if (count <= 3) end = at;
    }
    this.#emit(start, end);
    return at;
  }

  #emit(start: number, end: number): void {
    const { text, starts, ends } = this.#tokens;
    if (starts.length > 0) text.appendUnit(0x20);
    starts.push(text.length);
    text.appendRange(this.#source.units, start, end);
    ends.push(text.length);
  }
}

const isApostrophe = (codePoint: number): boolean => codePoint === 0x27 || codePoint === 0x2019;

const wordFollows = (units: Uint16Array, at: number, end: number): boolean =>
  at < end && kindOf(codePointAt(units, at, end)) === characterKind.word;
