import { negations } from './stop-words.ts';
import type { Stemmer } from './stem.ts';
import { TermTable, hashRange } from './term-table.ts';
import type { Tokens } from './tokenize.ts';
import type { IntBuffer } from './units.ts';

/**
 * `english`: a word joins those before it that turn or weigh its meaning, so that "not very good" is seen as one. `english_wide`: the same past words of
 * one letter, so that "not a good" is seen as "not good".
 */
export type ModifierChoice = 'none' | 'english' | 'english_wide';

export const modifierChoices: readonly ModifierChoice[] = ['none', 'english', 'english_wide'];

/** Modifiers in a row that one n-gram holds at most. */
const mostModifiers = 3;

const degrees = `absolutely almost awfully barely completely entirely extremely fairly fully hardly highly incredibly kinda least less little
  more most mostly much perfectly pretty quite rather really scarcely seriously slightly so somewhat sorta such super terribly
  too totally truly utterly very`;

/** Where joined words go: ranges of the tokens' text with their hashes. */
interface JoinedWords {
  readonly starts: IntBuffer;
  readonly ends: IntBuffer;
  readonly hashes: IntBuffer;
}

/** Joins each word with the modifiers before it: negations, the same as they are typed without the apostrophe, and words of degree. */
export class ModifierJoiner {
  readonly #modifiers: TermTable;
  readonly #stepsOver: boolean;
  readonly #longest: number;
  /** Token numbers of the modifiers that wait for a word, the last ones at most. */
  #waiting: number[] = [];

  /** What n-grams of up to `longest` words hold already is not added again. Where words are stems, modifiers are too. */
  constructor(
    choice: Exclude<ModifierChoice, 'none'>,
    { longest, stemmer }: { readonly longest: number; readonly stemmer: Stemmer | undefined },
  ) {
    const words = [...negations, ...negations.map((word) => word.replace("'", '')), ...degrees.split(/\s+/u)];
    this.#modifiers = TermTable.of(stemmer === undefined ? words : words.map((word) => stemmer.stemOf(word)));
    this.#stepsOver = choice === 'english_wide';
    this.#longest = longest;
  }

  /** Adds the joined words to `into`. Those that are no range of the text are written behind its end. */
  list(tokens: Tokens, into: JoinedWords): void {
    const { text, starts, ends, hashes } = tokens;
    this.#waiting = [];
    for (let word = 0; word < starts.length; word++) {
      const start = starts.values[word] ?? 0;
      const end = ends.values[word] ?? 0;
      if (this.#modifiers.find(text.units, start, end, hashes.values[word] ?? 0) >= 0) {
        if (this.#waiting.length === mostModifiers) this.#waiting.shift();
        this.#waiting.push(word);
      } else if (this.#waiting.length > 0) {
        if (this.#stepsOver && end - start === 1 && isLetter(text.units[start] ?? 0)) continue;
        this.#join(tokens, word, into);
        this.#waiting = [];
      }
    }
  }

  #join({ text, starts, ends }: Tokens, word: number, into: JoinedWords): void {
    const [first = 0] = this.#waiting;
    let start = starts.values[first] ?? 0;
    let end = ends.values[word] ?? 0;
    if (word - first > this.#waiting.length) {
      start = text.length;
      for (const part of [...this.#waiting, word]) {
        if (text.length > start) text.appendUnit(0x20);
        text.appendRange(text.units, starts.values[part] ?? 0, ends.values[part] ?? 0);
      }
      end = text.length;
    } else if (this.#waiting.length < this.#longest) return;
    into.starts.push(start);
    into.ends.push(end);
    into.hashes.push(hashRange(text.units, start, end));
  }
}

/** Of the English alphabet, in either case. */
const isLetter = (unit: number): boolean => (unit | 0x20) >= 0x61 && (unit | 0x20) <= 0x7a;
