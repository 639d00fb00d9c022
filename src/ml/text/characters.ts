/** What a character is to a tokenizer. */
export const characterKind = { other: 1, word: 2, space: 3, emoji: 4, joiner: 5 } as const;

const wordPattern = /^[\p{L}\p{N}_]$/u;
/** As Python has it: with the separators of files and lines, without the byte order mark. */
const spacePattern = /^(?!\ufeff)[\s\u001c-\u001f\u0085]$/u;
const emojiPattern = /^[\p{Extended_Pictographic}\p{Regional_Indicator}]$/u;
/** What only continues an emoji: the joiner, variation selectors, skin tones, the keycap and tag characters. */
const joinerPattern = /^[\u200d\ufe0e\ufe0f\u20e3\p{Emoji_Modifier}\u{e0020}-\u{e007f}]$/u;

/** Kinds of the basic plane, found out when a character is first met; 0 is "not yet", and that of every half of a surrogate pair. For hot loops: others ask `kindOf`. */
export const knownKinds = new Uint8Array(0x10000);
const knownBeyond = new Map<number, number>();

/** Python's `\w` for strings is letters, numbers and the underscore, without combining marks: the same set is used here. */
function findKind(codePoint: number): number {
  const character = String.fromCodePoint(codePoint);
  if (joinerPattern.test(character)) return characterKind.joiner;
  if (wordPattern.test(character)) return characterKind.word;
  if (spacePattern.test(character)) return characterKind.space;
  return emojiPattern.test(character) ? characterKind.emoji : characterKind.other;
}

/** The kind of a code point. A lone surrogate is `other`. */
export function kindOf(codePoint: number): number {
  if (codePoint < 0x10000) {
    const seen = knownKinds[codePoint] ?? 0;
    if (seen !== 0) return seen;
    if (codePoint >= 0xd800 && codePoint < 0xe000) return characterKind.other;
    const found = findKind(codePoint);
    knownKinds[codePoint] = found;
    return found;
  }
  const seen = knownBeyond.get(codePoint);
  if (seen !== undefined) return seen;
  const found = findKind(codePoint);
  knownBeyond.set(codePoint, found);
  return found;
}

const isHigh = (unit: number): boolean => (unit & 0xfc00) === 0xd800;
const isLow = (unit: number): boolean => (unit & 0xfc00) === 0xdc00;

/** The code point that starts at `at`. It takes two units when it is above 0xffff, else one. */
export function codePointAt(units: Uint16Array, at: number, end: number): number {
  const unit = units[at] ?? 0;
  if (!isHigh(unit) || at + 1 >= end) return unit;
  const next = units[at + 1] ?? 0;
  return isLow(next) ? ((unit - 0xd800) << 10) + next - 0xdc00 + 0x10000 : unit;
}
