import { seededRandom } from '../../src/core/random.ts';

/** Choices that depend on a seed alone. */
export class Random {
  readonly #next: () => number;

  constructor(seed: number) {
    this.#next = seededRandom(seed);
  }

  /** A whole number from 0 up to, not including, `limit`. */
  below(limit: number): number {
    return Math.floor(this.#next() * limit);
  }

  chance(probability: number): boolean {
    return this.#next() < probability;
  }

  one<T>(from: readonly T[]): T {
    const chosen = from[this.below(from.length)];
    if (chosen === undefined) throw new Error('nothing to choose from');
    return chosen;
  }

  /** Up to `count` different ones, in the order given. */
  some<T>(from: readonly T[], count: number): T[] {
    const chosen = new Set<T>();
    for (let i = 0; i < count; i++) chosen.add(this.one(from));
    return from.filter((item, at) => chosen.has(item) && from.indexOf(item) === at);
  }
}
