import { setImmediate } from 'node:timers/promises';

/** How long a loop over many small files may hold the event loop. */
const sliceMs = 40;

/** Adds up the bytes of a task over many files, tells of them a few times a second, and lets other work have its turn. */
export class Pace {
  readonly #tell: (done: number) => void;
  #before = 0;
  #sliceStart = performance.now();

  constructor(tell: (done: number) => void) {
    this.#tell = tell;
  }

  /** Bytes of the present file that are done. */
  readonly onBytes = (done: number): void => {
    this.#tell(this.#before + done);
  };

  /** The present file is done. */
  async fileDone(size: number): Promise<void> {
    this.#before += size;
    if (performance.now() - this.#sliceStart < sliceMs) return;
    this.#tell(this.#before);
    await setImmediate();
    this.#sliceStart = performance.now();
  }
}
