import { availableParallelism } from 'node:os';
import { jobs, type Job, type JobName } from './jobs.ts';
import { openThreads } from './pool.ts';

interface Work<S, T, A> {
  readonly job: JobName;
  /** Handed to each thread once. Arrays over a SharedArrayBuffer are not copied. */
  readonly shared: S;
  readonly tasks: readonly T[];
  readonly threads: number;
  /** Hears each answer with the place of its task, in no order; false ends the work. */
  readonly onAnswer: (index: number, answer: A) => boolean;
}

/** Cores, where 0 was asked for. */
export const threadsOf = (wanted: number): number => (wanted === 0 ? availableParallelism() : wanted);

/**
 * Does all tasks, on this thread alone where one is enough. False when `onAnswer` ended it. What a task gives must depend on nothing but the
 * task and what is shared, so that the number of threads changes nothing but the time.
 */
export async function inThreads<S, T, A>(work: Work<S, T, A>): Promise<boolean> {
  const { tasks, onAnswer } = work;
  const threads = Math.min(work.threads, tasks.length);
  if (threads > 1) return byWorkers(work, threads);
  // The name of a job does not tell its types: whoever asks for the work knows them, as with worker.ts.
  const perform = ((await jobs[work.job]()) as unknown as Job<S, T, A>)(work.shared);
  return tasks.every((task, index) => onAnswer(index, perform(task)));
}

async function byWorkers<S, T, A>({ job, shared, tasks, onAnswer }: Work<S, T, A>, threads: number): Promise<boolean> {
  const pool = openThreads<T | undefined, A>(job, shared, threads);
  let next = 0;
  let goesOn = true;
  const serve = async (thread: number): Promise<void> => {
    for (let index = next++; goesOn && index < tasks.length; index = next++) {
      const answer = await pool.ask(thread, tasks[index]);
      goesOn &&= onAnswer(index, answer);
    }
  };
  try {
    await Promise.all(Array.from({ length: threads }, (_, thread) => serve(thread)));
  } finally {
    await pool.close();
  }
  return goesOn;
}
