import { join } from 'node:path';
import { readLogTail as readTail } from '../../fs/log-text.ts';
import { styleFor } from '../../report/style.ts';
import type { ReadLogTail, Reporter } from '../../report/reporter.ts';
import type { Output } from '../context.ts';

/** How a run is shown: live on a terminal, in plain lines elsewhere. `screen` is where; with --json that is standard error. */
export async function chooseReporter(root: string, screen: Output): Promise<Reporter> {
  const readLogTail: ReadLogTail = (logFile, lines) => readTail(join(root, logFile), lines);
  if (screen.isTerminal && screen.terminal !== undefined) {
    const { createLiveReporter } = await import('../../report/live/live-reporter.ts');
    const { columns, colour, terminal } = screen;
    return createLiveReporter({ stdout: terminal, columns, colour, readLogTail });
  }
  const { createPlainReporter } = await import('../../report/plain-reporter.ts');
  const write = (text: string): void => {
    screen.write(text);
  };
  return createPlainReporter({ write, columns: screen.columns, style: styleFor(screen.colour), readLogTail });
}
