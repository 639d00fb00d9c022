import { stripAccents, type AccentHandling } from './accents.ts';
import { beyondAscii } from './ascii.ts';

/** What happens to each find: stays as it is, becomes one token that stands for all of its kind, or goes. */
type Handling = 'keep' | 'token' | 'remove';

/** How raw text is prepared before it is cut into tokens. Part of the model package. */
export interface CleaningOptions {
  readonly lowercase: boolean;
  readonly urls: Handling;
  /** `@name` where a word may start. */
  readonly mentions: Handling;
  /** Places in a video: `4:32`, `1:02:45`. */
  readonly timeMarks: Handling;
  /** `unify` drops what only colours an emoji (skin tone, variation selector), so that each has one form. */
  readonly emoji: 'keep' | 'unify' | 'remove';
  readonly accents: AccentHandling;
}

/** As scikit-learn's vectorizers: lower case and nothing else. */
export const plainCleaning: CleaningOptions = {
  lowercase: true,
  urls: 'keep',
  mentions: 'keep',
  timeMarks: 'keep',
  emoji: 'keep',
  accents: 'keep',
};

const urlPattern = /(?:https?:\/\/|\bwww\.)[^\s<>"]+/giu;
const mentionPattern = /(?<![\p{L}\p{N}_.@])@[\p{L}\p{N}_](?:[\p{L}\p{N}_.-]*[\p{L}\p{N}_])?/gu;
const timePattern = /(?<![\d:])\d{1,2}:\d{2}(?::\d{2})?(?![\d:])/gu;
const shadePattern = /[\ufe0e\ufe0f\u{1f3fb}-\u{1f3ff}]/gu;
const emojiPattern = /[\p{Extended_Pictographic}\p{Regional_Indicator}\u{1f3fb}-\u{1f3ff}\u200d\ufe0e\ufe0f\u20e3]/gu;

/** The text as the tokenizer will see it. Underscores make each stand-in one word to every tokenizer, which no writer uses. */
export function cleanText(text: string, options: CleaningOptions): string {
  let clean = text;
  if (options.urls !== 'keep' && (clean.includes('://') || /www\./i.test(clean))) {
    clean = clean.replace(urlPattern, standIn(options.urls, '_url_'));
  }
  if (options.mentions !== 'keep' && clean.includes('@')) {
    clean = clean.replace(mentionPattern, standIn(options.mentions, '_user_'));
  }
  if (options.timeMarks !== 'keep' && clean.includes(':')) {
    clean = clean.replace(timePattern, standIn(options.timeMarks, '_time_'));
  }
  // Most texts pass the emoji patterns by: no emoji is below U+00A9.
  if (options.emoji !== 'keep' && beyondAscii.test(clean)) {
    clean = options.emoji === 'unify' ? clean.replace(shadePattern, '') : clean.replace(emojiPattern, ' ');
  }
  return stripAccents(options.lowercase ? clean.toLowerCase() : clean, options.accents);
}

const standIn = (handling: Handling, token: string): string => (handling === 'token' ? ` ${token} ` : ' ');
