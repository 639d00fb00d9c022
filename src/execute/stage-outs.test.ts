import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { processIdentity } from '../core/process-identity.ts';
import { out, stage } from '../plan/plan-fixtures.ts';
import { OutsJournal } from './outs-journal.ts';
import { recoverStageOuts, StageOuts } from './stage-outs.ts';
import { lockWorkspace } from './workspace-lock.ts';

let root: string;
let temporary: string;
let journal: OutsJournal;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'mlp-outs-'));
  temporary = join(root, '.mlp/tmp/outs');
  journal = new OutsJournal(temporary);
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

function write(path: string, content: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}
const read = (path: string): string | undefined =>
  existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : undefined;

const train = stage('train', { outs: ['model/weights', 'metrics.json', 'fresh', out('log', { persist: true })] });

function cleared(): StageOuts {
  write('model/weights', 'good');
  write('metrics.json', 'good');
  write('log', 'kept');
  const outs = StageOuts.clear(train, { root, journal });
  if (!outs.ok) throw new Error(outs.error.reason);
  return outs.value;
}

const onlyFolderIn = (folder: string): string => join(folder, readdirSync(folder).join());
const state = (): (string | undefined)[] => ['model/weights', 'metrics.json', 'fresh', 'log'].map(read);
const halfWrite = (): void => {
  write('model/weights', 'half');
  write('fresh', 'half');
};

describe('the outs of a stage that runs', () => {
  test('are out of its way, but for what persists', () => {
    const outs = cleared();
    expect(state()).toEqual([undefined, undefined, undefined, 'kept']);
    halfWrite();
    outs.keepNew();
    journal.close();
    expect(state()).toEqual(['half', undefined, 'half', 'kept']);
    expect(existsSync(temporary)).toBe(false);
  });

  test('come back when it fails, and what was not there before is gone', () => {
    const outs = cleared();
    halfWrite();
    outs.putBack();
    journal.close();
    expect(state()).toEqual(['good', 'good', undefined, 'kept']);
    expect(existsSync(temporary)).toBe(false);
  });

  test('are cleared of leftovers before another attempt, and the last good ones still wait', () => {
    const outs = cleared();
    halfWrite();
    expect(outs.clearAgain(train).ok).toBe(true);
    expect(state()).toEqual([undefined, undefined, undefined, 'kept']);
    outs.putBack();
    expect(state()).toEqual(['good', 'good', undefined, 'kept']);
  });

  test('that persist are copies, so that each attempt begins with the last good content, and a failure ends with it', () => {
    write('log', 'kept');
    const persisting = stage('s', { outs: [out('log', { persist: true }), out('new', { persist: true })] });
    const cleared = StageOuts.clear(persisting, { root, journal });
    if (!cleared.ok) throw new Error('not cleared');
    const adds = (): void => {
      writeFileSync(join(root, 'log'), `${read('log') ?? ''} and half`);
      write('new', 'half');
    };
    adds();
    expect(cleared.value.clearAgain(persisting).ok).toBe(true);
    expect([read('log'), read('new')]).toEqual(['kept', undefined]);
    adds();
    cleared.value.putBack();
    expect([read('log'), read('new')]).toEqual(['kept', undefined]);
  });

  test('that persist are made independent of other names of the same file', () => {
    write('cache/object', 'kept');
    chmodSync(join(root, 'cache/object'), 0o444);
    linkSync(join(root, 'cache/object'), join(root, 'log'));
    StageOuts.clear(stage('s', { outs: [out('log', { persist: true })] }), { root, journal });
    expect(statSync(join(root, 'log')).nlink).toBe(1);
    chmodSync(join(root, 'log'), 0o644);
    writeFileSync(join(root, 'log'), 'kept and more');
    expect(read('cache/object')).toBe('kept');
  });

  test('are not touched when one of them cannot be cleared', () => {
    write('a', 'good');
    write('b', 'a file where the folder of an out should be');
    const failed = StageOuts.clear(stage('s', { outs: ['a', 'b/c'] }), { root, journal });
    expect(failed).toMatchObject({ ok: false, error: { reason: 'file-access' } });
    journal.close();
    expect([read('a'), existsSync(temporary)]).toEqual(['good', false]);
  });
});

describe('after mlp was killed', () => {
  test('nothing to put right is no work', () => {
    expect(recoverStageOuts(root, temporary)).toEqual({ ok: true, value: 0 });
  });

  test('while the stage ran: the last good outs come back', () => {
    cleared();
    halfWrite();
    expect(recoverStageOuts(root, temporary)).toEqual({ ok: true, value: 1 });
    expect(state()).toEqual(['good', 'good', undefined, 'kept']);
    expect(existsSync(temporary)).toBe(false);
  });

  test('between moving the first out and the second: both are in place afterwards', () => {
    cleared();
    const folder = join(onlyFolderIn(temporary), '0');
    renameSync(join(folder, '1'), join(root, 'metrics.json'));
    expect(recoverStageOuts(root, temporary)).toEqual({ ok: true, value: 1 });
    expect(state()).toEqual(['good', 'good', undefined, 'kept']);
  });

  test('while the journal was being written: nothing was moved, and all stays', () => {
    write('model/weights', 'good');
    write('.mlp/tmp/outs/x/journal', '\n{"begin":0,"absent":["model/weights"],"saved":[{"pa');
    expect(recoverStageOuts(root, temporary)).toEqual({ ok: true, value: 0 });
    expect([read('model/weights'), existsSync(temporary)]).toEqual(['good', false]);
  });

  test('after one stage was done and while another ran: only the other is put right', () => {
    const first = StageOuts.clear(stage('first', { outs: ['a'] }), { root, journal });
    write('a', 'new');
    if (first.ok) first.value.keepNew();
    cleared();
    halfWrite();
    expect(recoverStageOuts(root, temporary)).toEqual({ ok: true, value: 1 });
    expect([...state(), read('a')]).toEqual(['good', 'good', undefined, 'kept', 'new']);
  });

  test('after a full disk cut a line of the journal off: the lines after it count', () => {
    write('a', 'half');
    write('.mlp/tmp/outs/x/journal', '\n{"begin":0,"abs\n{"begin":1,"saved":[],"absent":["a"]}\n');
    expect(recoverStageOuts(root, temporary)).toEqual({ ok: true, value: 1 });
    expect(read('a')).toBe(undefined);
  });

  test('half way through putting things back: the rest follows', () => {
    cleared();
    const folder = join(onlyFolderIn(temporary), '0');
    renameSync(join(folder, '0'), join(root, 'model/weights'));
    write('metrics.json', 'half');
    expect(recoverStageOuts(root, temporary)).toEqual({ ok: true, value: 1 });
    expect(state()).toEqual(['good', 'good', undefined, 'kept']);
  });

  test("in a folder that was moved since: what waits is found by the journal's own place", () => {
    cleared();
    halfWrite();
    const moved = `${root}-moved`;
    renameSync(root, moved);
    root = moved;
    temporary = join(root, '.mlp/tmp/outs');
    expect(recoverStageOuts(root, temporary)).toEqual({ ok: true, value: 1 });
    expect(state()).toEqual(['good', 'good', undefined, 'kept']);
  });
});

describe('a process that outlived its mlp', () => {
  /** A process group of its own, as stages have. */
  function startGroup(): { pid: number; gone: Promise<unknown>; end: () => void } {
    const child = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' });
    const gone = new Promise((resolve) => child.once('exit', resolve));
    return { pid: child.pid ?? 0, gone, end: () => void child.kill('SIGKILL') };
  }

  test('is ended', async () => {
    cleared();
    const group = startGroup();
    journal.noteGroup(group.pid);
    recoverStageOuts(root, temporary);
    await group.gone;
    expect(state()).toEqual(['good', 'good', undefined, 'kept']);
  });

  test('is left alone when it is another one with the same number, or of another host', async () => {
    const group = startGroup();
    const identity = processIdentity(group.pid);
    expect(identity.host).toBe(hostname());
    const others = [
      { ...identity, startedAt: 'boot:1' },
      { ...identity, startedAt: null },
      { ...identity, host: 'elsewhere' },
    ];
    for (const other of others) {
      write('.mlp/tmp/outs/x/journal', `\n${JSON.stringify({ group: other })}\n`);
      recoverStageOuts(root, temporary);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(() => process.kill(group.pid, 0)).not.toThrow();
    group.end();
    await group.gone;
  });
});

describe('the workspace lock', () => {
  test('is held by one at a time, tells who that is, and is free after it', () => {
    const file = join(root, '.mlp/lock');
    const first = lockWorkspace(file, 'mlp repro');
    expect(first.ok).toBe(true);
    expect(lockWorkspace(file, 'mlp other')).toMatchObject({
      ok: false,
      error: { reason: 'workspace-busy', detail: { pid: process.pid, host: hostname(), command: 'mlp repro' } },
    });
    if (first.ok) first.value.release();
    const second = lockWorkspace(file, 'mlp other');
    expect(second.ok).toBe(true);
    if (second.ok) second.value.release();
  });

  test('is freed by the system when its process is killed', async () => {
    const file = join(root, '.mlp/lock');
    const script = `import(${JSON.stringify(join(import.meta.dirname, 'workspace-lock.ts'))}).then((m) => { console.log(m.lockWorkspace(${JSON.stringify(file)}, 'mlp held').ok); setInterval(() => {}, 1000); });`;
    const child = spawn(process.execPath, ['--import', 'tsx', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const said = await new Promise((resolve) =>
      child.stdout.once('data', (text: Buffer) => {
        resolve(text.toString());
      }),
    );
    expect(said).toBe('true\n');
    expect(lockWorkspace(file, 'mlp repro')).toMatchObject({
      ok: false,
      error: { reason: 'workspace-busy', detail: { pid: child.pid, command: 'mlp held' } },
    });
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
    const lock = lockWorkspace(file, 'mlp repro');
    expect(lock.ok).toBe(true);
    if (lock.ok) lock.value.release();
  });

  test('is made anew when its file is damaged, and says why when it cannot be made', () => {
    const file = join(root, '.mlp/lock');
    write('.mlp/lock', 'no database '.repeat(500));
    const lock = lockWorkspace(file, 'mlp repro');
    expect(lock.ok).toBe(true);
    if (lock.ok) lock.value.release();
    write('plain', '');
    expect(lockWorkspace(join(root, 'plain/lock'), 'mlp repro')).toMatchObject({
      ok: false,
      error: { reason: 'file-access' },
    });
  });
});
