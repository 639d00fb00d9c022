/** At first both ways are taken in turns, until the code of both is compiled. */
const inTurns = 8;
/** Afterwards, the slower one is taken once in so many times, since what else runs on the machine changes. */
const often = 32;
/** Share of the last time in what a way is held to take. */
const weight = 0.25;

/** Two ways to the same end: finds out which of them takes less time here and now. What comes of it must not depend on the way. */
export class FasterWay {
  readonly #now: () => number;
  readonly #takes: [number, number] = [NaN, NaN];
  #count = 0;

  /** `now`: of a clock that never goes back. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Goes one of the ways. */
  async go<T>(ways: readonly [() => Promise<T>, () => Promise<T>]): Promise<T> {
    const way = this.#next();
    const start = this.#now();
    const outcome = await ways[way]();
    const took = this.#now() - start;
    const before = this.#takes[way];
    this.#takes[way] = Number.isNaN(before) ? took : before + weight * (took - before);
    return outcome;
  }

  #next(): 0 | 1 {
    const count = this.#count++;
    if (count < inTurns) return count % 2 === 0 ? 0 : 1;
    const firstIsFaster = this.#takes[0] <= this.#takes[1];
    const trying = count % often === 0;
    return firstIsFaster === trying ? 1 : 0;
  }
}
