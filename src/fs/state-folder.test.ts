import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ensureStateFolder } from './state-folder.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'mlp-state-'));
  execFileSync('git', ['init', '--quiet'], { cwd: root });
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

const untracked = (): string =>
  execFileSync('git', ['status', '--short', '--untracked-files=all'], { cwd: root, encoding: 'utf8' });

describe('the state folder', () => {
  it('leaves git nothing to add', () => {
    ensureStateFolder(root);
    writeFileSync(join(root, '.mlp', 'state.db'), '');
    expect(untracked()).toBe('');
  });

  it('shows git the configuration that is kept in it', () => {
    ensureStateFolder(root);
    writeFileSync(join(root, '.mlp', 'config.yaml'), '');
    expect(untracked()).toBe('?? .mlp/config.yaml\n');
  });
});
