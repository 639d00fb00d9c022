import { describe, expect, it } from 'vitest';
import { parseCall } from './strace-call.ts';
import { LineJoiner } from './strace-lines.ts';

describe('a line of strace', () => {
  it('gives the path, what it is relative to and what was opened, with escapes undone', () => {
    const text = String.raw`openat(AT_FDCWD</w/a\76b\"c>, "d \303\244/n\nl\\x", O_RDONLY|O_CLOEXEC) = 3</w/a\76b\"c/d \303\244/n\nl\\x>`;
    expect(parseCall(7, text)).toEqual({
      pid: 7,
      name: 'openat',
      args: [
        { text: String.raw`AT_FDCWD</w/a\76b\"c>`, opened: '/w/a>b"c' },
        { text: String.raw`"d \303\244/n\nl\\x"`, path: 'd ä/n\nl\\x' },
        { text: 'O_RDONLY|O_CLOEXEC' },
      ],
      result: 3,
      opened: '/w/a>b"c/d ä/n\nl\\x',
    });
  });

  it('takes octal escapes of one to three digits, and hex ones', () => {
    const call = parseCall(1, String.raw`unlink("\1\12\0012\x41é") = 0`.replace('é', String.raw`\303\251`));
    expect(call?.args[0]?.path).toBe('\u0001\n\u00012Aé');
  });

  it('keeps brackets, braces and commas inside of an argument', () => {
    const call = parseCall(1, 'openat2(3</w>, "a,(b)", {flags=O_RDONLY, resolve=RESOLVE_BENEATH}, 24) = 4</w/a,(b)>');
    expect(call?.args.map(({ path, opened }) => path ?? opened)).toEqual(['/w', 'a,(b)', undefined, undefined]);
  });

  it.each([
    'openat(AT_FDCWD</w>, "x", O_RDONLY) = -1 ENOENT (No such file or directory)',
    'execve("/bin/x", [...], 0x7f /* 3 vars */) = ?',
    'exit_group(0) = ?',
    'not a call',
    'openat(AT_FDCWD</w>, "cut',
  ])('that tells of no success is none: %s', (text) => {
    expect(parseCall(1, text)).toBeUndefined();
  });
});

describe('calls that begin and end in different lines', () => {
  it('are joined by process', () => {
    const joiner = new LineJoiner();
    const lines = [
      '10 rename("a", "b" <unfinished ...>',
      '11 openat(AT_FDCWD</w>, "x <unfinished ...> y", O_RDONLY) = 3</w/x <unfinished ...> y>',
      '11 vfork( <unfinished ...>',
      '10 <... rename resumed>)             = 0',
      '11 <... vfork resumed>)              = 12',
      '12 <... execve resumed>)             = 0',
      '10 --- SIGCHLD {si_signo=SIGCHLD} ---',
      '10 +++ superseded by execve in pid 12 +++',
      '12 +++ killed by SIGKILL (core dumped) +++',
    ];
    const read = lines.map((line) => joiner.read(line)).filter((line) => line !== undefined && line.kind !== 'begun');
    expect(read).toEqual([
      {
        pid: 11,
        kind: 'call',
        text: 'openat(AT_FDCWD</w>, "x <unfinished ...> y", O_RDONLY) = 3</w/x <unfinished ...> y>',
      },
      { pid: 10, kind: 'call', text: 'rename("a", "b")             = 0' },
      { pid: 11, kind: 'call', text: 'vfork()              = 12' },
      { pid: 12, kind: 'gone' },
    ]);
  });
});
