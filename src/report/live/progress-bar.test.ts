import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { progress } from '../event-fixtures.ts';
import { createProgressBar } from './progress-bar.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function barOn(): { written: string[]; bar: ReturnType<typeof createProgressBar> } {
  const written: string[] = [];
  // The bar only writes.
  const terminal = { columns: 80, write: (text: string) => written.push(text) } as unknown as NodeJS.WriteStream;
  return { written, bar: createProgressBar({ terminal, columns: 80, colour: false }) };
}

it('shows nothing of work that takes less than a second', () => {
  const { written, bar } = barOn();
  bar.sink(progress(1, 10));
  vi.advanceTimersByTime(900);
  bar.finish();
  expect(written).toEqual([]);
});

it('redraws one line and clears it at the end', () => {
  const { written, bar } = barOn();
  for (let i = 0; i < 20; i++) {
    bar.sink(progress(i * 1e6, 20e6));
    vi.advanceTimersByTime(100);
  }
  bar.finish();
  expect(written.length).toBeGreaterThan(5);
  expect(written.every((text) => text.startsWith('\r\u001b[2K') && !text.includes('\n'))).toBe(true);
  expect(written.at(-2)).toContain('hashing data/big.csv');
  expect(written.at(-1)).toBe('\r\u001b[2K');
});
