import { endedWithRun, type StageFailed } from '../core/events.ts';
import { failureMessage, failureNext } from '../core/failure.ts';
import { displayWidth, fitWidth } from './display-width.ts';
import { placeText } from './failure.ts';
import type { ReadLogTail } from './reporter.ts';
import type { Style } from './style.ts';
import { plainLine, plainText } from './terminal-text.ts';
import type { NotRun } from './view-state.ts';

/** How much of a failed stage's log is shown. */
const tailLines = 30;
/** A line that never ends (binary data, minified code) is shown up to here. */
const longestLine = 2000;

export interface FailureBlocks {
  readonly failures: readonly StageFailed[];
  readonly notRun: readonly NotRun[];
  readonly style: Style;
  /** A longer command is cut to them; what the log holds, and other messages, are not. */
  readonly columns: number;
  readonly readLogTail: ReadLogTail;
}

/** What stands below the stage lines when something failed: each failure with the end of its log, what was not run, what to do. */
export async function failureBlocks(input: FailureBlocks): Promise<string> {
  const blocks: string[] = [];
  for (const failed of input.failures) if (!endedWithRun(failed)) blocks.push(await failureBlock(failed, input));
  const ended = input.failures.filter(endedWithRun).map(({ stage }) => stage);
  blocks.push(
    [...endedLines(ended), ...notRunLines(input.notRun), ...nextLines(input)].map((line) => `${line}\n`).join(''),
  );
  return blocks.filter((block) => block !== '').join('\n');
}

async function failureBlock(failed: StageFailed, { style, columns, readLogTail }: FailureBlocks): Promise<string> {
  const { failure, logFile } = failed;
  const place = failure.at === undefined ? '' : ` (${placeText(failure.at)})`;
  // Of a long command the beginning tells which it is; any other message would lose its point.
  const room = 'cmd' in failure.detail ? Math.max(20, columns - 2 - displayWidth(failed.stage) - 2) : longestLine;
  const lines = [`  ${style.red(failed.stage)}: ${fitWidth(plainLine(failureMessage(failure) + place), room)}`];
  // Of a stage whose command never began there is no log.
  if (logFile !== undefined && failed.attempts > 0) {
    const tail = await readLogTail(logFile, tailLines);
    const isCut = 'logCut' in failure.detail;
    lines.push(...(isCut ? cutTailOf(tail, style) : tailOf(tail, style)), `  log: ${logFile}`);
  }
  return lines.map((line) => `${line}\n`).join('');
}

function tailOf(tail: readonly string[] | undefined, style: Style): string[] {
  if (tail === undefined) return [`  ${style.dim('|')} (its log cannot be read)`];
  const shown = plainText(tail.slice(-tailLines).map(cut).join('\n')).trimEnd();
  if (shown === '') return [`  ${style.dim('|')} (it printed nothing)`];
  return shown.split('\n').map((line) => `  ${style.dim('|')} ${line}`.trimEnd());
}

/** What there was no room for is likely the very message that one looks for. */
function cutTailOf(tail: readonly string[] | undefined, style: Style): string[] {
  const lines = tail === undefined || tail.join('').trim() === '' ? [] : tailOf(tail, style);
  return [...lines, `  ${style.dim('|')} (this log may lack its end: the disk is full)`];
}

const cut = (line: string): string => (line.length > longestLine ? `${line.slice(0, longestLine)}…` : line);

/** Of a stage that ended with the run there is nothing to mend, so its log is not shown. */
const endedLines = (stages: readonly string[]): string[] =>
  stages.length === 0 ? [] : [`  ended: ${listed(stages)} · outputs as before`];

/** One line for all stages that wait for the same ones. Nothing of theirs was touched, which is the first thing one wonders. */
function notRunLines(notRun: readonly NotRun[]): string[] {
  const groups = new Map<string, string[]>();
  for (const { stage, needs } of notRun) {
    const key = needs.join(', ');
    groups.set(key, [...(groups.get(key) ?? []), stage]);
  }
  return [...groups].map(
    ([needs, stages]) =>
      `  not run: ${listed(stages)}${needs === '' ? '' : ` (${need(stages)} ${needs})`} · outputs as before`,
  );
}

const need = (stages: readonly string[]): string => (stages.length === 1 ? 'needs' : 'need');

const mostNamed = 8;
const listed = (names: readonly string[]): string =>
  names.length <= mostNamed
    ? names.join(', ')
    : `${names.slice(0, mostNamed).join(', ')} and ${names.length - mostNamed} more`;

function nextLines({ failures, style }: FailureBlocks): string[] {
  const steps = new Set(failures.map(({ failure }) => failureNext(failure)).filter((step) => step !== undefined));
  return [...steps].map((step) => `  ${style.cyan('next:')} ${plainLine(step)}`);
}
