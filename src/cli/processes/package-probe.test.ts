import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packageProbe } from './package-probe.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mlp-probe-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Asks a script that stands for mlp. */
const ask = (script: string, timeoutMs = 10_000): ReturnType<ReturnType<typeof packageProbe>> => {
  const entry = join(folder, 'mlp.cjs');
  writeFileSync(entry, script);
  return packageProbe({ entry, timeoutMs })({ candidate: '/somewhere' });
};

describe('packageProbe', () => {
  it('hands the request over and brings the report back', async () => {
    const script = `let text = ''; process.stdin.on('data', (d) => (text += d)).on('end', () => {
      console.log(JSON.stringify({ ok: true, value: { asked: JSON.parse(text), words: process.argv.slice(2) } })); });`;
    expect(await ask(script)).toStrictEqual({
      ok: true,
      value: { asked: { candidate: '/somewhere' }, words: ['__probe'] },
    });
  });

  it.each([
    ['crashes', `throw new Error('boom')`, 'Node.js'],
    ['is killed', `process.kill(process.pid, 'SIGKILL')`, 'SIGKILL'],
    ['prints no report', `console.log('hello')`, 'cannot be read'],
  ])('fails when the process %s', async (_how, script, problem) => {
    const result = await ask(script);
    expect(result).toMatchObject({ ok: false, error: { reason: 'probe-failed' } });
    expect(JSON.stringify(result)).toContain(problem);
  });

  it('ends a process that takes too long', async () => {
    expect(JSON.stringify(await ask('setInterval(() => {}, 1000)', 300))).toContain('longer than');
  });
});
