import type { Output } from './context.ts';

interface Stream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

const defaultColumns = 80;

/** A stream of the process as the commands see it. */
export function outputOf(stream: Stream, env: Readonly<Record<string, string | undefined>>): Output {
  const isTerminal = stream.isTTY === true && env['TERM'] !== 'dumb';
  const noColour = (env['NO_COLOR'] ?? '') !== '';
  const forced = (env['FORCE_COLOR'] ?? '') !== '' && env['FORCE_COLOR'] !== '0';
  const wanted = Number(env['COLUMNS']);
  return {
    write: (text) => void stream.write(text),
    isTerminal,
    columns: stream.columns ?? (Number.isInteger(wanted) && wanted > 0 ? wanted : defaultColumns),
    colour: (isTerminal || forced) && !noColour,
  };
}

/** A reader that closes early (`mlp runs list | head`) ends the output, and is no error. */
export function ignoreClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
}
