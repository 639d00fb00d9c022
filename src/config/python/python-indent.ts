/** How far a line is indented: with tabs up to each eighth column, and with a tab as one. */
export interface Indent {
  readonly columns: number;
  readonly narrow: number;
}

export function measureIndent(text: string, start: number): { readonly indent: Indent; readonly end: number } {
  let columns = 0;
  let narrow = 0;
  let at = start;
  for (; at < text.length; at++) {
    const next = text.charAt(at);
    if (next === ' ') {
      columns++;
      narrow++;
    } else if (next === '\t') {
      columns = (Math.floor(columns / 8) + 1) * 8;
      narrow++;
    } else if (next === '\f') {
      columns = 0;
      narrow = 0;
    } else break;
  }
  return { indent: { columns, narrow }, end: at };
}
