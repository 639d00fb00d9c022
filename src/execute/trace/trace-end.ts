import { closeSync, openSync, readSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { birthIn, LineJoiner } from './strace-lines.ts';

const lookMs = 10;
const chunkBytes = 1 << 16;

/**
 * Waits until a trace tells the end of every process that it tells of: strace beside a stage writes on for a moment when the stage has
 * ended. False when that takes too long, as with a process that the stage left behind.
 */
export async function traceEnd(file: string, mostMs: number): Promise<boolean> {
  const until = performance.now() + mostMs;
  const reader = new LivingProcesses(file);
  try {
    while (!reader.allGone()) {
      if (performance.now() > until) return false;
      await sleep(lookMs);
    }
    return true;
  } finally {
    reader.close();
  }
}

/** Reads a growing trace for the processes in it that have not ended. */
class LivingProcesses {
  readonly #file: string;
  readonly #joiner = new LineJoiner();
  readonly #alive = new Set<number>();
  readonly #gone = new Set<number>();
  readonly #buffer = Buffer.alloc(chunkBytes);
  #descriptor: number | undefined;
  #rest = '';

  constructor(file: string) {
    this.#file = file;
  }

  allGone(): boolean {
    this.#descriptor ??= openIfThere(this.#file);
    if (this.#descriptor === undefined) return false;
    for (;;) {
      const length = readSync(this.#descriptor, this.#buffer, 0, chunkBytes, null);
      if (length === 0) break;
      const lines = (this.#rest + this.#buffer.toString('latin1', 0, length)).split('\n');
      this.#rest = lines.pop() ?? '';
      for (const line of lines) this.#hear(line);
    }
    return this.#gone.size > 0 && this.#alive.size === 0;
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
  }

  #hear(line: string): void {
    const read = this.#joiner.read(line);
    if (read === undefined) return;
    if (read.kind === 'gone') {
      this.#gone.add(read.pid);
      this.#alive.delete(read.pid);
      return;
    }
    this.#see(read.pid);
    // A child that has said nothing yet will: its end at least.
    const born = read.kind === 'call' ? birthIn(read.pid, read.text) : undefined;
    if (born !== undefined) this.#see(born.child);
  }

  #see(pid: number): void {
    if (!this.#gone.has(pid)) this.#alive.add(pid);
  }
}

function openIfThere(file: string): number | undefined {
  try {
    return openSync(file, 'r');
  } catch {
    return undefined;
  }
}
