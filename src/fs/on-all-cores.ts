import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';

/** What one message to a worker asks for: enough that messages cost nothing beside the work, little enough to share it out evenly. */
const filesAtOnce = 64;
const bytesAtOnce = 8 << 20;

/** Of a batch: what became of each task in its order, or why one of them could not be done. */
type Reply<A> =
  | { readonly answers: readonly A[] }
  | { readonly code: string | undefined; readonly message: string; readonly path: string };

/**
 * What a worker runs, as a function of which only the text counts: it may use nothing from outside of itself, and asks for Node's modules
 * by `process.getBuiltinModule`. It gives the function that does one task, which throws the system's error. So no second bundle must be
 * built and found.
 */
export type WorkerBody<T, A> = () => (task: T) => A;

/**
 * Does many tasks, each about a file of `size` bytes, on all cores; takes them from `tasks` as workers become free, so that they need not
 * all be there at once. `onAnswer` hears the place in the list and the answer of each, in no order. Throws the system's error, with the
 * path that it is about, of the first that fails. Starting workers takes as long as hundreds of small files.
 */
export async function onAllCores<T extends { readonly path: string; readonly size: number }, A>(
  body: WorkerBody<T, A>,
  tasks: Iterable<T>,
  onAnswer: (index: number, answer: A) => void,
): Promise<void> {
  const batches = batchesOf(tasks);
  const workers = Array.from(
    { length: availableParallelism() },
    () => new Worker(`(${serve.toString()})((${body.toString()})())`, { eval: true }),
  );
  try {
    await Promise.all(
      workers.map(async (worker) => {
        for (let next = batches.next(); next.done !== true; next = batches.next()) {
          const { first, batch } = next.value;
          const answers = await ask<A>(worker, batch);
          answers.forEach((answer, index) => {
            onAnswer(first + index, answer);
          });
        }
      }),
    );
  } finally {
    await Promise.all(workers.map(async (worker) => worker.terminate()));
  }
}

function* batchesOf<T extends { readonly size: number }>(tasks: Iterable<T>): Generator<{ first: number; batch: T[] }> {
  let first = 0;
  let batch: T[] = [];
  let bytes = 0;
  for (const task of tasks) {
    batch.push(task);
    bytes += task.size;
    if (batch.length < filesAtOnce && bytes < bytesAtOnce) continue;
    yield { first, batch };
    first += batch.length;
    batch = [];
    bytes = 0;
  }
  if (batch.length > 0) yield { first, batch };
}

async function ask<A>(worker: Worker, tasks: readonly unknown[]): Promise<readonly A[]> {
  const reply = await new Promise<Reply<A>>((resolve, reject) => {
    const settle = (message: Reply<A>): void => {
      worker.off('error', reject);
      resolve(message);
    };
    worker.once('message', settle);
    worker.once('error', reject);
    worker.postMessage(tasks);
  });
  if ('answers' in reply) return reply.answers;
  const { code, message, path } = reply;
  throw Object.assign(new Error(message), { path, ...(code === undefined ? {} : { code }) });
}

/** The worker's side of `ask`; also handed over as text. */
function serve(doOne: (task: { readonly path: string }) => unknown): void {
  const { parentPort } = process.getBuiltinModule('node:worker_threads');
  parentPort?.on('message', (tasks: readonly { readonly path: string }[]) => {
    let at = '';
    try {
      const answers = tasks.map((task) => {
        at = task.path;
        return doOne(task);
      });
      parentPort.postMessage({ answers });
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      parentPort.postMessage({ code, message, path: at });
    }
  });
}
