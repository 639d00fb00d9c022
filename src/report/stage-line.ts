import { endedWithRun, type StageDone, type StageFailed } from '../core/events.ts';
import { failureMessage } from '../core/failure.ts';
import { displayWidth, fitWidth } from './display-width.ts';
import { formatDuration } from './format.ts';
import { summariseReasons } from './reason.ts';
import type { Paint, Style } from './style.ts';
import { padTo, plainLine } from './terminal-text.ts';

/** Where the columns of the stage lines stand; the same for all lines of one screen. */
export interface LineLayout {
  readonly columns: number;
  readonly nameWidth: number;
  readonly style: Style;
}

/** One line of a screen that lists stages: name, what happened, how long it took, why. */
export interface StageLine {
  readonly name: string;
  readonly word: string;
  readonly paint: Paint;
  readonly time?: string;
  readonly note?: string;
  /** Instead of the two blanks at the front. */
  readonly mark?: string;
}

const wordWidth = 9;
const timeWidth = 6;
/** A reason in fewer columns than these says nothing; it is left out. */
const shortestNote = 10;
/** Restoring is not worth a number unless one had to wait for it. */
const waitSeconds = 1;

const gapAt = (columns: number): number => (columns < 60 ? 1 : 3);

/** Wide enough for the longest name, as far as two fifths of the screen. */
export function nameWidthFor(names: Iterable<string>, columns: number): number {
  let width = 4;
  for (const name of names) width = Math.max(width, displayWidth(name));
  return Math.min(width, Math.max(8, Math.floor(columns * 0.4)));
}

/** One line without a line end, never wider than the screen. */
export function renderStageLine(line: StageLine, layout: LineLayout): string {
  const gap = ' '.repeat(gapAt(layout.columns));
  const name = padTo(fitWidth(plainLine(line.name), layout.nameWidth), layout.nameWidth);
  const front = `${line.mark ?? '  '}${name}${gap}`;
  const time = line.note === undefined || line.note === '' ? (line.time ?? '') : padTo(line.time ?? '', timeWidth);
  const room = layout.columns - displayWidth(front) - wordWidth;
  const tail = (line.time === undefined && line.note === undefined) || room < 2 + timeWidth ? '' : `  ${time}`;
  const fixed = displayWidth(front) + wordWidth + displayWidth(tail);
  const word = line.paint(tail === '' ? line.word : padTo(line.word, wordWidth));
  return `${front}${word}${tail}${noteWithin(line.note, layout, fixed)}`.trimEnd();
}

/** Columns that a line with a time leaves for the note. */
export const noteRoom = (layout: LineLayout): number =>
  layout.columns - 2 - layout.nameWidth - gapAt(layout.columns) - wordWidth - 2 - timeWidth - 2;

function noteWithin(note: string | undefined, layout: LineLayout, used: number): string {
  const room = layout.columns - used - 2;
  if (note === undefined || note === '' || room < shortestNote) return '';
  return `  ${fitWidth(plainLine(note), room)}`;
}

/** A stage that did not fail, as it is listed above the running ones. */
export function doneLine(done: StageDone, layout: LineLayout): string {
  return renderStageLine({ name: done.stage, ...whatOf(done, layout) }, layout);
}

function whatOf(done: StageDone, layout: LineLayout): Omit<StageLine, 'name'> {
  const { style } = layout;
  const reasons = summariseReasons(done.reasons, Math.max(shortestNote, noteRoom(layout)));
  const waited = done.seconds >= waitSeconds ? { time: formatDuration(done.seconds) } : {};
  switch (done.action) {
    case 'ran': {
      const note = done.attempts > 1 ? `attempt ${done.attempts} · ${reasons}` : reasons;
      return { word: 'ran', paint: style.yellow, time: formatDuration(done.seconds), note };
    }
    case 'restored':
      return {
        word: 'restored',
        paint: style.green,
        ...waited,
        note: `same inputs as ${done.madeBy ?? 'an earlier run'}`,
      };
    case 'checked-out':
      return { word: 'put back', paint: style.green, ...waited, note: reasons };
    default:
      return { word: 'unchanged', paint: style.dim };
  }
}

export function failedLine(failed: StageFailed, layout: LineLayout): string {
  const note = failed.attempts > 1 ? `${outcomeOf(failed)} · attempt ${failed.attempts}` : outcomeOf(failed);
  const time = formatDuration(failed.seconds);
  if (endedWithRun(failed)) {
    const { failure } = failed;
    const note = failure.reason === 'stage-ended' ? `${failure.detail.by} failed` : 'the run was interrupted';
    const ended = { word: 'ended', paint: layout.style.yellow, time, note };
    return renderStageLine({ name: failed.stage, ...ended }, layout);
  }
  return renderStageLine({ name: failed.stage, word: 'failed', paint: layout.style.red, time, note }, layout);
}

/** `exit 1`, `killed by SIGKILL`, or, where the command itself ended well, what was wrong after it. */
function outcomeOf(failed: StageFailed): string {
  if (failed.signal !== null) return `killed by ${failed.signal}`;
  if (failed.exitStatus !== null && failed.exitStatus !== 0) return `exit ${failed.exitStatus}`;
  return failureMessage(failed.failure);
}
