import type { StageName } from '../core/brands.ts';
import type { EngineEvent, StageDone, StageFailed } from '../core/events.ts';
import { plainText } from './terminal-text.ts';

/** What a screen shows of a run so far: folded from the events, with the time of each passed in. Plain data. */
export interface ViewState {
  readonly runName: string | undefined;
  readonly stages: readonly StageName[];
  /** In the order in which they started. */
  readonly running: readonly RunningStage[];
  /** What is final, in order; only ever appended to. */
  readonly finished: readonly FinishedLine[];
  /** Unchanged stages in a row whose line waits until it is known whether they are so many that a count is better. */
  readonly held: readonly StageDone[];
  readonly listedUnchanged: number;
  readonly doneCount: number;
  readonly failures: readonly StageFailed[];
  readonly notRun: readonly NotRun[];
  readonly tasks: readonly Task[];
}

export interface RunningStage {
  readonly stage: StageName;
  /** Milliseconds. */
  readonly since: number;
  readonly attempt: number;
  /** The last line with text that it printed. */
  readonly lastLine: string;
  /** What it printed after the last line end. */
  readonly unended: string;
}

export interface NotRun {
  readonly stage: StageName;
  readonly needs: readonly StageName[];
}

export type FinishedLine =
  | { readonly kind: 'done'; readonly done: StageDone }
  | { readonly kind: 'failed'; readonly failed: StageFailed }
  | { readonly kind: 'unchanged'; readonly count: number }
  | { readonly kind: 'warning'; readonly text: string };

/** Hashing, copying or downloading under way. Times in milliseconds. */
export interface Task {
  readonly task: Extract<EngineEvent, { type: 'progress' }>['task'];
  readonly label: string;
  readonly done: number;
  /** 0 when unknown. */
  readonly total: number;
  readonly since: number;
  /** Recent measurements, oldest first, from which the rate is taken. */
  readonly samples: readonly { readonly at: number; readonly done: number }[];
}

export const emptyView: ViewState = {
  runName: undefined,
  stages: [],
  running: [],
  finished: [],
  held: [],
  listedUnchanged: 0,
  doneCount: 0,
  failures: [],
  notRun: [],
  tasks: [],
};

/** More unchanged stages than these are counted, not listed. */
const mostListedUnchanged = 10;
/** Enough of an unended line to fill any screen, and little enough to scan at every chunk. */
const longestUnended = 4096;
const mostSamples = 12;
const sampleEveryMs = 400;

/** The view after one more event, which happened at `now` (milliseconds of any clock that only goes forward). */
export function reduceView(state: ViewState, event: EngineEvent, now: number): ViewState {
  switch (event.type) {
    case 'run-started':
      return { ...state, runName: event.runName, stages: event.stages };
    case 'stage-started':
      return started(release(state), event, now);
    case 'stage-output':
      return {
        ...state,
        running: state.running.map((row) => (row.stage === event.stage ? heard(row, event.text) : row)),
      };
    case 'stage-done':
      return finishedWell(state, event);
    case 'stage-failed':
      return failed(release(state), event);
    case 'stage-not-run':
      return { ...state, notRun: [...state.notRun, { stage: event.stage, needs: event.needs }] };
    case 'progress':
      return { ...state, tasks: progressed(state.tasks, event, now) };
    case 'warning':
      return appended(release(state), { kind: 'warning', text: event.text });
    case 'run-finished':
      // Nothing is released: when all stages were unchanged, the footer alone says so.
      return { ...(state.finished.length === 0 ? state : release(state)), running: [], tasks: [] };
  }
}

const appended = (state: ViewState, ...lines: readonly FinishedLine[]): ViewState => ({
  ...state,
  finished: [...state.finished, ...lines],
});

/** Lists the held stages if that keeps the list short, else counts them. */
function release(state: ViewState): ViewState {
  const count = state.held.length;
  if (count === 0) return state;
  const listed = state.listedUnchanged + count;
  if (listed > mostListedUnchanged) return { ...appended(state, { kind: 'unchanged', count }), held: [] };
  const lines = state.held.map((done) => ({ kind: 'done', done }) as const);
  return { ...appended(state, ...lines), held: [], listedUnchanged: listed };
}

function started(state: ViewState, event: Extract<EngineEvent, { type: 'stage-started' }>, now: number): ViewState {
  const others = state.running.filter((row) => row.stage !== event.stage);
  const row = { stage: event.stage, since: now, attempt: event.attempt, lastLine: '', unended: '' };
  return { ...state, running: [...others, row] };
}

function heard(row: RunningStage, text: string): RunningStage {
  const fresh = (row.unended + text).slice(-2 * longestUnended);
  const lines = plainText(fresh).split('\n');
  const shown = lines.findLast((line) => line.trim() !== '');
  return {
    ...row,
    unended: fresh.slice(fresh.lastIndexOf('\n') + 1).slice(-longestUnended),
    lastLine: shown ?? row.lastLine,
  };
}

const without = (running: readonly RunningStage[], stage: StageName): readonly RunningStage[] =>
  running.filter((row) => row.stage !== stage);

function finishedWell(state: ViewState, done: StageDone): ViewState {
  const counted = { ...state, running: without(state.running, done.stage), doneCount: state.doneCount + 1 };
  if (done.action === 'unchanged') return { ...counted, held: [...state.held, done] };
  return appended(release(counted), { kind: 'done', done });
}

function failed(state: ViewState, failure: StageFailed): ViewState {
  const counted = { ...state, running: without(state.running, failure.stage), failures: [...state.failures, failure] };
  return appended(counted, { kind: 'failed', failed: failure });
}

function progressed(
  tasks: readonly Task[],
  event: Extract<EngineEvent, { type: 'progress' }>,
  now: number,
): readonly Task[] {
  const isThis = (task: Task): boolean => task.task === event.task && task.label === event.label;
  if (event.total > 0 && event.done >= event.total) return tasks.filter((task) => !isThis(task));
  const { task, label, done, total } = event;
  const known = tasks.find(isThis);
  if (known === undefined) return [...tasks, { task, label, done, total, since: now, samples: [{ at: now, done }] }];
  const newest = known.samples.at(-1)?.at ?? 0;
  const samples =
    now - newest < sampleEveryMs ? known.samples : [...known.samples, { at: now, done }].slice(-mostSamples);
  return tasks.map((each) => (isThis(each) ? { ...known, done, total, samples } : each));
}
