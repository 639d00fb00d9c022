import type { ChildProcess } from 'node:child_process';
import { until, type Ended, type Rig } from './rig.ts';

/** `mlp repro --watch` under way, with what it has printed so far. */
export interface Watching {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  out(): string;
  err(): string;
  /** Waits until it has gone to wait for the `count`th time in all. */
  idle(count: number): Promise<void>;
  /** Ends it with Ctrl-C. */
  stop(): Promise<Ended>;
}

/** How often it has said that it waits. */
const waits = (text: string): number => text.match(/^watching \d/gm)?.length ?? 0;

export function watchIn(rig: Rig, ...words: string[]): Watching {
  const { child, ended } = rig.start('repro', '--watch', ...words);
  const texts = { out: '', err: '' };
  child.stdout?.on('data', (text: string) => (texts.out += text));
  child.stderr?.on('data', (text: string) => (texts.err += text));
  return {
    child,
    ended,
    out: () => texts.out,
    err: () => texts.err,
    idle: async (count) => until(() => waits(texts.out) + waits(texts.err) >= count || child.exitCode !== null),
    stop: async () => {
      child.kill('SIGINT');
      return ended;
    },
  };
}
