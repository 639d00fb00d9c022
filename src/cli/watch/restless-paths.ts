import type { WatchedChange } from '../../report/watching.ts';

/** A path that changed during so many rounds on end is taken for one that a stage writes. */
const mostRounds = 5;

/** Paths that change with every round: a stage that writes what it reads would otherwise run for ever. */
export class RestlessPaths {
  #counts = new Map<string, number>();

  /** To be told once a round, of all that changed while it ran. */
  count(changes: readonly WatchedChange[]): void {
    this.#counts = new Map(changes.map(({ path }) => [path, (this.#counts.get(path) ?? 0) + 1]));
  }

  among(changes: readonly WatchedChange[]): readonly string[] {
    return changes.map(({ path }) => path).filter((path) => this.#isRestless(path));
  }

  without(changes: readonly WatchedChange[]): readonly WatchedChange[] {
    return changes.filter(({ path }) => !this.#isRestless(path));
  }

  clear(): void {
    this.#counts.clear();
  }

  #isRestless(path: string): boolean {
    return (this.#counts.get(path) ?? 0) >= mostRounds;
  }
}
