import { fitWidth } from '../display-width.ts';
import { countOf, formatDuration } from '../format.ts';
import { nameWidthFor, renderStageLine } from '../stage-line.ts';
import type { LineLayout } from '../stage-line.ts';
import type { Style } from '../style.ts';
import type { RunningStage, ViewState } from '../view-state.ts';
import { isShown, progressLine } from './progress-line.ts';

export interface LiveScreen {
  readonly columns: number;
  readonly rows: number;
  readonly style: Style;
}

const spinner = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
/** Milliseconds that a picture of the spinner stands. */
export const spinnerMs = 80;
/** A run of so many stages also says how far it is. */
const manyStages = 10;

/** How the lines of a screen are laid out. The last column stays free: some terminals wrap as soon as it is written. */
export const layoutOf = (view: ViewState, { columns, style }: LiveScreen): LineLayout => ({
  columns: columns - 1,
  style,
  nameWidth: nameWidthFor(view.stages, columns - 1),
});

/**
 * The lines below those that are final, which the next picture replaces: running stages, tasks that take long, a count.
 * Painted, none wider than the screen, and fewer than its rows. `now` is in milliseconds of the clock that the events were folded with.
 */
export function rowsOf(view: ViewState, now: number, screen: LiveScreen): string[] {
  const layout = layoutOf(view, screen);
  const bottom = [
    ...view.tasks.filter((task) => isShown(task, now)).map((task) => progressLine(task, now, layout)),
    ...countLine(view, layout),
  ];
  // A picture as high as the screen would scroll away what it has to replace.
  const room = Math.max(1, screen.rows - 2);
  const shownBottom = bottom.slice(0, Math.max(0, room - 1));
  return [...runningLines(view.running, { now, layout, room: room - shownBottom.length }), ...shownBottom];
}

function runningLines(
  running: readonly RunningStage[],
  { now, layout, room }: { now: number; layout: LineLayout; room: number },
): string[] {
  const all = running.length <= room;
  const shown = all ? running : running.slice(0, Math.max(0, room - 1));
  const lines = shown.map((row) => runningLine(row, now, layout));
  return all
    ? lines
    : [...lines, layout.style.dim(`  and ${countOf(running.length - shown.length, 'more stage')} running`)];
}

function runningLine(row: RunningStage, now: number, layout: LineLayout): string {
  const picture = spinner[Math.floor(now / spinnerMs) % spinner.length] ?? '';
  const seconds = (now - row.since) / 1000;
  const note = row.attempt > 1 ? `attempt ${row.attempt} · ${row.lastLine}` : row.lastLine;
  return renderStageLine(
    {
      mark: `${layout.style.cyan(picture)} `,
      name: row.stage,
      word: 'running',
      paint: layout.style.cyan,
      // Hundredths would only flicker.
      time: seconds < 59.95 ? `${Math.max(0, seconds).toFixed(1)}s` : formatDuration(seconds),
      note: note.trim(),
    },
    layout,
  );
}

function countLine(view: ViewState, { columns, style }: LineLayout): string[] {
  if (view.stages.length <= manyStages || view.running.length === 0) return [];
  const failed = view.failures.length === 0 ? '' : `, ${view.failures.length} failed`;
  return [style.dim(fitWidth(`  ${view.doneCount} of ${view.stages.length} stages done${failed}`, columns))];
}
