import { displayWidth, fitWidth } from './display-width.ts';

/**
 * Escape sequences of ECMA-48: CSI (colours, cursor), OSC and other strings up to their terminator, and two-character ones.
 * An unfinished one at the end of a chunk is taken too, so that half a colour never shows.
 */
const escapeSequences =
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*(?:[@-~]|$)|\u001b[\]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\|$)|\u001b[ -/]*[0-~]?/g;
const otherControls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

const lineEnds = /\r\n|[\n\u2028\u2029]/g;

const tab = '    ';

/** Text of a stage without escape sequences and control characters but line ends; tabs become blanks. */
export function plainText(text: string): string {
  return text
    .replace(escapeSequences, '')
    .replaceAll('\r\n', '\n')
    .replaceAll('\t', tab)
    .split('\n')
    .map((line) => shownOf(line).replace(otherControls, ''))
    .join('\n');
}

/** What a terminal still shows of a line that went back to its start, as progress bars do. */
function shownOf(line: string): string {
  if (!line.includes('\r')) return line;
  let end = line.length;
  while (line[end - 1] === '\r') end--;
  return line.slice(line.lastIndexOf('\r', end - 1) + 1, end);
}

/** A line that is laid out by column: what would move the cursor, or begin another line, is made visible or dropped. */
export const plainLine = (line: string): string =>
  line.replace(escapeSequences, '').replaceAll('\t', tab).replace(lineEnds, '↵').replace(otherControls, '\ufffd');

/** `text` followed by blanks up to `width` columns; longer text stays whole. */
export const padTo = (text: string, width: number): string =>
  text + ' '.repeat(Math.max(0, width - displayWidth(text)));

/** `text` cut to `width` columns at its start, where the front is the part that says least (paths). */
export function fitWidthKeepingEnd(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  const characters = Array.from(text);
  let kept = '';
  for (let at = characters.length - 1; at >= 0; at--) {
    const longer = (characters[at] ?? '') + kept;
    if (displayWidth(longer) > width - 1) break;
    kept = longer;
  }
  return width < 1 ? '' : `…${kept}`;
}

/** Joins fields with a separator, leaving out from the end what does not fit; the first field is cut if even it is too wide. */
export function joinFitting(fields: readonly string[], separator: string, width: number): string {
  let line = fitWidth(fields[0] ?? '', width);
  for (const field of fields.slice(1)) {
    const longer = line + separator + field;
    if (displayWidth(longer) > width) break;
    line = longer;
  }
  return line;
}
