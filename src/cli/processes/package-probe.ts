import { failure } from '../../core/failure.ts';
import { err, type Result } from '../../core/result.ts';
import type { PackageProbe, ProbeReport } from '../../registry/probe.ts';

interface ProbeOptions {
  /** The script that starts mlp. */
  readonly entry: string;
  readonly timeoutMs?: number;
}

const standardTimeoutMs = 5 * 60_000;
/** A report has two small numbers a row of the test set. */
const mostReportBytes = 256 << 20;

/** A process that waits for its one request. */
export interface ProbeProcess {
  readonly ask: PackageProbe;
  /** False once it has ended, whatever ended it. */
  isWaiting(): boolean;
  end(): void;
}

/** Starts the process before there is anything to ask: it has read its own code by then. */
export async function startProbe({ entry, timeoutMs = standardTimeoutMs }: ProbeOptions): Promise<ProbeProcess> {
  const { execa } = await import('execa');
  const child = execa(process.execPath, [entry, '__probe'], {
    stdin: 'pipe',
    reject: false,
    forceKillAfterDelay: 1000,
    maxBuffer: mostReportBytes,
  });
  // What ended before it was asked is told by how it ended.
  child.stdin.on('error', () => undefined);
  return {
    ask: async (request) => {
      const deadline = AbortSignal.timeout(timeoutMs);
      deadline.addEventListener('abort', () => child.kill());
      child.stdin.end(JSON.stringify(request));
      const ended = await child;
      const failed = (problem: string): Result<ProbeReport> => err(failure('probe-failed', { problem }));
      if (deadline.aborted && ended.failed) return failed(`it took longer than ${Math.round(timeoutMs / 1000)} s`);
      if (ended.isMaxBuffer) return failed('its report is too large: the test set has too many rows');
      if (ended.signal !== undefined) return failed(`it was killed by ${ended.signal} (out of memory?)`);
      if (ended.failed) return failed(lastLine(ended.stderr) ?? `it ended with exit ${ended.exitCode ?? '?'}`);
      return reportIn(ended.stdout) ?? failed('its report cannot be read');
    },
    isWaiting: () => child.exitCode === null && child.signalCode === null,
    end: () => {
      child.kill();
    },
  };
}

/** Measures packages in a process of its own: nothing that this one has loaded can help them, and what kills it is only a refusal. */
export function packageProbe(options: ProbeOptions): PackageProbe {
  return async (request) => (await startProbe(options)).ask(request);
}

function lastLine(text: string): string | undefined {
  const line = text.trim().split('\n').at(-1);
  return line === '' ? undefined : line;
}

function reportIn(text: string): Result<ProbeReport> | undefined {
  try {
    return JSON.parse(text) as Result<ProbeReport>;
  } catch {
    return undefined;
  }
}
