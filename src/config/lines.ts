import type { SourceRange } from '../core/source-range.ts';

/** Turns offsets of a text into places that people can find. */
export interface Lines {
  /** The caret underlines to `end`, but never past the end of the first line. */
  readonly rangeOf: (start: number, end: number) => SourceRange;
}

export function linesOf(text: string, file: string): Lines {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return {
    rangeOf: (start, end) => {
      const line = lastAtMost(starts, start);
      const lineStart = starts[line] ?? 0;
      const lineEnd = (starts[line + 1] ?? text.length + 1) - 1;
      const length = Math.max(1, Math.min(end, lineEnd) - start);
      return { file, line: line + 1, column: start - lineStart + 1, length };
    },
  };
}

/** Index of the last element that is not above `limit`; the first element is taken for granted. */
function lastAtMost(sorted: readonly number[], limit: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((sorted[middle] ?? 0) <= limit) low = middle;
    else high = middle - 1;
  }
  return low;
}
