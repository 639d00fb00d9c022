import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readFileCalls, type FileCall } from './file-calls.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mlp-trace-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function callsIn(...lines: string[]): Promise<FileCall[]> {
  const file = join(folder, 'trace');
  writeFileSync(file, lines.map((line) => `${line}\n`).join(''));
  const calls: FileCall[] = [];
  await readFileCalls(file, '/w', (call) => calls.push(call));
  return calls;
}

const paths = (calls: readonly FileCall[]): string[] => calls.map(({ file }) => file.path);

it('a relative path belongs to the folder that its own process is in', async () => {
  const calls = await callsIn(
    '1 chdir("sub") = 0',
    '1 clone(child_stack=NULL, flags=CLONE_CHILD_SETTID|SIGCHLD) = 2',
    '2 chdir("..") = 0',
    '2 unlink("a") = 0',
    '1 unlink("b") = 0',
    '1 fchdir(3</far/away>) = 0',
    '1 rename("c", "../d") = 0',
  );
  expect(paths(calls)).toEqual(['/w/a', '/w/sub/b', '/far/away/c']);
  expect(calls[2]).toMatchObject({ kind: 'rename', to: { path: '/far/d' } });
});

it('a child is known by its parent also when it speaks before the call that made it has ended', async () => {
  const calls = await callsIn(
    '1 chdir("sub") = 0',
    '1 vfork( <unfinished ...>',
    '2 unlink("a") = 0',
    '1 <... vfork resumed>) = 2',
  );
  expect(paths(calls)).toEqual(['/w/sub/a']);
});

it('threads have one folder, whichever of them changes it', async () => {
  const calls = await callsIn(
    '1 clone3({flags=CLONE_VM|CLONE_FS|CLONE_THREAD, child_tid=0x7f} => {parent_tid=[2]}, 88) = 2',
    '2 chdir("/else") = 0',
    '1 unlink("a") = 0',
  );
  expect(paths(calls)).toEqual(['/else/a']);
});

it("the kernel's word for the folder counts more than what was followed", async () => {
  const calls = await callsIn('5 openat(AT_FDCWD</other>, "x", O_RDONLY) = 3</other/x>', '5 unlink("y") = 0');
  expect(paths(calls)).toEqual(['/other/x', '/other/y']);
});

it('tells reading, writing, looking at names and neither apart by the flags', async () => {
  const opened = (flags: string): string => `1 openat(AT_FDCWD</w>, "x", ${flags}) = 3</w/x>`;
  const flags = [
    'O_RDONLY',
    'O_WRONLY|O_CREAT|O_TRUNC, 0666',
    'O_RDWR',
    'O_WRONLY|O_APPEND',
    'O_PATH',
    'O_RDONLY|O_DIRECTORY',
  ];
  const calls = await callsIn(...flags.map(opened), '1 creat("x", 0666) = 3</w/x>', '1 execve("./x", [...]) = 0');
  expect(calls.map(({ kind }) => kind)).toEqual(['read', 'write', 'update', 'update', 'list', 'write', 'read']);
});
