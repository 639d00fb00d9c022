import { formatCsv } from '../data/csv.ts';
import type { FitControl, FitProgress } from '../estimator.ts';

/** How often a line may be written. */
const quietMs = 1000;

export interface FitWatchOptions {
  /** Of the algorithm, for the line. */
  readonly name: string;
  say(line: string): void;
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number;
}

/** Follows a fit: at most one line a second says how far it is, and all that it said is kept as its curve. */
export class FitWatch implements FitControl {
  readonly #options: FitWatchOptions;
  readonly #now: () => number;
  readonly #curve: FitProgress[] = [];
  readonly #startedAt: number;
  #spokeAt: number;

  constructor(options: FitWatchOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
    this.#startedAt = this.#now();
    this.#spokeAt = this.#startedAt;
  }

  onProgress(progress: FitProgress): void {
    this.#curve.push(progress);
    const now = this.#now();
    if (now - this.#spokeAt < quietMs) return;
    this.#spokeAt = now;
    this.#options.say(this.#line(progress, now - this.#startedAt));
  }

  /** Everything reported, as CSV: `step,part,iteration,value`; steps count through all parts, and a part has no name where there is one alone. */
  curveCsv(): string {
    const rows = this.#curve.map(({ part, iteration, value }, step) => [
      String(step + 1),
      part ?? '',
      String(iteration),
      String(value),
    ]);
    return formatCsv(['step', 'part', 'iteration', 'value'], rows);
  }

  #line({ part, iteration, total, value, measure }: FitProgress, elapsedMs: number): string {
    const subject = part === undefined ? this.#options.name : `${this.#options.name}, ${part}`;
    const count = total === undefined ? `iteration ${iteration}` : `iteration ${iteration} of ${total}`;
    const number = Number.isInteger(value) ? String(value) : value.toPrecision(4);
    const shown = measure === undefined ? number : `${measure} ${number}`;
    return [`${subject}: ${count}`, shown, ...timeLeft(iteration, total, elapsedMs)].join(', ');
  }
}

/** Nothing is said where the end is unknown. */
function timeLeft(iteration: number, total: number | undefined, elapsedMs: number): string[] {
  if (total === undefined || iteration <= 0 || iteration >= total) return [];
  const seconds = Math.ceil(((elapsedMs / iteration) * (total - iteration)) / 1000);
  return [seconds < 120 ? `about ${seconds} s left` : `about ${Math.ceil(seconds / 60)} min left`];
}
