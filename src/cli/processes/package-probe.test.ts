import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packageProbe, startProbe } from './package-probe.ts';

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

  it('may be started long before it is asked, and then answers at once', async () => {
    const entry = join(folder, 'mlp.cjs');
    const ready = join(folder, 'ready');
    writeFileSync(
      entry,
      `require('node:fs').writeFileSync(${JSON.stringify(ready)}, String(process.pid));
      process.stdin.on('data', () => undefined).on('end', () => console.log(JSON.stringify({ ok: true, value: process.pid })));`,
    );
    const probe = await startProbe({ entry, timeoutMs: 10_000 });
    await expect.poll(() => existsSync(ready), { timeout: 10_000 }).toBe(true);
    expect(probe.isWaiting()).toBe(true);
    expect(await probe.ask({ candidate: '/somewhere' })).toEqual({
      ok: true,
      value: Number(readFileSync(ready, 'utf8')),
    });
    expect(probe.isWaiting()).toBe(false);
  });

  it('waits no longer once it was told to end', async () => {
    const entry = join(folder, 'mlp.cjs');
    writeFileSync(entry, 'process.stdin.resume();');
    const probe = await startProbe({ entry });
    probe.end();
    await expect.poll(() => probe.isWaiting(), { timeout: 10_000 }).toBe(false);
    expect(await probe.ask({ candidate: '/somewhere' })).toMatchObject({
      ok: false,
      error: { reason: 'probe-failed' },
    });
  });
});
