import { Worker } from 'node:worker_threads';
import type { FitControl, FitProgress } from '../estimator.ts';

/**
 * What the thread does, as a function of which only the text counts: it may use nothing from outside of itself, and asks for modules by
 * `require`, which it is given. `tell` says how far it is.
 */
export type ThreadBody<T, A> = (task: T, given: ThreadTools) => A | Promise<A>;

interface ThreadTools {
  readonly require: NodeJS.Require;
  readonly tell: (progress: FitProgress) => void;
}

type Message<A> = { readonly told: FitProgress } | { readonly answer: A } | { readonly problem: string };

/** How often it is asked whether to go on, also while nothing is told. */
const askEveryMs = 100;

/** What came of the work: undefined when it was cancelled. */
export type ThreadOutcome<A> = { readonly answer: A } | { readonly problem: string } | undefined;

/**
 * Works on a thread of its own. Packages that work in one long call then do not hold up signals and can be ended in the middle; what they print,
 * the handlers that they hang into the process and the memory that they never give back go with the thread.
 */
export async function onOwnThread<T, A>(
  body: ThreadBody<T, A>,
  task: T,
  control: FitControl,
): Promise<ThreadOutcome<A>> {
  // tsx calls `__name` in functions that it compiled.
  const code = `globalThis.__name = (made) => made; (${serve.toString()})(${body.toString()}, require)`;
  const worker = new Worker(code, { eval: true, workerData: task, stdout: true, stderr: true });
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<ThreadOutcome<A>>((resolve) => {
      const endIfCancelled = (): void => {
        if (control.cancelled?.() === true) resolve(undefined);
      };
      timer = setInterval(endIfCancelled, askEveryMs);
      let isOver = false;
      worker.on('message', (message: Message<A>) => {
        if (isOver) return;
        if (!('told' in message)) {
          resolve(message);
          return;
        }
        control.onProgress?.(message.told);
        isOver = control.cancelled?.() === true;
        if (isOver) resolve(undefined);
      });
      worker.on('error', (error) => {
        resolve({ problem: error.message });
      });
      worker.on('exit', () => {
        resolve({ problem: 'it ended without an answer' });
      });
    });
  } finally {
    clearInterval(timer);
    await worker.terminate();
  }
}

/** The thread's side; handed over as text. */
async function serve(body: ThreadBody<unknown, unknown>, require: NodeJS.Require): Promise<void> {
  const thread = process.getBuiltinModule('node:worker_threads');
  const say = (message: Message<unknown>): void => thread.parentPort?.postMessage(message);
  const tell = (told: FitProgress): void => {
    say({ told });
  };
  try {
    say({ answer: await body(thread.workerData as unknown, { require, tell }) });
  } catch (error) {
    say({ problem: error instanceof Error ? error.message : String(error) });
  }
}
