import type { EventSink } from '../../core/events.ts';
import { failure } from '../../core/failure.ts';
import type { CliContext } from '../context.ts';
import { listenForInterrupts, type Interrupts } from './interrupts.ts';
import { tellEnding } from './tell-ending.ts';

/** How long looking at files, or waiting for the lock, may take to end by itself, in milliseconds. */
const beforeStagesMs = 300;
/** How long killed stages may take to be cleaned up after. */
const afterKillMs = 2000;

/** Interrupts of a `repro`, with its events heard: before a run has begun there is nothing to end, so mlp itself does. */
export interface ReproInterrupts extends Interrupts {
  readonly hear: EventSink;
}

/**
 * The first interrupt asks running stages to end, the second kills them. Either way mlp does not stay for long: what it had no time to
 * clean up, the next one does, as after a kill. `warn` says something between the lines of the run.
 */
export function reproInterrupts(context: CliContext, warn: (text: string) => void): ReproInterrupts {
  const state: { runs: boolean; timer?: NodeJS.Timeout } = { runs: false };
  const endAfter = (ms: number, signal: string): void => {
    clearTimeout(state.timer);
    state.timer = setTimeout(() => {
      process.exit(context.fail(failure('interrupted', { signal })));
    }, ms);
  };
  const interrupts = listenForInterrupts((signal) => {
    if (state.runs) tellEnding(signal, context, warn);
    else endAfter(beforeStagesMs, signal);
  });
  interrupts.hurry.addEventListener('abort', () => {
    endAfter(afterKillMs, interrupts.received() ?? 'SIGINT');
  });
  return {
    ...interrupts,
    hear: ({ type }) => {
      if (type === 'run-started') state.runs = true;
    },
    stop: () => {
      clearTimeout(state.timer);
      interrupts.stop();
    },
  };
}
