import { characterKind, codePointAt, kindOf, knownKinds } from './characters.ts';
import { emptyHash, extendHash, hashRange } from './term-table.ts';
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
  /** Of each token, as `hashRange` gives it. */
  readonly hashes: IntBuffer;
}

/** Cuts text after text, in buffers that are made once. */
export class Tokenizer {
  readonly #options: TokenizerOptions;
  readonly #source = new UnitBuffer();
  readonly #tokens: Tokens = {
    text: new UnitBuffer(),
    starts: new IntBuffer(),
    ends: new IntBuffer(),
    hashes: new IntBuffer(),
  };

  constructor(options: TokenizerOptions) {
    this.#options = options;
  }

  tokenize(text: string): Tokens {
    const { text: out, starts, ends, hashes } = this.#tokens;
    out.clear();
    starts.clear();
    ends.clear();
    hashes.clear();
    this.#source.clear();
    this.#source.appendString(text);
    const { units, length } = this.#source;
    // Every unit may be a token, with a space between; what appends them has no need to look for room.
    out.reserve(2 * length);
    starts.reserve(length);
    ends.reserve(length);
    hashes.reserve(length);
    const kinds = knownKinds;
    const { word, space, other } = characterKind;
    const passedOver = this.#options.kind === 'word' ? other : space;
    let at = 0;
    while (at < length) {
      const kind = kinds[units[at] ?? 0] ?? 0;
      if (kind === word) at = this.#word(at);
      else if (kind === space || kind === passedOver) at++;
      else at = this.#rare(at);
    }
    return this.#tokens;
  }

  /** What starts with a character that was not met before or is beyond the basic plane, and what is no word. */
  #rare(at: number): number {
    const codePoint = codePointAt(this.#source.units, at, this.#source.length);
    const kind = kindOf(codePoint);
    if (kind === characterKind.word) return this.#word(at);
    if (kind === characterKind.space || this.#options.kind === 'word') return at + (codePoint > 0xffff ? 2 : 1);
    return kind === characterKind.emoji ? this.#emoji(at) : this.#signs(at);
  }

  /** Copies and hashes while it looks for the end: one pass over what most texts are made of. */
  #word(start: number): number {
    const { text, starts } = this.#tokens;
    const { units, length } = this.#source;
    const out = text.units;
    const kinds = knownKinds;
    const { word } = characterKind;
    const from = starts.length > 0 ? text.length + 1 : text.length;
    let to = from;
    let hash = emptyHash;
    let at = start;
    let pairs = 0;
    let goesOn = true;
    while (goesOn) {
      for (; at < length; at++, to++) {
        const unit = units[at] ?? 0;
        if (kinds[unit] !== word) break;
        out[to] = unit;
        hash = extendHash(hash, unit);
      }
      const width = this.#rareInWord(at);
      for (const end = at + width; at < end; at++, to++) {
        const unit = units[at] ?? 0;
        out[to] = unit;
        hash = extendHash(hash, unit);
      }
      if (width === 2) pairs++;
      goesOn = width > 0;
    }
    if (to - from - pairs >= this.#options.minLength) this.#add(from, to, hash);
    return at;
  }

  /** Units of the character at `at` if the word goes on with it, else 0: an inner apostrophe, or one that `knownKinds` has no answer for. */
  #rareInWord(at: number): number {
    const { units, length } = this.#source;
    if (at >= length) return 0;
    const codePoint = codePointAt(units, at, length);
    const joins = this.#options.kind === 'rich' && isApostrophe(codePoint) && wordFollows(units, at + 1, length);
    if (!joins && kindOf(codePoint) !== characterKind.word) return 0;
    return codePoint > 0xffff ? 2 : 1;
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
    const { text, starts } = this.#tokens;
    const { units } = this.#source;
    const from = starts.length > 0 ? text.length + 1 : text.length;
    text.units.set(units.subarray(start, end), from);
    this.#add(from, from + end - start, hashRange(units, start, end));
  }

  /** The units from `from` to `to` are there already, behind room for a space. */
  #add(from: number, to: number, hash: number): void {
    const { text, starts, ends, hashes } = this.#tokens;
    if (from > text.length) text.units[text.length] = 0x20;
    text.length = to;
    starts.push(from);
    ends.push(to);
    hashes.push(hash);
  }
}

const isApostrophe = (codePoint: number): boolean => codePoint === 0x27 || codePoint === 0x2019;

const wordFollows = (units: Uint16Array, at: number, end: number): boolean =>
  at < end && kindOf(codePointAt(units, at, end)) === characterKind.word;
