import { ThreadError } from '../threads/thread-error.ts';

/**
 * Looks at a number before sleeping, since to wake a thread takes longer than most of what is waited for: some fifty microseconds for another
 * thread's step, less than a millisecond for its tree. More would take time from threads that could run instead, where processors are busy.
 */
const spinsFor = { step: 20_000, tree: 200_000 } as const;
/** Whoever sleeps longer looks whether it is still wanted. */
const sleepMs = 100;
/** A thread that does not come for a minute has ended. */
const mostSleeps = 600;

/** Whole numbers in shared memory that threads wait for: at each place a number and, beside it, how many sleep until it changes. */
export const signalMemory = (places: number): Int32Array => new Int32Array(new SharedArrayBuffer(places * 8));

/** The number at a place. */
export const signalled = (memory: Int32Array, place: number): number => Atomics.load(memory, place * 2);

/** Changes it, and wakes those that sleep, if any: waking takes long even where nobody sleeps. */
export function signal(memory: Int32Array, place: number, value: number): void {
  Atomics.store(memory, place * 2, value);
  wake(memory, place);
}

/** Adds 1 to it, likewise; gives what it was. */
export function raise(memory: Int32Array, place: number): number {
  const before = Atomics.add(memory, place * 2, 1);
  wake(memory, place);
  return before;
}

function wake(memory: Int32Array, place: number): void {
  if (Atomics.load(memory, place * 2 + 1) > 0) Atomics.notify(memory, place * 2);
}

/** Waits until the number is another than this one `after` what the other threads do, but only once for as long as a sleep; false where it still is. */
export function changes(
  memory: Int32Array,
  place: number,
  { from, after }: { readonly from: number; readonly after: keyof typeof spinsFor },
): boolean {
  const spins = spinsFor[after];
  for (let spin = 0; spin < spins; spin++) if (Atomics.load(memory, place * 2) !== from) return true;
  Atomics.add(memory, place * 2 + 1, 1);
  Atomics.wait(memory, place * 2, from, sleepMs);
  Atomics.sub(memory, place * 2 + 1, 1);
  // Whoever was about to wake an earlier sleeper may have woken this one.
  return Atomics.load(memory, place * 2) !== from;
}

/** Waits until the number is another than this one, after a step. Throws when it stays so for a minute. */
export function waitForChange(memory: Int32Array, place: number, from: number): void {
  for (let sleep = 0; sleep < mostSleeps; sleep++) if (changes(memory, place, { from, after: 'step' })) return;
  throw new ThreadError('another thread does not answer');
}
