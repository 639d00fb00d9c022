/** What a thread does: made once from what all tasks share, then asked task after task. */
export type Job<S, T, A> = (shared: S) => (task: T) => A;

/** By name, so that a thread which got the name as text finds the code. Loaded when it is used. */
export const jobs = {
  boosting: async () => (await import('../boosting/growing-thread.ts')).growingThread,
  forest: async () => (await import('../forest/grow-trees.ts')).growTrees,
} as const;

export type JobName = keyof typeof jobs;
