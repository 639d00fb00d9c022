import { failureMessage, failureNext } from '../core/failure.ts';
import type { Failure } from '../core/failure.ts';
import type { SourceRange } from '../core/source-range.ts';
import { displayWidth, fitWidth } from './display-width.ts';
import type { Style } from './style.ts';
import { fitWidthKeepingEnd, plainLine } from './terminal-text.ts';

export interface FailureView {
  readonly style: Style;
  readonly columns: number;
  /** The lines of a text file of the workspace, without line ends; undefined when it cannot be read. */
  readLines(file: string): readonly string[] | undefined;
}

/** More than these at once help nobody: the first ones usually cause the others. */
const mostShown = 10;
const shortestExcerpt = 20;

/**
 * What happened, where (with the line and the line above it, and a caret under the fault), and what to do next.
 * Ends with a line end. Columns of a `SourceRange` count UTF-16 units, as the YAML parser does.
 */
export function renderFailure(problem: Failure, view: FailureView): string {
  const lines = [`${view.style.red(view.style.bold('error:'))} ${plainLine(failureMessage(problem))}`];
  const advice = failureNext(problem);
  const next = advice === undefined ? undefined : plainLine(advice);
  const excerpt = problem.at === undefined ? undefined : excerptOf(problem.at, view);
  if (problem.at !== undefined) lines.push(`  ${plainLine(placeText(problem.at))}`);
  if (excerpt === undefined) {
    if (next !== undefined) lines.push(`  ${view.style.cyan('next:')} ${next}`);
    return ended(lines);
  }
  lines.push(...excerpt.lines.map((line) => `  ${line}`));
  const besideCaret = next !== undefined && 2 + displayWidth(excerpt.caret) + 1 + displayWidth(next) <= view.columns;
  lines.push(`  ${paintCaret(excerpt.caret, view.style)}${besideCaret ? ` ${next}` : ''}`);
  if (next !== undefined && !besideCaret) lines.push(`  ${view.style.cyan('next:')} ${next}`);
  return ended(lines);
}

/** Several failures, with a blank line between them; past ten they are counted. */
export function renderFailures(problems: readonly Failure[], view: FailureView): string {
  const shown = problems.slice(0, mostShown).map((problem) => renderFailure(problem, view));
  const left = problems.length - shown.length;
  return shown.join('\n') + (left === 0 ? '' : `\n${left} more ${left === 1 ? 'error' : 'errors'}\n`);
}

/** `pipeline.yaml:12:5`, which editors and terminals make a link of. */
export const placeText = (at: SourceRange): string => `${at.file}:${at.line}:${at.column}`;

const ended = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

function paintCaret(line: string, style: Style): string {
  const start = line.indexOf('^');
  return line.slice(0, start) + style.red(line.slice(start));
}

interface Excerpt {
  /** The line above, where there is one, and the line itself, each behind its number. */
  readonly lines: readonly string[];
  readonly caret: string;
}

function excerptOf(at: SourceRange, view: FailureView): Excerpt | undefined {
  const source = view.readLines(at.file);
  const fault = source?.[at.line - 1];
  if (source === undefined || fault === undefined) return undefined;
  const gutter = String(at.line).length;
  const room = Math.max(shortestExcerpt, view.columns - 2 - gutter - 3);
  const { text, caretAt, caretLength } = windowOn(fault, at, room);
  const numbered = (line: number, shown: string): string =>
    `${String(line).padStart(gutter)} ${view.style.dim('|')} ${shown}`.trimEnd();
  const above = source[at.line - 2];
  return {
    lines: [
      ...(above === undefined ? [] : [numbered(at.line - 1, fitWidth(plainLine(above), room))]),
      numbered(at.line, text),
    ],
    caret: `${' '.repeat(gutter)} | ${' '.repeat(caretAt)}${'^'.repeat(caretLength)}`,
  };
}

/** The part of a line around its fault that fits in `room` columns, and where in it the caret goes. */
function windowOn(line: string, at: SourceRange, room: number): { text: string; caretAt: number; caretLength: number } {
  const start = Math.min(at.column - 1, line.length);
  const before = plainLine(line.slice(0, start));
  const marked = plainLine(line.slice(start, start + at.length));
  const after = plainLine(line.slice(start + at.length));
  // A third of the room before the fault is enough to recognise the place.
  const whole = displayWidth(before) + displayWidth(marked) <= room;
  const shownBefore = whole ? before : fitWidthKeepingEnd(before, Math.floor(room / 3));
  const caretAt = displayWidth(shownBefore);
  return {
    text: fitWidth(shownBefore + marked + after, room),
    caretAt,
    caretLength: Math.max(1, Math.min(displayWidth(marked), room - caretAt)),
  };
}
