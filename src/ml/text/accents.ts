import { beyondAscii } from './ascii.ts';

/** What becomes of accents: `unicode` takes combining marks off, `ascii` drops all that is not ASCII then. */
export type AccentHandling = 'keep' | 'unicode' | 'ascii';

export const accentHandling: readonly AccentHandling[] = ['keep', 'unicode', 'ascii'];

const allBeyondAscii = /[^\x00-\x7f]/gu;
const mark = /\p{M}/u;

/** As scikit-learn's strip_accents_unicode and strip_accents_ascii, which go by the compatibility decomposition. */
export function stripAccents(text: string, handling: AccentHandling): string {
  if (handling === 'keep' || !beyondAscii.test(text)) return text;
  const apart = text.normalize('NFKD');
  if (handling === 'ascii') return apart.replace(allBeyondAscii, '');
  return mark.test(apart)
    ? Array.from(apart, (character) => (isCombining(character) ? '' : character)).join('')
    : apart;
}

/** The mark of the highest combining class but for those of class 0, which nothing is sorted behind. */
const last = '\u0345';
const known = new Map<string, boolean>();

/** Whether a character's canonical combining class is above 0, as Python's unicodedata.combining asks: such are sorted before `last`. */
function isCombining(character: string): boolean {
  const seen = known.get(character);
  if (seen !== undefined) return seen;
  const found =
    mark.test(character) && (character === last || !`${last}${character}`.normalize('NFD').startsWith(last));
  known.set(character, found);
  return found;
}
