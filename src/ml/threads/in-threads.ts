import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { jobs, type Job, type JobName } from './jobs.ts';

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
  const perform = ((await jobs[work.job]()) as unknown as Job<S, T, A>)(work.shared);
  return tasks.every((task, index) => onAnswer(index, perform(task)));
}

async function byWorkers<S, T, A>({ job, shared, tasks, onAnswer }: Work<S, T, A>, threads: number): Promise<boolean> {
  const workers = Array.from({ length: threads }, () => startWorker({ job, shared }));
  let next = 0;
  let goesOn = true;
  const serve = async (worker: Worker): Promise<void> => {
    for (let index = next++; goesOn && index < tasks.length; index = next++) {
      const answer = await ask<A>(worker, tasks[index]);
      goesOn &&= onAnswer(index, answer);
    }
  };
  try {
    await Promise.all(workers.map(serve));
  } finally {
    await Promise.all(workers.map(async (worker) => worker.terminate()));
  }
  return goesOn;
}

const ask = async <A>(worker: Worker, task: unknown): Promise<A> =>
  new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', (answer: A) => {
      worker.off('error', reject);
      resolve(answer);
    });
    worker.postMessage(task);
  });

/** From the sources the entry is TypeScript, which tsx reads once it was asked to; in the build it lies beside this code. */
function startWorker(workerData: unknown): Worker {
  if (!import.meta.url.endsWith('.ts')) return new Worker(new URL('./ml-worker.js', import.meta.url), { workerData });
  const tsx = import.meta.resolve('tsx/esm/api');
  const entry = new URL('./worker.ts', import.meta.url).href;
  const code = `import('${tsx}').then(({ tsImport }) => tsImport('${entry}', '${entry}'))`;
  return new Worker(code, { workerData, eval: true });
}
