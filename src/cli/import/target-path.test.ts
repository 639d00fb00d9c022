import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { targetPath } from './target-path.ts';

const root = mkdtempSync(join(tmpdir(), 'mlp-target-'));
mkdirSync(join(root, 'data'));
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});
const pathOf = (typed: string | undefined, url = 'https://host/a/set%20one.csv', cwd = root): string | undefined => {
  const found = targetPath(typed, new URL(url), { root, cwd });
  return found.ok ? found.value : undefined;
};

it.each([
  [undefined, 'set one.csv'],
  ['x.csv', 'x.csv'],
  ['data', 'data/set one.csv'],
  ['new/', 'new/set one.csv'],
  ['./data/../y.csv', 'y.csv'],
])('imports to %s as %s', (typed, path) => {
  expect(pathOf(typed)).toBe(path);
});

it('takes a path from the folder that it was typed in', () => {
  expect(pathOf('x.csv', undefined, join(root, 'data'))).toBe('data/x.csv');
  expect(pathOf('../x.csv', undefined, join(root, 'data'))).toBe('x.csv');
});

it.each(['../x.csv', '/etc/x.csv', '.mlp/x', '.git/hooks/x'])('refuses %s', (typed) => {
  expect(pathOf(typed)).toBeUndefined();
});

it.each(['https://host/', 'https://host/a/..%2F..%2Fx', 'https://host/%00', 'https://host/%E0%A4%A'])(
  'needs a name where the address %s has none',
  (url) => {
    expect(pathOf(undefined, url)).toBeUndefined();
    expect(pathOf('x.csv', url)).toBe('x.csv');
  },
);
