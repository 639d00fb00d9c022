import { areNearlyEqual } from './gain.ts';
import { raise, signal, signalMemory, waitForChange } from './meeting.ts';
import type { Split } from './tree-params.ts';

/** Numbers that stand for a split, or for none. */
const numbersOfSplit = 11;
/** Splits that are agreed on at once: those of a leaf's two children. */
const atOnce = 2;
/** Places of signals: the round, and how many are here. */
const [round, arrived] = [0, 1] as const;

/** What threads agree through: signals, and each thread's splits for even and for odd rounds. */
export interface Table {
  readonly signals: Int32Array;
  readonly splits: Float64Array;
}

export const agreementTable = (threads: number): Table => ({
  signals: signalMemory(2),
  splits: new Float64Array(new SharedArrayBuffer(16 * threads * atOnce * numbersOfSplit)),
});

/**
 * Threads that grow the same tree, each on some of the features: after each search all hear what the others found, and go on with the best of it. Of
 * equal scores the lower column counts, as within a thread, so that their number decides nothing.
 */
export class Agreement {
  readonly #table: Table;
  readonly #threads: number;
  readonly #own: number;
  readonly #columnOf: Int32Array;
  #round = 0;

  constructor(
    table: Table,
    options: { readonly threads: number; readonly own: number; readonly columnOf: Int32Array },
  ) {
    this.#table = table;
    this.#threads = options.threads;
    this.#own = options.own;
    this.#columnOf = options.columnOf;
  }

  /** Gives the best of all threads for each place. All must call it with as many. */
  best(found: readonly (Split | undefined)[]): readonly (Split | undefined)[] {
    // A thread may still read what this round's numbers would overwrite: hence two places, in turns.
    const half = (this.#round & 1) * this.#threads;
    found.forEach((split, place) => {
      write(this.#table.splits, ((half + this.#own) * atOnce + place) * numbersOfSplit, split);
    });
    this.#meet();
    return found.map((_, place) => {
      let best: Split | undefined;
      for (let thread = 0; thread < this.#threads; thread++) {
        const split = read(this.#table.splits, ((half + thread) * atOnce + place) * numbersOfSplit);
        if (split !== undefined && (best === undefined || this.#isBetter(split, best))) best = split;
      }
      return best;
    });
  }

  #isBetter(one: Split, other: Split): boolean {
    const isTie = one.left.rounded !== undefined && areNearlyEqual(one.score, other.score);
    const lead = isTie ? one.gain - other.gain : one.score - other.score;
    if (lead !== 0) return lead > 0;
    return (this.#columnOf[one.feature] ?? 0) < (this.#columnOf[other.feature] ?? 0);
  }

  /** Returns when all threads are here. */
  #meet(): void {
    const { signals } = this.#table;
    const own = this.#round++;
    if (raise(signals, arrived) < this.#threads - 1) {
      waitForChange(signals, round, own);
      return;
    }
    signal(signals, arrived, 0);
    signal(signals, round, this.#round);
  }
}

function write(to: Float64Array, at: number, split: Split | undefined): void {
  to[at] = split === undefined ? 0 : 1;
  if (split === undefined) return;
  const { gain, score, feature, bin, left, right } = split;
  to.set([gain, score, feature, bin, left.gradient, left.hessian, right.gradient, right.hessian], at + 1);
  to.set([left.rounded ?? NaN, right.rounded ?? NaN], at + 9);
}

const roundedOf = (number: number): { readonly rounded?: number } => (Number.isNaN(number) ? {} : { rounded: number });

function read(from: Float64Array, at: number): Split | undefined {
  if (from[at] !== 1) return undefined;
  const number = (i: number): number => from[at + 1 + i] ?? 0;
  return {
    gain: number(0),
    score: number(1),
    feature: number(2),
    bin: number(3),
    left: { gradient: number(4), hessian: number(5), ...roundedOf(number(8)) },
    right: { gradient: number(6), hessian: number(7), ...roundedOf(number(9)) },
  };
}
