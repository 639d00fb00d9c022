/** So often the first way is taken before any is judged: until the code of other threads is compiled, they are slow. */
const atFirst = 40;
/** First of all each way is tried so often in a row, in so many rounds: what was done before is still in the caches, and what is asked for may change from time to time. */
const trial = { inARow: 2, rounds: 4 } as const;
/** Later on a way is tried so often in a row. */
const again = 3;
/** Ways that take so much longer than the fastest one are tried in the first round only, and then seldom. */
const hopeless = 1.5;
/** Other ways than the fastest are tried from time to time, since what else runs on the machine changes: what that takes longer is such a share of all. */
const shareOfTrials = 0.01;
/** But not before so many times. */
const leastPause = 12;
/** And at first after so many times, and then each time after twice as many, if they are not hopeless: what was slow may only have had to get going. */
const firstPause = 24;
/** A way is held to take the median of so many last times. */
const held = 7;

/** Several ways to the same end: finds out which of them takes least time here and now. What comes of it must not depend on the way. */
export class FastestWay {
  readonly #now: () => number;
  /** By way: its last times, and what it is held to take. */
  readonly #times: number[][] = [];
  readonly #takes: number[] = [];
  /** By way: when it is to be tried again. */
  readonly #next: number[] = [];
  /** By way: after how many times it is tried again at the latest. */
  readonly #pauses: number[] = [];
  /** The ways that come next. */
  #planned: readonly number[] = inARow(0, atFirst);
  #rounds = 0;
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
    if (this.#planned.length === 0) this.#planned = this.#plan(ways);
    const [way = 0, ...later] = this.#planned;
    this.#planned = later;
    this.#count++;
    return way;
  }

  /** What is to be tried; the fastest way where nothing is. */
  #plan(ways: number): readonly number[] {
    if (this.#rounds < trial.rounds) {
      this.#rounds++;
      const hopeful = Array.from({ length: ways }, (_, way) => way).filter((way) => !this.#isHopeless(way));
      return hopeful.flatMap((way) => inARow(way, trial.inARow));
    }
    const due = this.#next.findIndex((next) => next <= this.#count);
    if (due < 0) return [this.#takes.indexOf(this.#least)];
    // What it took long ago tells nothing.
    this.#times[due] = [];
    this.#pauses[due] = 2 * (this.#pauses[due] ?? firstPause);
    return inARow(due, again);
  }

  #isHopeless(way: number): boolean {
    return this.#rounds > 1 && (this.#takes[way] ?? 0) > this.#least * hopeless;
  }

  get #least(): number {
    return Math.min(...this.#takes.filter((takes) => takes > 0));
  }

  #took(way: number, time: number): void {
    // Not judged by: it was only to get going.
    if (this.#rounds === 0) return;
    const times = (this.#times[way] ??= []);
    times.push(time);
    if (times.length > held) times.shift();
    const takes = times.toSorted((one, other) => one - other)[(times.length - 1) >> 1] ?? time;
    this.#takes[way] = takes;
    const longer = again * (takes / this.#least - 1);
    const pause = Math.max(leastPause, Math.ceil(longer / shareOfTrials));
    const latest = this.#isHopeless(way) ? pause : (this.#pauses[way] ?? firstPause);
    this.#next[way] = this.#count + Math.min(pause, latest);
  }
}

const inARow = (way: number, times: number): readonly number[] => new Array<number>(times).fill(way);
