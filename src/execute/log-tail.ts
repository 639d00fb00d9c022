import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';

const intervalMs = 100;
/** What one look takes at most; of more, the latest part is passed on. The log file has all of it. */
const lookBytes = 64 << 10;

/** Passes on what is appended to a log file, a few times a second. */
export interface LogTail {
  /** Passes on the rest and stops. */
  stop(): void;
}

export function tailLog(file: string, onText: (text: string) => void): LogTail {
  const descriptor = openSync(file, 'r');
  const decoder = new StringDecoder('utf8');
  const buffer = Buffer.alloc(lookBytes);
  let position = 0;
  const look = (): void => {
    const end = fstatSync(descriptor).size;
    if (end <= position) return;
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
      closeSync(descriptor);
    },
  };
}
