import { exitCode } from '../core/exit-code.ts';
import { failureExit, failureMessage } from '../core/failure.ts';
import { systemProblem } from '../fs/system-problem.ts';
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

/**
 * A reader that closes early (`mlp runs list | head`) ends the output, and is no error. A file that takes no more (`mlp repro > log` on a
 * full disk) is one, but does not end the work: it is told once, and the exit code says it.
 */
export function outlastOutput(): void {
  let told = false;
  const hear = (error: NodeJS.ErrnoException): void => {
    const { code } = error;
    if (code === 'EPIPE' || told) return;
    const problem = systemProblem(error, { what: 'write to', path: 'the standard output' });
    told = true;
    process.once('exit', (ending) => {
      if (ending === exitCode.done) process.exitCode = failureExit(problem);
    });
    process.stderr.write(`error: ${failureMessage(problem)}\n  next: make room there; the work itself went on\n`);
  };
  for (const stream of [process.stdout, process.stderr]) stream.on('error', hear);
}
