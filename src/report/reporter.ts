import type { EventSink } from '../core/events.ts';

/** Something that shows a run while it happens. One is chosen for a run: plain, CI or live. */
export interface Reporter {
  readonly sink: EventSink;
  /** Waits until all is written, failures with their logs included. Called once, after the last event. */
  finish(): Promise<void>;
}

/** Reads the last lines of a stage's log, given as the events name it; undefined when it cannot be read. */
export type ReadLogTail = (logFile: string, lines: number) => Promise<readonly string[] | undefined>;
