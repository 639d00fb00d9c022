import type { Output } from './context.ts';

const defaultColumns = 80;

/** A stream of the process as the commands see it. */
export function outputOf(stream: NodeJS.WriteStream, env: Readonly<Record<string, string | undefined>>): Output {
  const isTerminal = stream.isTTY && env['TERM'] !== 'dumb';
  const noColour = (env['NO_COLOR'] ?? '') !== '';
  const forced = (env['FORCE_COLOR'] ?? '') !== '' && env['FORCE_COLOR'] !== '0';
  const wanted = Number(env['COLUMNS']);
  return {
    write: (text) => void stream.write(text),
    isTerminal,
    columns: isTerminal ? sizeOr(stream.columns, defaultColumns) : sizeOr(wanted, defaultColumns),
    colour: (isTerminal || forced) && !noColour,
    ...(isTerminal && sizeOr(stream.rows, 0) > 0 ? { terminal: stream } : {}),
  };
}

/** A terminal that was never told its size (docker -t, script in a job) says 0, or nothing. */
const sizeOr = (size: number | undefined, otherwise: number): number =>
  size !== undefined && Number.isInteger(size) && size > 0 ? size : otherwise;

/** A reader that closes early (`mlp runs list | head`) ends the output, and is no error. */
export function ignoreClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
}
