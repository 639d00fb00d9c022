/** First and last code points that terminals draw two columns wide (Unicode 16, East Asian Width W and F), in order. */
const wideRanges: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x231a, 0x231b],
  [0x2329, 0x232a],
  [0x23e9, 0x23ec],
  [0x2614, 0x2615],
  [0x2648, 0x2653],
  [0x26aa, 0x26ab],
  [0x26bd, 0x26be],
  [0x2705, 0x2705],
  [0x270a, 0x270b],
  [0x2728, 0x2728],
  [0x274c, 0x274c],
  [0x2753, 0x2755],
  [0x2795, 0x2797],
  [0x2b1b, 0x2b1c],
  [0x2b50, 0x2b50],
  [0x2e80, 0x303e],
  [0x3041, 0x4dbf],
  [0x4e00, 0xa4cf],
  [0xa960, 0xa97c],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x17000, 0x18cff],
  [0x1b000, 0x1b2fb],
  [0x1f004, 0x1f004],
  [0x1f0cf, 0x1f0cf],
  [0x1f18e, 0x1f18e],
  [0x1f191, 0x1f19a],
  [0x1f1e6, 0x1f202],
  [0x1f210, 0x1f265],
  [0x1f300, 0x1f64f],
  [0x1f680, 0x1f6ff],
  [0x1f7e0, 0x1f7eb],
  [0x1f90c, 0x1f9ff],
  [0x1fa70, 0x1faff],
  [0x20000, 0x3fffd],
];

const printableAscii = /^[\x20-\x7e]*$/;
const drawnOnNothing = /^[\p{Mark}\p{Cc}\p{Cf}]+$/u;
let segmenter: Intl.Segmenter | undefined;

/** Made when it is first needed: making one reads the Unicode tables, which takes as long as a small command. */
function* graphemes(text: string): Generator<string> {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  // The time of a segmenter grows with the square of its text; a character cut in two counts as two, which is no matter in such a text.
  for (let at = 0; at < text.length; at += longestSegmented) {
    for (const { segment } of segmenter.segment(text.slice(at, at + longestSegmented))) yield segment;
  }
}

const longestSegmented = 1024;

/** Columns that a terminal gives to `text`, which holds no escape codes: a wide character takes two, a combining mark none. */
export function displayWidth(text: string): number {
  if (printableAscii.test(text)) return text.length;
  let width = 0;
  for (const segment of graphemes(text)) width += graphemeWidth(segment);
  return width;
}

/** No text with more UTF-16 units a column than this is worth measuring to its end. */
const mostUnits = 32;

/** `text` cut to at most `width` columns; what is cut off shows as `…`. */
export function fitWidth(text: string, width: number): string {
  if (text.length <= mostUnits * width && displayWidth(text) <= width) return text;
  let kept = '';
  let used = 0;
  for (const segment of graphemes(text)) {
    used += graphemeWidth(segment);
    if (used > width - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}

function graphemeWidth(grapheme: string): number {
  if (drawnOnNothing.test(grapheme)) return 0;
  // The emoji variation selector asks for the two-column picture of a character that is narrow as text.
  if (grapheme.includes('\ufe0f')) return 2;
  return isWide(grapheme.codePointAt(0) ?? 0) ? 2 : 1;
}

const isWide = (point: number): boolean =>
  point >= 0x1100 && wideRanges.some(([first, last]) => first <= point && point <= last);
