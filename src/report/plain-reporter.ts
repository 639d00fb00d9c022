import { closingText } from './closing-text.ts';
import { finishedLine } from './finished-line.ts';
import type { ReadLogTail, Reporter } from './reporter.ts';
import { nameWidthFor } from './stage-line.ts';
import type { Style } from './style.ts';
import { emptyView, reduceView } from './view-state.ts';

export interface PlainReporterOptions {
  readonly write: (text: string) => void;
  readonly columns: number;
  readonly style: Style;
  readonly readLogTail: ReadLogTail;
}

/** One line a finished stage, for pipes and files: nothing is redrawn, and a run without work writes nothing. */
export function createPlainReporter(options: PlainReporterOptions): Reporter {
  let view = emptyView;
  let written = 0;
  return {
    sink: (event) => {
      // What a stage prints stays in its log here, and a time is only needed by what this reporter leaves out.
      if (event.type === 'stage-output' || event.type === 'progress') return;
      view = reduceView(view, event, 0);
      if (view.finished.length === written) return;
      const layout = { ...options, nameWidth: nameWidthFor(view.stages, options.columns) };
      for (const line of view.finished.slice(written)) options.write(`${finishedLine(line, layout)}\n`);
      written = view.finished.length;
    },
    finish: async () => {
      options.write(await closingText(view, options));
    },
  };
}
