import { expect, test } from 'vitest';
import { fingerprintOf } from './fingerprint.ts';
import { file } from './plan-fixtures.ts';

const record = {
  cmd: ['first', 'second'],
  wdir: '.',
  deps: [file('a', '1'), file('b', '2')],
  params: { 'params.yaml': { x: 1, y: { z: [1, 2], w: null } } },
  env: { A: '1', B: '2' },
  outs: ['o', 'p'],
};

test('the order of deps, outs and keys does not matter', () => {
  const other = {
    ...record,
    deps: [...record.deps].reverse(),
    params: { 'params.yaml': { y: { w: null, z: [1, 2] }, x: 1.0 } },
    env: { B: '2', A: '1' },
    outs: ['p', 'o'],
  };
  expect(fingerprintOf(other)).toBe(fingerprintOf(record));
  expect(fingerprintOf(record)).toMatch(/^[0-9a-f]{64}$/);
});

test('every field matters, and so does the order of commands', () => {
  const [a, b] = record.deps;
  if (a === undefined || b === undefined) throw new Error('unreachable');
  const others = [
    { ...record, cmd: ['second', 'first'] },
    { ...record, cmd: ['first second'] },
    { ...record, wdir: 'sub' },
    { ...record, deps: [a] },
    { ...record, deps: [a, { ...b, path: 'c' }] },
    { ...record, deps: [a, { ...b, hash: a.hash }] },
    { ...record, deps: [a, { ...b, executable: true as const }] },
    { ...record, deps: [a, { ...b, files: 1 }] },
    { ...record, params: { 'params.yaml': { x: 1, y: { z: [2, 1], w: null } } } },
    { ...record, params: { 'params.yaml': { x: true, y: { z: [1, 2], w: null } } } },
    { ...record, params: { 'other.yaml': record.params['params.yaml'] } },
    { ...record, env: { A: '1' } },
    { ...record, env: { A: '1', B: '3' } },
    { ...record, outs: ['o'] },
    { ...record, outs: ['o', 'q'] },
  ];
  const prints = [record, ...others].map(fingerprintOf);
  expect(new Set(prints).size).toBe(prints.length);
});

test('size and number of files are said by the hash already', () => {
  const [a, b] = record.deps;
  if (a === undefined || b === undefined) throw new Error('unreachable');
  const folders = [1, 2].map((files) => fingerprintOf({ ...record, deps: [a, { ...b, files, size: files }] }));
  expect(folders[0]).toBe(folders[1]);
});
