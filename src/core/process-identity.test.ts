import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { isAlive, processIdentity } from './process-identity.ts';

describe('isAlive', () => {
  it('knows its own process', () => {
    expect(isAlive(processIdentity())).toBe(true);
  });

  it('says that a process which has ended is gone', async () => {
    const child = spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' });
    await once(child, 'exit');
    expect(isAlive({ ...processIdentity(), pid: child.pid ?? 0, startedAt: null })).toBe(false);
  });

  it('does not take a later process with the same number for the one it was', () => {
    expect(isAlive({ ...processIdentity(), startedAt: '00000000:1' })).toBe(process.platform !== 'linux');
  });

  it('never calls a process of another host gone', () => {
    expect(isAlive({ pid: 1, host: 'elsewhere.example', startedAt: 'x' })).toBe(true);
  });

  it.runIf(process.platform === 'linux')('reads the start tick that ps derives its start time from', () => {
    const boot = Number(/btime (\d+)/.exec(execFileSync('cat', ['/proc/stat'], { encoding: 'utf8' }))?.[1]);
    const tick = Number(processIdentity().startedAt?.split(':')[1]);
    const started = (boot + tick / 100) * 1000;
    expect(Math.abs(started - (Date.now() - process.uptime() * 1000))).toBeLessThan(5000);
  });
});
