import { spawn } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { failure } from '../../core/failure.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { tracedCalls } from './file-calls.ts';
import { traceEnd } from './trace-end.ts';

/** How strace is called here: its path and options, without what to trace. */
export interface Strace {
  readonly words: readonly string[];
}

/**
 * -f follows children, -y tells what descriptors stand for, -q keeps messages of its own out, -s 0 the contents of arguments;
 * -I never: it must not end before what it traces when the group gets a signal.
 */
const always = ['-f', '-y', '-q', '-s', '0', '-I', 'never', '-e', `trace=${tracedCalls}`];

/**
 * Best first. -D: strace stands beside the stage, not above it, so that the stage's end, status and signals reach mlp as without it,
 * and a process left behind does not hold up the run. --seccomp-bpf: the kernel stops processes at the asked calls alone.
 */
const ways = [['-D', '--seccomp-bpf'], ['-D'], ['--seccomp-bpf'], []];

const probeMs = 5000;

/** Finds strace and the best way to call it that works here, by tracing a small process. `scratch`: a folder for that. */
export async function findStrace(
  env: Readonly<Record<string, string | undefined>>,
  scratch: string,
): Promise<Result<Strace>> {
  if (process.platform !== 'linux') return err(failure('trace-unavailable', { why: 'it works on Linux only' }));
  const program = (env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => isAbsolute(folder))
    .map((folder) => join(folder, 'strace'))
    .find(isExecutable);
  if (program === undefined) return err(failure('trace-unavailable', { why: 'strace is not installed' }));
  const folder = mkdtempSync(join(scratch, 'probe-'));
  try {
    let refused = '';
    for (const way of ways) {
      const words = [program, ...way, ...always];
      const told = await probe(words, join(folder, `trace${ways.indexOf(way)}`));
      if (told === undefined) return ok({ words });
      refused ||= told;
    }
    return err(failure('trace-unavailable', { why: `strace cannot trace here: ${refused}` }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Undefined when a small process was traced to its end; else what strace said. */
async function probe(words: readonly string[], file: string): Promise<string | undefined> {
  const [program = '', ...options] = words;
  const child = spawn(program, [...options, '-o', file, '--', '/bin/sh', '-c', 'exit 7'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: probeMs,
    killSignal: 'SIGKILL',
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const status = await new Promise<number | null>((resolve) => {
    child.once('error', (error) => {
      said = error.message;
      resolve(null);
    });
    child.once('exit', resolve);
  });
  if (status === 7 && (await traceEnd(file, probeMs))) return undefined;
  child.stderr.destroy();
  const [line = ''] = said.trim().split('\n');
  return line === '' ? `it ended with status ${status ?? 'none'}` : line;
}
