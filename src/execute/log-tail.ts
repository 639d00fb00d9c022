import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';

const intervalMs = 100;
/** What one look takes at most; of more, the latest part is passed on. The log file has all of it. */
const lookBytes = 64 << 10;

/** Passes on what is appended to a log file, a few times a second. */
export interface LogTail {
  /** Passes on the rest and stops. */
  stop(): void;
}

/** The file is opened only once there is something in it: most stages print nothing. */
export function tailLog(file: string, onText: (text: string) => void): LogTail {
  const decoder = new StringDecoder('utf8');
  let descriptor: number | undefined;
  let buffer: Buffer | undefined;
  let position = 0;
  const look = (): void => {
    const end = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
    if (end <= position) return;
    descriptor ??= openIfThere(file);
    if (descriptor === undefined) return;
    buffer ??= Buffer.allocUnsafe(lookBytes);
    const from = Math.max(position, end - lookBytes);
    const read = readSync(descriptor, buffer, 0, Math.min(end - from, lookBytes), from);
    position = from + read;
    const text = decoder.write(buffer.subarray(0, read));
    if (text !== '') onText(text);
  };
  const timer = setInterval(look, intervalMs);
  timer.unref();
  return {
    stop: () => {
      clearInterval(timer);
      look();
      if (descriptor !== undefined) closeSync(descriptor);
    },
  };
}

/** A stage may have removed its own log. */
function openIfThere(file: string): number | undefined {
  try {
    return openSync(file, 'r');
  } catch {
    return undefined;
  }
}
