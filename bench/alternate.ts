import { spawnSync } from 'node:child_process';

/** One side of a comparison: a command that is timed as a whole process. */
export interface Contestant {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Not timed; runs before each timed run. */
  readonly before?: () => void;
}

export interface Timing {
  readonly name: string;
  /** Wall seconds of each counted run. */
  readonly seconds: readonly number[];
  readonly median: number;
}

/** Runs the contestants in turn, A B C A B C, so that a machine that slows down slows all of them; the first round is not counted. */
export function alternate(contestants: readonly Contestant[], runs: number): Timing[] {
  const seconds = new Map<string, number[]>(contestants.map(({ name }) => [name, []]));
  for (let round = 0; round <= runs; round++) {
    for (const contestant of contestants) {
      const took = timeOnce(contestant);
      if (round > 0) seconds.get(contestant.name)?.push(took);
    }
  }
  return contestants.map(({ name }) => {
    const all = seconds.get(name) ?? [];
    return { name, seconds: all, median: median(all) };
  });
}

function timeOnce({ name, command, args, cwd, env, before }: Contestant): number {
  before?.();
  const startedAt = performance.now();
  const ended = spawnSync(command, args, { cwd, env: { ...process.env, ...env }, encoding: 'utf8' });
  const took = (performance.now() - startedAt) / 1000;
  if (ended.status !== 0) {
    throw new Error(
      `${name} ended with ${ended.status ?? ended.signal ?? 'nothing'}\n${ended.stdout}\n${ended.stderr}`,
    );
  }
  return took;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Prints the medians and each one's ratio to the named reference. */
export function printRatios(title: string, timings: readonly Timing[], reference: string): void {
  const base = timings.find(({ name }) => name === reference)?.median ?? NaN;
  console.log(`\n${title} (medians of ${timings[0]?.seconds.length ?? 0} alternating runs)`);
  for (const { name, seconds, median: middle } of timings) {
    const range = `${Math.min(...seconds).toFixed(3)}-${Math.max(...seconds).toFixed(3)}`;
    console.log(
      `  ${name.padEnd(28)} ${middle.toFixed(3)} s  (${range})   ${(middle / base).toFixed(2)} x ${reference}`,
    );
  }
}
