/** Turns Ctrl-C and a polite kill into an AbortSignal, for as long as a command runs processes of its own. */
export interface Interrupts {
  readonly signal: AbortSignal;
  /** Aborted by a second one: nothing is waited for any more. */
  readonly hurry: AbortSignal;
  /** The signal that came, if one did. */
  received(): string | undefined;
  stop(): void;
}

const listened: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

export function listenForInterrupts(onFirst: (signal: string) => void): Interrupts {
  const controller = new AbortController();
  const hurry = new AbortController();
  let first: string | undefined;
  const hear = (signal: NodeJS.Signals): void => {
    if (first !== undefined) {
      hurry.abort();
      return;
    }
    first = signal;
    onFirst(signal);
    controller.abort();
  };
  for (const signal of listened) process.on(signal, hear);
  if (process.platform !== 'win32') process.on('SIGXFSZ', refuseTheWrite);
  return {
    signal: controller.signal,
    hurry: hurry.signal,
    received: () => first,
    stop: () => {
      for (const signal of listened) process.off(signal, hear);
      process.off('SIGXFSZ', refuseTheWrite);
    },
  };
}

/** A write beyond the file size limit ends a process unless it listens; with a listener, the write fails like any other. */
const refuseTheWrite = (): void => undefined;
