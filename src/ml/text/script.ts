import { beyondAscii } from './ascii.ts';

const latin = /\p{Script=Latin}/gu;
/** Scripts that are told apart; letters of all others count as `other`. */
const scripts = [
  ['Latin', latin],
  ['Cyrillic', /\p{Script=Cyrillic}/gu],
  ['Greek', /\p{Script=Greek}/gu],
  ['Arabic', /\p{Script=Arabic}/gu],
  ['Hebrew', /\p{Script=Hebrew}/gu],
  ['Devanagari', /\p{Script=Devanagari}/gu],
  ['Bengali', /\p{Script=Bengali}/gu],
  ['Tamil', /\p{Script=Tamil}/gu],
  ['Telugu', /\p{Script=Telugu}/gu],
  ['Thai', /\p{Script=Thai}/gu],
  ['Hangul', /\p{Script=Hangul}/gu],
  ['Kana', /[\p{Script=Hiragana}\p{Script=Katakana}]/gu],
  ['Han', /\p{Script=Han}/gu],
] as const;

const letters = /\p{L}/gu;
const emoji = /\p{Extended_Pictographic}/u;

/** From this share of the letters on, a text is said to be in a script; below, it is `mixed`. */
const mostly = 0.9;

/** The script that nearly all letters of a text are of, `mixed`, `other`, or `none` where there are no letters. Kana with Han is `Japanese`. */
export function scriptOf(text: string): string {
  if (!beyondAscii.test(text)) return /[a-z]/iu.test(text) ? 'Latin' : 'none';
  const all = count(text, letters);
  if (all === 0) return 'none';
  // What most texts are, without a look for all the others.
  if (count(text, latin) >= mostly * all) return 'Latin';
  const found = scripts.map(([name, pattern]) => ({ name, letters: count(text, pattern) }));
  const of = (wanted: string): number => found.find(({ name }) => name === wanted)?.letters ?? 0;
  if (of('Kana') > 0 && of('Kana') + of('Han') >= mostly * all) return 'Japanese';
  const main = found.find((script) => script.letters >= mostly * all);
  if (main !== undefined) return main.name;
  const known = found.reduce((sum, script) => sum + script.letters, 0);
  return all - known >= mostly * all ? 'other' : 'mixed';
}

const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;

export const hasEmoji = (text: string): boolean => beyondAscii.test(text) && emoji.test(text);
