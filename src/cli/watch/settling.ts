import { statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Without events for so long, a burst of writes is over. */
const quietMs = 250;
/** As long for a file that grew while it was looked at: it is being copied, perhaps slowly. */
const growingQuietMs = 1500;
const lookMs = 50;
/** Of very many files, some tell enough. */
const mostFiles = 200;

/** Waits until a burst of writes is over: no events for a while, and all files that were touched keep their size and date. */
export class Settling {
  readonly #touched = new Map<string, number>();
  #lastEvent = 0;
  #growing = false;

  /** `file`: absolute. */
  note(file: string): void {
    this.#lastEvent = performance.now();
    const known = this.#touched.get(file);
    if (known === undefined && this.#touched.size >= mostFiles) return;
    const size = statOf(file)?.size ?? 0;
    if (known !== undefined && size > known) this.#growing = true;
    this.#touched.set(file, size);
  }

  /** True once it is quiet; false when `signal` came first. */
  async settled(signal: AbortSignal): Promise<boolean> {
    const isOver = (): boolean => signal.aborted;
    for (;;) {
      await this.#quiet(signal);
      if (isOver()) return false;
      const before = this.#dates();
      const since = this.#lastEvent;
      await pause(2 * lookMs, signal);
      if (isOver()) return false;
      if (since === this.#lastEvent && before === this.#dates()) {
        this.#touched.clear();
        this.#growing = false;
        return true;
      }
      // Something writes without events of its own, as on network file systems.
      if (since === this.#lastEvent) this.#lastEvent = performance.now();
    }
  }

  async #quiet(signal: AbortSignal): Promise<void> {
    const left = (): number => this.#lastEvent + (this.#growing ? growingQuietMs : quietMs) - performance.now();
    while (left() > 0 && !signal.aborted) await pause(Math.min(lookMs, Math.max(1, left())), signal);
  }

  #dates(): string {
    return [...this.#touched.keys()]
      .map((file) => {
        const found = statOf(file);
        return found === undefined ? '-' : `${found.size} ${found.mtimeMs}`;
      })
      .join('\n');
  }
}

const statOf = (file: string): { size: number; mtimeMs: number } | undefined => {
  try {
    return statSync(file, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
};

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
