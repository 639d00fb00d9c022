import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CommandShells } from './command-shell.ts';
import { signalGroup } from './process-group.ts';
import { runCommand, type CommandOutcome, type CommandRequest } from './run-command.ts';
import { parseTimes, shellWords } from './shell.ts';

let folder: string;
let log: string;
let shells: CommandShells;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mlp-run-'));
  log = join(folder, 'log');
  shells = new CommandShells({ cwd: folder, env });
});
afterEach(() => {
  shells.close();
  rmSync(folder, { recursive: true, force: true });
});

const env = { PATH: process.env['PATH'], SHELL: '/bin/sh', FROM_MLP: 'yes' };
const printed = (): string => readFileSync(join(folder, 'log'), 'utf8');

async function run(cmd: string, options: Partial<CommandRequest> = {}): Promise<CommandOutcome> {
  const standard = { cwd: folder, env, log, signal: new AbortController().signal };
  return runCommand({ ...standard, onStart: () => undefined, cmd, ...options }, shells);
}

const signalled = (pid: number, signal: NodeJS.Signals | 0): boolean => {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
};

describe('a command', () => {
  test('has its output in the log, its status told, and its processor time and memory measured', async () => {
    const busy = `${process.execPath} -e 'const b = Buffer.alloc(3e7, 1); const t = Date.now(); while (Date.now() - t < 300);'`;
    const outcome = await run(`echo out; echo err >&2; ${busy}; exit 3`);
    expect(printed()).toBe('out\nerr\n');
    expect(outcome).toMatchObject({ exitStatus: 3, signal: null, timedOut: false });
    expect(outcome.usage.cpuSeconds).toBeGreaterThan(0.1);
    expect(outcome.usage.cpuSeconds).toBeLessThan(20);
    if (process.platform === 'linux') expect(outcome.usage.peakMemoryBytes).toBeGreaterThan(3e7);
  });

  test.runIf(process.platform === 'linux')('has an empty input, and no descriptor of mlp', async () => {
    const outcome = await run('cat; test ! -e /proc/$$/fd/3');
    expect([outcome.exitStatus, printed()]).toEqual([0, '']);
  });

  test('does not begin before its process group was noted, and never when that fails', async () => {
    let existed: boolean | undefined;
    await run('touch begun', {
      onStart: (group) => {
        existed = existsSync(join(folder, 'begun'));
        expect(signalGroup(group, 0)).toBe(true);
      },
    });
    expect([existed, existsSync(join(folder, 'begun'))]).toEqual([false, true]);
    rmSync(join(folder, 'begun'));
    const refused = await run('touch begun', {
      onStart: () => {
        throw new Error('ENOSPC: no space');
      },
    });
    expect(refused).toMatchObject({ startProblem: 'ENOSPC: no space', exitStatus: null });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(existsSync(join(folder, 'begun'))).toBe(false);
  });

  test('that cannot be started is told as a problem and is no bug', async () => {
    expect(await run('true', { cwd: join(folder, 'gone') })).toMatchObject({
      startProblem: 'its folder does not exist',
    });
    expect((await run(`# ${'x'.repeat(3e6)}`)).startProblem).toContain('too long for this system');
    expect((await run('echo \0')).startProblem).toContain('null bytes');
  });

  test('that fails takes the processes with it that it left', async () => {
    expect(await run('(sleep 0.3; touch late) & exit 1')).toMatchObject({ exitStatus: 1 });
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(existsSync(join(folder, 'late'))).toBe(false);
  });

  test('that ends well may leave a process behind, and is not waited for', async () => {
    let group = 0;
    const onStart = (number: number): void => {
      group = number;
    };
    expect(await run('sleep 60 & exit 0', { onStart })).toMatchObject({ exitStatus: 0 });
    expect(signalGroup(group, 'SIGKILL')).toBe(true);
  });

  test('that is aborted has not ended well, even with status 0, and has its time to end', async () => {
    const controller = new AbortController();
    const running = run('trap "sleep 0.3; echo saved; exit 0" TERM; touch up; while :; do sleep 0.02; done', {
      signal: controller.signal,
    });
    while (!existsSync(join(folder, 'up'))) await new Promise((resolve) => setTimeout(resolve, 10));
    controller.abort();
    const outcome = await running;
    expect([outcome.exitStatus === 0, outcome.signal]).toEqual([false, 'SIGTERM']);
    expect(printed()).toContain('saved\n');
  });

  test('has its folder, and its environment and no other, whatever the names and values hold', async () => {
    mkdirSync(join(folder, "it's here"));
    const values = { A: "it's $HOME `x` \\ \n end", UID: '77', FROM_MLP: undefined };
    const cmd = 'pwd -P; printenv A UID; printenv FROM_MLP || echo unset';
    await run('echo first');
    expect(await run(cmd, { cwd: join(folder, "it's here"), env: { ...env, ...values } })).toMatchObject({
      exitStatus: 0,
    });
    const where = join(realpathSync(folder), "it's here");
    expect(printed()).toBe(`first\n${where}\n${values.A}\n77\nunset\n`);
    await run('printenv A || printenv FROM_MLP');
    expect(printed()).toMatch(/unset\nyes\n$/);
  });

  test('that fails does not end what an earlier one left running', async () => {
    await run('sleep 60 & echo $! > left');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await run('(sleep 0.3; touch late) & exit 1')).toMatchObject({ exitStatus: 1 });
    const left = Number(readFileSync(join(folder, 'left'), 'utf8'));
    expect(signalled(left, 0)).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(existsSync(join(folder, 'late'))).toBe(false);
    expect(signalled(left, 'SIGKILL')).toBe(true);
  });

  test('is given a new shell when the last one was killed', async () => {
    expect(await run('kill -9 $PPID; sleep 60')).toMatchObject({ signal: 'SIGKILL' });
    expect(await run('echo fine')).toMatchObject({ exitStatus: 0 });
    expect(printed()).toBe('fine\n');
  });

  test('has only its own processor time counted', async () => {
    const busy = `${process.execPath} -e 'const t = Date.now(); while (Date.now() - t < 400);'`;
    expect((await run(busy)).usage.cpuSeconds).toBeGreaterThan(0.1);
    expect((await run('true')).usage.cpuSeconds).toBeLessThan(0.1);
  });

  test('is ended by its timeout, which may be longer than a timer can hold', async () => {
    expect(await run('sleep 60', { timeoutSeconds: 0.2 })).toMatchObject({ timedOut: true });
    expect(await run('sleep 0.1', { timeoutSeconds: 1e9 })).toMatchObject({ timedOut: false, exitStatus: 0 });
  });

  test('tells the signal that killed it, also through the shell', async () => {
    expect(await run('kill -9 $$')).toMatchObject({ signal: 'SIGKILL' });
    expect(await run('sh -c "kill -SEGV \\$\\$"; exit $?')).toMatchObject({ signal: 'SIGSEGV' });
  });
});

describe('the shell', () => {
  test("is the user's where it is a known one, without profile files, else /bin/sh", () => {
    expect(shellWords('x', { SHELL: '/usr/bin/bash' })).toEqual(['/usr/bin/bash', '--noprofile', '--norc', '-c', 'x']);
    expect(shellWords('x', { SHELL: '/usr/bin/fish' })).toEqual(['/bin/sh', '-c', 'x']);
    expect(shellWords('x', {})).toEqual(['/bin/sh', '-c', 'x']);
  });

  test.each([
    ['0m0.00s 0m0.00s\n1m2.50s 0m0.25s\n', 62.75],
    ['0m0.000s 0m0.000s\n0m1,5s 10m0,5s\n', 602],
    ['', null],
    ['garbage\nmore garbage\n', null],
    ['0m1s 0m1s\n', null],
  ])('times prints %j, which is %s seconds of its children', (text, seconds) => {
    expect(parseTimes(text)).toBe(seconds);
  });
});
