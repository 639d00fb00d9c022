import { Worker } from 'node:worker_threads';
import type { JobName } from './jobs.ts';
import { ThreadError } from './thread-error.ts';

/** Threads that stay, and are asked one thing at a time each. */
export interface Threads<T, A> {
  /** Rejects when the thread ends before it answered. */
  ask(thread: number, task: T): Promise<A>;
  /** Ends all of them, whatever they do. */
  close(): Promise<void>;
}

/** Starts threads for one job. `shared` is handed to each once; arrays over a SharedArrayBuffer are not copied. */
export function openThreads<T, A>(job: JobName, shared: unknown, threads: number): Threads<T, A> {
  const workers = Array.from({ length: threads }, () => startWorker({ job, shared }));
  const ends = workers.map(endOf);
  return {
    ask: async (thread, task) => {
      const [worker, end] = [workers[thread], ends[thread]];
      if (worker === undefined || end === undefined) throw new Error(`there is no thread ${thread}`);
      const answer = new Promise<A>((resolve) => worker.once('message', resolve));
      worker.postMessage(task);
      return Promise.race([answer, end]);
    },
    close: async () => {
      await Promise.all(workers.map(async (worker) => worker.terminate()));
    },
  };
}

/** Never resolves; rejects when the thread ends, as one does that has no memory left. */
async function endOf(worker: Worker): Promise<never> {
  const end = new Promise<never>((_, reject) => {
    worker.once('error', (cause: Error) => {
      reject(new ThreadError(cause.message, { cause }));
    });
    worker.once('exit', (code) => {
      reject(new ThreadError(`it ended with code ${code}`));
    });
  });
  // A thread may end while nobody waits for it.
  end.catch(() => undefined);
  return end;
}

/** From the sources the entry is TypeScript, which tsx reads once it was asked to; in the build it lies beside this code. */
function startWorker(workerData: unknown): Worker {
  if (!import.meta.url.endsWith('.ts')) return new Worker(new URL('./ml-worker.js', import.meta.url), { workerData });
  const tsx = import.meta.resolve('tsx/esm/api');
  const entry = new URL('./worker.ts', import.meta.url).href;
  const code = `import('${tsx}').then(({ tsImport }) => tsImport('${entry}', '${entry}'))`;
  return new Worker(code, { workerData, eval: true });
}
