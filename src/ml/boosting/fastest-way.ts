/** At first each way is taken so often, in turns, until the code of all is compiled. */
const atFirst = 12;
/** Afterwards, another way than the fastest is taken once in so many times as what it takes longer, since what else runs on the machine changes. */
const often = 50;
/** Share of the last time in what a way is held to take. */
const weight = 0.25;

/** Several ways to the same end: finds out which of them takes least time here and now. What comes of it must not depend on the way. */
export class FastestWay {
  readonly #now: () => number;
  readonly #takes: number[] = [];
  /** By way: when it is to be tried again. */
  readonly #next: number[] = [];
  #count = 0;

  /** `now`: of a clock that never goes back. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Goes one of the ways, of which there are as many each time. */
  async go<T>(ways: readonly (() => Promise<T>)[]): Promise<T> {
    const way = this.#choose(ways.length);
    const start = this.#now();
    const outcome = await ways[way]?.();
    if (outcome === undefined) throw new RangeError('there is no way');
    this.#took(way, this.#now() - start);
    return outcome;
  }

  #choose(ways: number): number {
    const count = this.#count++;
    if (count < atFirst * ways) return count % ways;
    const due = this.#next.findIndex((next) => next <= count);
    return due < 0 ? this.#takes.indexOf(Math.min(...this.#takes)) : due;
  }

  #took(way: number, time: number): void {
    const before = this.#takes[way];
    this.#takes[way] = before === undefined ? time : before + weight * (time - before);
    const least = Math.min(...this.#takes.filter((takes) => takes > 0));
    this.#next[way] = this.#count + Math.ceil(often * Math.max(1, time / least));
  }
}
