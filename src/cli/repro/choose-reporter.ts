import { join } from 'node:path';
import { systemClock } from '../../core/clock.ts';
import { readLogText, readLogTail as readTail, type LogText } from '../../fs/log-text.ts';
import { styleFor } from '../../report/style.ts';
import type { ReadLogTail, Reporter } from '../../report/reporter.ts';
import type { Output } from '../context.ts';

/**
 * How a run is shown: live on a terminal, in plain lines elsewhere, in groups for CI. `screen` is where; with --json that is standard
 * error. `ciEnv`: the environment that tells the CI system, when --ci is given.
 */
export async function chooseReporter(
  root: string,
  screen: Output,
  ciEnv: Readonly<Record<string, string | undefined>> | undefined,
): Promise<Reporter> {
  const readLogTail: ReadLogTail = (logFile, lines) => readTail(join(root, logFile), lines);
  const write = (text: string): void => {
    screen.write(text);
  };
  if (ciEnv !== undefined) {
    const { createCiReporter } = await import('../../report/ci-reporter.ts');
    const readLog = (logFile: string, most: number): Promise<LogText | undefined> =>
      readLogText(join(root, logFile), most);
    return createCiReporter({ write, env: ciEnv, clock: systemClock, readLog, readLogTail });
  }
  if (screen.terminal !== undefined) {
    const { createLiveReporter } = await import('../../report/live/live-reporter.ts');
    const { columns, colour, terminal } = screen;
    return createLiveReporter({ stdout: terminal, columns, colour, readLogTail });
  }
  const { createPlainReporter } = await import('../../report/plain-reporter.ts');
  return createPlainReporter({ write, columns: screen.columns, style: styleFor(screen.colour), readLogTail });
}
