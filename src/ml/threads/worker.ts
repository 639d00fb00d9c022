// The entry of a thread: does the tasks of the one job that it was started for.
import { parentPort, workerData } from 'node:worker_threads';
import { jobs, type Job, type JobName } from './jobs.ts';

const { job, shared } = workerData as { job: JobName; shared: unknown };
const perform = ((await jobs[job]()) as Job<unknown, unknown, unknown>)(shared);
parentPort?.on('message', (task: unknown) => {
  parentPort?.postMessage(perform(task));
});
