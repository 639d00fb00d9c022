import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { ParamsRef } from '../config/types.ts';
import { stage } from '../plan/plan-fixtures.ts';
import { paramsForProcess, settingsOf } from './settings.ts';

const at = { file: 'pipeline.yaml', line: 1, column: 1, length: 1 };
const ref = (file: string, ...keys: string[]): ParamsRef => ({
  file,
  at,
  keys: keys.length === 0 ? 'all' : keys.map((key) => ({ key, at })),
});
const files = new Map([
  ['params.yaml', { train: { c: 0.5, list: [1, { x: 2 }] }, other: null }],
  ['more.json', { seed: 7, train: { d: 1 } }],
  ['gone.yaml', undefined],
]);

test('a stage has the values of its own keys and no others; a key with nothing as its value is there', () => {
  const of = stage('s', { params: [ref('params.yaml', 'train.c', 'train.list[1].x', 'other'), ref('more.json')] });
  expect(settingsOf(of, files, {})).toEqual({
    params: {
      'params.yaml': { 'train.c': 0.5, 'train.list[1].x': 2, other: null },
      'more.json': { '*': { seed: 7, train: { d: 1 } } },
    },
    missingParams: [],
    env: {},
  });
});

test('keys that a file lacks, and files that are not there, are told with the nearest names', () => {
  const of = stage('s', { params: [ref('params.yaml', 'train.cc'), ref('gone.yaml', 'a'), ref('gone.yaml')] });
  expect(settingsOf(of, files, {}).missingParams).toMatchObject([
    { file: 'params.yaml', key: 'train.cc', near: expect.arrayContaining(['train.c']) as string[] },
    { file: 'gone.yaml', key: 'a', near: [] },
    { file: 'gone.yaml', near: [] },
  ]);
});

test('a variable that the pipeline sets is recorded as it is, one from outside by its hash, and one that is not set as such', () => {
  const of = stage('s', {
    env: [
      { name: 'SET', value: 'x', at },
      { name: 'SECRET', value: null, at },
      { name: 'UNSET', value: null, at },
    ],
  });
  const hash = createHash('sha256').update('token').digest('hex');
  expect(settingsOf(of, files, { SECRET: 'token', SET: 'ignored' }).env).toEqual({
    SET: 'x',
    SECRET: `sha256:${hash}`,
    UNSET: 'unset',
  });
});

test('a process gets its params nested as in the file, later files over earlier ones', () => {
  const of = stage('s', { params: [ref('params.yaml', 'train.c', 'other'), ref('more.json', 'train.d')] });
  expect(paramsForProcess(settingsOf(of, files, {}))).toEqual({ train: { c: 0.5, d: 1 }, other: null });
  const whole = stage('s', { params: [ref('more.json'), ref('params.yaml', 'train.c')] });
  expect(paramsForProcess(settingsOf(whole, files, {}))).toEqual({ seed: 7, train: { d: 1, c: 0.5 } });
  expect(files.get('more.json')).toEqual({ seed: 7, train: { d: 1 } });
});
