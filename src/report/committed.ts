import type { Committed, DifferingStage } from '../pipeline/commit.ts';
import { countOf } from './format.ts';
import { summariseReasons } from './reason.ts';
import { nameWidthFor } from './stage-line.ts';
import { fitWidth } from './display-width.ts';
import { modelText, refusedLines, type SummaryModel } from './run-summary.ts';
import type { Style } from './style.ts';
import { padTo, plainLine } from './terminal-text.ts';

/** What `mlp commit` recorded and stored; every line ended. */
export function renderCommitted(
  done: Omit<Committed, 'results'> & { readonly models: readonly SummaryModel[] },
  { columns, style }: { readonly columns: number; readonly style: Style },
): string {
  const { recorded, stored, unchanged, left, models } = done;
  const counts = [
    ...(recorded.length === 0 ? [] : [`${countOf(recorded.length, 'stage')} recorded as ${they(recorded)} now`]),
    ...(stored.length === 0 ? [] : [`${countOf(stored.length, 'out')} stored in the cache`]),
    ...(unchanged === 0 ? [] : [`${countOf(unchanged, 'stage')} as recorded`]),
  ];
  const lines = [
    ...(recorded.length === 0 ? [] : [differingLines(recorded, columns)]),
    `  ${counts.length === 0 ? 'nothing to commit' : counts.join(', ')}\n`,
    ...(left.length === 0 ? [] : [`  left, with outs or deps that are not there: ${plainLine(left.join(', '))}\n`]),
    ...models.flatMap((model) => [
      `  ${plainLine(modelText(model))}\n`,
      ...refusedLines(model, style, columns).map(ended),
    ]),
  ];
  return lines.join('');
}

const ended = (line: string): string => `${line}\n`;

const they = ({ length }: readonly unknown[]): string => (length === 1 ? 'it is' : 'they are');

/** A line for each stage: its name and how it differs from what is recorded. */
export function differingLines(differing: readonly DifferingStage[], columns: number): string {
  const nameWidth = nameWidthFor(
    differing.map(({ stage }) => stage),
    columns,
  );
  const room = columns - 2 - nameWidth - 3;
  return differing
    .map(({ stage, reasons }) => {
      const name = padTo(fitWidth(plainLine(stage), nameWidth), nameWidth);
      return `  ${name}   ${plainLine(summariseReasons(reasons, Math.max(10, room)))}\n`;
    })
    .join('');
}
