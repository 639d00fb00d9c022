import { closingText } from '../closing-text.ts';
import type { ReadLogTail, Reporter } from '../reporter.ts';
import { styleFor } from '../style.ts';
import { emptyView, reduceView } from '../view-state.ts';
import { layoutOf, rowsOf, spinnerMs } from './frame.ts';
import { finishedLine } from '../finished-line.ts';
import { isShown } from './progress-line.ts';
import { loadRunView } from './load-view.ts';
import type { Frame, MountedView } from './run-view.ts';

export interface LiveReporterOptions {
  /** The terminal. */
  readonly stdout: NodeJS.WriteStream;
  /** Used where the terminal does not tell its width. */
  readonly columns: number;
  readonly colour: boolean;
  readonly readLogTail: ReadLogTail;
}

/** A run that ends sooner is written in one go; reading Ink would take it longer than its stages. */
const worthWatchingMs = 250;

/**
 * A line a running stage with its spinner, its time and the last line it printed; finished ones above. Ink is read when a run
 * has lasted a moment, so that a run with nothing to do never pays for it.
 */
export function createLiveReporter(options: LiveReporterOptions): Reporter {
  const { stdout } = options;
  const style = styleFor(options.colour);
  const clock = (): number => performance.now();
  let view = emptyView;
  let mounted: MountedView | undefined;
  let loading: Promise<void> | undefined;
  let finished = false;
  let timer: NodeJS.Timeout | undefined;

  const painted: string[] = [];
  const frame = (): Frame => {
    const screen = { columns: stdout.columns || options.columns, rows: stdout.rows || 24, style };
    const layout = layoutOf(view, screen);
    for (const line of view.finished.slice(painted.length)) painted.push(finishedLine(line, layout));
    return { finished: painted.slice(), rows: rowsOf(view, clock(), screen) };
  };
  const load = async (): Promise<void> => {
    const { mountRunView } = await loadRunView();
    if (!finished) mounted = mountRunView(stdout, frame());
  };
  const tick = (): void => {
    const now = clock();
    if (mounted !== undefined) mounted.show(frame());
    else if (
      view.running.some(({ since }) => now - since >= worthWatchingMs) ||
      view.tasks.some((task) => isShown(task, now))
    ) {
      // A screen that cannot be drawn must not end the run: its lines are then written when it is over.
      loading ??= load().catch(() => undefined);
    }
  };

  return {
    sink: (event) => {
      view = reduceView(view, event, clock());
      if (timer !== undefined || finished) return;
      timer = setInterval(tick, spinnerMs);
      timer.unref();
    },
    finish: async () => {
      finished = true;
      clearInterval(timer);
      await loading;
      if (mounted === undefined)
        stdout.write(
          frame()
            .finished.map((line) => `${line}\n`)
            .join(''),
        );
      else {
        mounted.show(frame());
        await mounted.close();
      }
      stdout.write(await closingText(view, { ...options, style }));
    },
  };
}
