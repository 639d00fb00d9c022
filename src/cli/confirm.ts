import { isatty } from 'node:tty';
import type { CliContext } from './context.ts';

/** Asks on the terminal that standard input and error are; undefined when either is none. */
export function confirmOn(from: NodeJS.Process): CliContext['confirm'] {
  // By number: the stream of standard input is made when it is first looked at, which takes its time and is seldom needed.
  if (!isatty(0) || !isatty(2)) return undefined;
  return async (question) => {
    const { createInterface } = await import('node:readline/promises');
    const asking = createInterface({ input: from.stdin, output: from.stderr });
    // Ctrl-D is no answer.
    const closed = new Promise<string>((resolve) => {
      asking.once('close', () => {
        resolve('');
      });
    });
    const answer = await Promise.race([asking.question(`${question} [y/N] `), closed]);
    asking.close();
    return /^y(es)?$/i.test(answer.trim());
  };
}
