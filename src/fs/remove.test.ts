import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { removeTree } from './remove.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mlp-remove-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('removeTree', () => {
  test('removes a folder with all in it, links themselves and not what they point to', () => {
    mkdirSync(join(folder, 'a/b/c'), { recursive: true });
    writeFileSync(join(folder, 'kept'), 'x');
    mkdirSync(join(folder, 'keptToo'));
    writeFileSync(join(folder, 'a/b/file'), 'x');
    symlinkSync('../kept', join(folder, 'a/link'));
    symlinkSync('../keptToo', join(folder, 'a/linkToFolder'));
    symlinkSync('nowhere', join(folder, 'a/b/broken'));
    removeTree(join(folder, 'a'));
    expect(existsSync(join(folder, 'a'))).toBe(false);
    expect([existsSync(join(folder, 'kept')), existsSync(join(folder, 'keptToo'))]).toEqual([true, true]);
  });

  test('removes a file, a broken link, and is content with nothing', () => {
    writeFileSync(join(folder, 'f'), 'x');
    symlinkSync('nowhere', join(folder, 'l'));
    for (const name of ['f', 'l', 'nothing', 'no/such/folder']) removeTree(join(folder, name));
    expect(() => {
      removeTree(folder);
    }).not.toThrow();
    expect(existsSync(folder)).toBe(false);
  });

  test('a refusal is the error of the system with its code', ({ skip }) => {
    skip(process.platform !== 'linux', 'needs /proc');
    const code = (): unknown => {
      try {
        removeTree('/proc/self/fdinfo');
        return undefined;
      } catch (error) {
        return (error as NodeJS.ErrnoException).code;
      }
    };
    expect(code()).toMatch(/^E(PERM|ACCES)$/);
  });
});
