import type { EventSink } from '../../core/events.ts';
import { styleFor } from '../style.ts';
import { emptyView, reduceView } from '../view-state.ts';
import { isShown, progressLine } from './progress-line.ts';

export interface ProgressBarOptions {
  readonly terminal: NodeJS.WriteStream;
  readonly columns: number;
  readonly colour: boolean;
}

/** One line on a terminal for commands that only copy or download. It goes when the work is done. */
export interface ProgressBar {
  readonly sink: EventSink;
  finish(): void;
}

const drawEveryMs = 100;
const clearLine = '\r\u001b[2K';

export function createProgressBar({ terminal, columns, colour }: ProgressBarOptions): ProgressBar {
  const style = styleFor(colour);
  let view = emptyView;
  let drawn = false;
  const draw = (): void => {
    const now = performance.now();
    const task = view.tasks.find((each) => isShown(each, now));
    if (task === undefined) return;
    terminal.write(clearLine + progressLine(task, now, { columns: (terminal.columns || columns) - 1, style }));
    drawn = true;
  };
  const timer = setInterval(draw, drawEveryMs);
  timer.unref();
  return {
    sink: (event) => {
      view = reduceView(view, event, performance.now());
    },
    finish: () => {
      clearInterval(timer);
      if (drawn) terminal.write(clearLine);
    },
  };
}
