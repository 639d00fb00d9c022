/** A thread that ended before it was told to. */
export class ThreadError extends Error {}
