import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readLogTail, readLogText } from './log-text.ts';

const folder = mkdtempSync(join(tmpdir(), 'mlp-log-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});
const written = (text: string): string => {
  const file = join(folder, 'stage.log');
  writeFileSync(file, text);
  return file;
};
const numbered = (count: number, width = 1): string =>
  Array.from({ length: count }, (_, i) => `${String(i + 1).padStart(width, '0')}\n`).join('');

describe('readLogTail', () => {
  it.each([0, 1, 29, 30, 31, 50_000])('gives what tail(1) gives of %d lines', async (count) => {
    const file = written(numbered(count));
    const expected = execFileSync('tail', ['-n', '30', file], { encoding: 'utf8' }).split('\n').slice(0, -1);
    expect(await readLogTail(file, 30)).toEqual(expected);
  });

  it('takes a last line without an end, and characters that span chunks', async () => {
    const file = written(`${'é'.repeat(100_001)}\nend`);
    expect(await readLogTail(file, 2)).toEqual(['é'.repeat(100_001), 'end']);
  });

  it('looks back no further than a megabyte or so', async () => {
    const [line] = (await readLogTail(written('x'.repeat(5_000_000)), 30)) ?? [];
    expect(line?.length).toBeLessThan(1_200_000);
  });

  it('gives nothing of a file that is not there', async () => {
    expect(await readLogTail(join(folder, 'none.log'), 30)).toBeUndefined();
  });
});

describe('readLogText', () => {
  it('gives a log of the greatest length whole', async () => {
    expect(await readLogText(written('ab\n'), 3)).toEqual({ whole: 'ab\n' });
  });

  it('cuts a longer one in the middle at line ends, and every byte is shown or counted', async () => {
    const text = numbered(10_000, 5);
    const cut = await readLogText(written(text), 2000);
    if (cut === undefined || 'whole' in cut) throw new Error('expected a cut log');
    expect(cut.head.length + cut.tail.length + cut.leftOut).toBe(text.length);
    expect(text.startsWith(cut.head) && text.endsWith(cut.tail)).toBe(true);
    expect(cut.head.endsWith('\n') && /^\d{5}\n/.test(cut.tail)).toBe(true);
    expect(cut.head.length + cut.tail.length).toBeGreaterThan(1980);
  });
});
