const unitSeconds: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400 };

/** Timers of Node overflow a little above this. */
export const longestDuration = { seconds: 24 * 86_400, said: '24 days' };

/** Seconds of `90`, `90s`, `1.5h` or `1h30m`; undefined for anything else, for zero and for what no timer can count. */
export function parseDuration(value: string | number): number | undefined {
  const seconds = typeof value === 'number' ? value : secondsOf(value.trim());
  return seconds > 0 && seconds <= longestDuration.seconds ? seconds : undefined;
}

function secondsOf(text: string): number {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  if (!/^(\d+(\.\d+)?(ms|s|m|h|d)\s*)+$/.test(text)) return Number.NaN;
  let seconds = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)) {
    seconds += Number(amount) * (unitSeconds[unit ?? ''] ?? Number.NaN);
  }
  return seconds;
}
