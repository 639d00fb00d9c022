import { createInterface } from 'node:readline/promises';
import type { CliContext } from '../context.ts';

/** Asks a person; where there is none to ask, the answer is no. */
export async function confirm(context: CliContext, question: string): Promise<boolean> {
  if (!context.log.isTerminal || !process.stdin.isTTY) return false;
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await asking.question(`${question} [y/N] `)).trim());
  } finally {
    asking.close();
  }
}
