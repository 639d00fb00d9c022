import type { JsonValue } from '../../core/json.ts';
import { described, flag, group, listOf, oneOf, text, whole } from '../fields.ts';
import type { Field } from '../fields.ts';
import { accentHandling } from '../text/accents.ts';
import type { AnalyzerOptions } from '../text/grams.ts';
import { modifierChoices } from '../text/modifiers.ts';
import { stemmerChoices } from '../text/stem.ts';
import { stopWordChoices } from '../text/stop-words.ts';
import type { StopWords } from '../text/stop-words.ts';

export const handling = ['keep', 'token', 'remove'] as const;
export const emojiHandling = ['keep', 'unify', 'remove'] as const;
export const tokenKinds = ['word', 'rich'] as const;
export const norms = ['l2', 'l1', 'none'] as const;
export const mostGrams = 10;

/** Options as a stored model holds them, and nothing else. */
export const storedCleaning = group({
  lowercase: flag(),
  urls: oneOf(handling),
  mentions: oneOf(handling),
  timeMarks: oneOf(handling),
  emoji: oneOf(emojiHandling),
  // Models that were stored before there was a choice keep them.
  accents: oneOf(accentHandling, 'keep'),
});

/** The name of a list, or a list. */
export function stopWordsField(fallback?: StopWords): Field<StopWords> {
  const name = oneOf(stopWordChoices);
  const words = listOf(text(), { least: 0, most: 100_000 });
  const schema = { anyOf: [name.schema ?? {}, words.schema ?? {}] };
  return described<StopWords>(fallback === undefined ? schema : { ...schema, default: fallback }, (given) => {
    if (given === undefined && fallback !== undefined) return { value: fallback };
    return Array.isArray(given) ? words(given) : name(given);
  });
}

const analyzerFields = {
  words: group({
    unit: oneOf(['words']),
    tokens: oneOf(tokenKinds),
    minLength: whole({ min: 1, max: 100 }),
    stopWords: stopWordsField(),
    // Models that were stored before there was a choice have neither.
    stemmer: oneOf(stemmerChoices, 'none'),
    modifiers: oneOf(modifierChoices, 'none'),
    ngramMin: whole({ min: 1, max: mostGrams }),
    ngramMax: whole({ min: 1, max: mostGrams }),
  }),
  characters: group({
    unit: oneOf(['char_wb', 'char']),
    ngramMin: whole({ min: 1, max: mostGrams }),
    ngramMax: whole({ min: 1, max: mostGrams }),
  }),
};

export const storedAnalyzer: Field<AnalyzerOptions> = (given) => {
  const isCharacters = isUnit(given, 'char_wb') || isUnit(given, 'char');
  const outcome = isCharacters ? analyzerFields.characters(given) : analyzerFields.words(given);
  if (!('value' in outcome) || outcome.value.ngramMin <= outcome.value.ngramMax) return outcome;
  return { problem: 'has n-grams from above to below' };
};

const isUnit = (given: unknown, unit: AnalyzerOptions['unit']): boolean =>
  typeof given === 'object' && given !== null && 'unit' in given && given.unit === unit;

/** The value that a field reads; a text says what is wrong with it. */
export function checked<T extends object>(field: Field<T>, given: JsonValue | undefined, name: string): T | string {
  const outcome = given === undefined ? { problem: 'is missing' } : field(given);
  if ('value' in outcome) return outcome.value;
  return `${[name, outcome.below].filter((part) => part !== undefined).join('.')} ${outcome.problem}`;
}
