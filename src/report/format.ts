import { canonicalJson } from '../core/json.ts';
import type { JsonValue } from '../core/json.ts';

/** `0.41s`, `2.3s`, `1m05s`, `2h03m`: the digits that still mean something at that length. Takes seconds. */
export function formatDuration(seconds: number): string {
  const kept = Math.max(0, seconds);
  // The limits are where the rounded text would reach the next unit, so that 59.96 is `1m00s` and never `60.0s`.
  if (kept < 0.995) return `${kept.toFixed(2)}s`;
  if (kept < 59.95) return `${kept.toFixed(1)}s`;
  const whole = Math.round(kept);
  if (whole < 3600) return `${Math.floor(whole / 60)}m${twoDigits(whole % 60)}s`;
  const minutes = Math.round(whole / 60);
  return `${Math.floor(minutes / 60)}h${twoDigits(minutes % 60)}m`;
}

const twoDigits = (value: number): string => String(value).padStart(2, '0');

const byteUnits = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];

/** `512 B`, `6.9 MB`, `1.2 GB`: powers of 1000, one decimal from kB on. */
export function formatBytes(bytes: number): string {
  let value = Math.max(0, bytes);
  let unit = 0;
  while (value >= 999.95 && unit < byteUnits.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? String(Math.round(value)) : value.toFixed(1)} ${byteUnits[unit] ?? ''}`;
}

export const formatRate = (bytesPerSecond: number): string => `${formatBytes(bytesPerSecond)}/s`;

/** How long ago `then` was, seen from `now` (both in milliseconds): `just now`, `3 min ago`, `2 days ago`. */
export function formatAgo(then: number, now: number): string {
  const seconds = Math.max(0, now - then) / 1000;
  if (seconds < 10) return 'just now';
  if (seconds < 60) return `${Math.floor(seconds)} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  const days = Math.floor(seconds / 86_400);
  if (days < 60) return days === 1 ? '1 day ago' : `${days} days ago`;
  return new Date(then).toISOString().slice(0, 10);
}

/** `9c1f07d2..`: enough of a hash to tell two apart by eye. */
export const shortHash = (hash: string): string => `${hash.slice(0, 8)}..`;

/** A metric: whole numbers as they are, others with 4 decimals, those too small for that with an exponent. */
export function formatNumber(value: number): string {
  if (Number.isInteger(value)) return String(value === 0 ? 0 : value);
  if (!Number.isFinite(value)) return String(value);
  if (Math.abs(value) < 0.000_05) return value.toExponential(1);
  return value.toFixed(4);
}

/** A difference with its sign: `+0.0073`, `-12`, `0` for none. A difference below 4 decimals is not shown as none. */
export function formatDelta(delta: number): string {
  const text = formatNumber(delta);
  return delta > 0 ? `+${text}` : text;
}

const looksLikeAnotherType = /^(|null|~|true|false|yes|no|on|off|[-+.\d[{].*)$/i;

/** A parameter's value on one line: plain words as they are, text that could be taken for another type in quotes, lists as JSON. */
export function formatValue(value: JsonValue): string {
  if (typeof value !== 'string') return typeof value === 'number' ? String(value) : canonicalJson(value);
  const plain =
    !looksLikeAnotherType.test(value) && /^[\p{L}\p{N}\p{P}\p{S} ]+$/u.test(value) && !/^ | $|"/.test(value);
  return plain ? value : JSON.stringify(value);
}

/** `1 stage`, `4 stages`. */
export const countOf = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
