import { countOf } from './format.ts';
import { doneLine, failedLine } from './stage-line.ts';
import type { LineLayout } from './stage-line.ts';
import { plainLine } from './terminal-text.ts';
import type { FinishedLine } from './view-state.ts';

/** A line of what is final, without a line end. */
export function finishedLine(line: FinishedLine, layout: LineLayout): string {
  switch (line.kind) {
    case 'done':
      return doneLine(line.done, layout);
    case 'failed':
      return failedLine(line.failed, layout);
    case 'unchanged':
      return layout.style.dim(`  ${countOf(line.count, 'stage')} unchanged`);
    case 'warning':
      return `  ${layout.style.yellow('warning:')} ${plainLine(line.text)}`;
  }
}
