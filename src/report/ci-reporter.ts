import { randomUUID } from 'node:crypto';
import type { Clock } from '../core/clock.ts';
import { endedWithRun, type StageDone, type StageFailed } from '../core/events.ts';
import { failureMessage } from '../core/failure.ts';
import type { LogText } from '../fs/log-text.ts';
import { ciGroupsFor } from './ci-groups.ts';
import type { CiGroup } from './ci-groups.ts';
import { closingText } from './closing-text.ts';
import { finishedLine } from './finished-line.ts';
import { formatBytes } from './format.ts';
import { summariseReasons } from './reason.ts';
import type { ReadLogTail, Reporter } from './reporter.ts';
import { nameWidthFor, noteRoom, renderStageLine } from './stage-line.ts';
import type { LineLayout } from './stage-line.ts';
import { styleFor } from './style.ts';
import { plainText } from './terminal-text.ts';
import { emptyView, reduceView } from './view-state.ts';
import type { FinishedLine } from './view-state.ts';

export interface CiReporterOptions {
  readonly write: (text: string) => void;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** The log whole up to `most` bytes, else its two ends; undefined when it cannot be read. */
  readonly readLog: (logFile: string, most: number) => Promise<LogText | undefined>;
  readonly readLogTail: ReadLogTail;
}

/** A longer log is cut in the middle: CI systems stop taking output at a few megabytes a job. */
const mostLogBytes = 1_000_000;
/** Logs are read in a browser, where reasons need not be cut to a terminal. */
const columns = 160;

/** The plain lines of a run, with the whole log of each stage in a group of its own when the stage ends. */
export function createCiReporter(options: CiReporterOptions): Reporter {
  const groups = ciGroupsFor(options.env);
  const style = styleFor(false);
  let view = emptyView;
  let written = 0;
  let groupCount = 0;
  // Logs are read one after the other, so that groups of stages that end together do not mix.
  let queue = Promise.resolve();
  const inTurn = (work: () => Promise<void> | void): void => {
    queue = queue.then(work);
  };

  const writeGroup = async (ended: StageDone | StageFailed, title: string): Promise<void> => {
    const failed = 'failure' in ended && !endedWithRun(ended);
    const group: CiGroup = {
      id: ++groupCount,
      name: ended.stage,
      title: title.trim(),
      open: failed,
      at: options.clock.now(),
      secret: randomUUID(),
    };
    const log = ended.logFile === undefined ? undefined : await options.readLog(ended.logFile, mostLogBytes);
    options.write(
      groups.start(group) + logText(log, ended.logFile) + groups.end({ ...group, at: options.clock.now() }),
    );
    if (failed) options.write(groups.problem(problemOf(ended)));
  };
  const writeLine = (line: FinishedLine, layout: LineLayout): Promise<void> | void => {
    const text = finishedLine(line, layout);
    if (line.kind === 'failed') return writeGroup(line.failed, text);
    if (line.kind === 'done' && line.done.logFile !== undefined) return writeGroup(line.done, text);
    options.write(`${text}\n`);
  };

  return {
    sink: (event) => {
      if (event.type === 'stage-output' || event.type === 'progress') return;
      view = reduceView(view, event, 0);
      const layout = { columns, style, nameWidth: nameWidthFor(view.stages, columns) };
      for (const line of view.finished.slice(written)) inTurn(() => writeLine(line, layout));
      written = view.finished.length;
      if (event.type !== 'stage-started') return;
      const started = {
        word: 'started',
        paint: style.dim,
        time: '',
        note: summariseReasons(event.reasons, noteRoom(layout)),
      };
      inTurn(() => {
        options.write(`${renderStageLine({ name: event.stage, ...started }, layout)}\n`);
      });
    },
    finish: async () => {
      await queue;
      options.write(await closingText(view, { ...options, style, columns }));
    },
  };
}

function logText(log: LogText | undefined, logFile: string | undefined): string {
  if (log === undefined) return '(its log cannot be read)\n';
  if ('whole' in log) return endedText(log.whole, '(it printed nothing)\n');
  const gap = `... ${formatBytes(log.leftOut)} are left out here; all of it is in ${logFile ?? 'the log'} ...\n`;
  return endedText(log.head, '') + gap + endedText(log.tail, '');
}

function endedText(text: string, ifEmpty: string): string {
  const plain = plainText(text);
  if (plain === '') return ifEmpty;
  return plain.endsWith('\n') ? plain : `${plain}\n`;
}

function problemOf({ stage, failure }: StageFailed): Parameters<ReturnType<typeof ciGroupsFor>['problem']>[0] {
  const place = failure.at === undefined ? {} : { file: failure.at.file, line: failure.at.line };
  return { title: `stage ${stage} failed`, text: failureMessage(failure), ...place };
}
