/** So often the first way is taken before any is judged: it takes so long until the code of other threads is compiled. */
const atFirst = 60;
/** Each way is tried so often in a row, first of all and later on: what was done before is still in the caches. */
const trial = { first: 8, later: 3 } as const;
/** Another way than the fastest is tried once in so many times as what it takes longer, since what else runs on the machine changes. */
const often = 50;
/** A way is held to take the second least of so many last times: others are longer by what else happened, such as code being compiled. */
const held = 8;

/** Several ways to the same end: finds out which of them takes least time here and now. What comes of it must not depend on the way. */
export class FastestWay {
  readonly #now: () => number;
  /** By way: its last times, and what it is held to take. */
  readonly #times: number[][] = [];
  readonly #takes: number[] = [];
  /** By way: when it is to be tried again. */
  readonly #next: number[] = [];
  /** The ways that come next. */
  #planned: number[] | undefined;
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
    this.#planned ??= [
      ...inARow(0, atFirst),
      ...Array.from({ length: ways }, (_, way) => inARow(way, trial.first)),
    ].flat();
    const planned = this.#planned.shift();
    if (planned !== undefined) return planned;
    const due = this.#next.findIndex((next) => next <= count);
    if (due < 0) return this.#takes.indexOf(Math.min(...this.#takes));
    this.#planned = inARow(due, trial.later - 1);
    return due;
  }

  #took(way: number, time: number): void {
    const times = (this.#times[way] ??= []);
    times.push(time);
    if (times.length > held) times.shift();
    const [least = time, second = least] = times.toSorted((one, other) => one - other);
    this.#takes[way] = second;
    const ofFastest = Math.min(...this.#takes.filter((takes) => takes > 0));
    this.#next[way] = this.#count + Math.ceil((often * trial.later * second) / ofFastest);
  }
}

const inARow = (way: number, times: number): number[] => new Array<number>(times).fill(way);
