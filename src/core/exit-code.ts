/** Exit codes of the command line. */
export const exitCode = {
  done: 0,
  stageFailed: 1,
  usage: 2,
  stale: 3,
  refused: 4,
  busy: 5,
  bug: 70,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];
