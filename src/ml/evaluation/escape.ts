/** Bytes that no page may hold, and those that would turn the writing of what follows round. */
const unwelcome =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff]/gu;

/** Any text as content or a quoted attribute of HTML and SVG. */
export const escapeMarkup = (text: string): string =>
  text
    .replaceAll(unwelcome, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');

/** The beginning of a text, cut between characters. */
export function shorten(text: string, most: number): string {
  if (text.length <= most) return text;
  const end = most - 1;
  const isInPair = (text.charCodeAt(end - 1) & 0xfc00) === 0xd800;
  return `${text.slice(0, isInPair ? end - 1 : end)}…`;
}
