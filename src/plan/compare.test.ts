import { expect, test } from 'vitest';
import { asStageName } from '../core/brands.ts';
import type { JsonValue } from '../core/json.ts';
import { inputReasons, outReasons } from './compare.ts';
import { file } from './plan-fixtures.ts';
import type { DepState, StageEvidence, StageInputs } from './types.ts';

const definition = { cmd: ['run'], wdir: '.', outPaths: ['o'] };
const present = (path: string, content: string): [string, DepState] => [
  path,
  { state: 'present', artifact: file(path, content) },
];
const inputs: StageInputs = { deps: new Map([present('in', '1')]), params: {}, missingParams: [], env: {} };
const evidence: StageEvidence = { cmd: ['run'], deps: [file('in', '1')], params: {}, outs: [file('o', 'O')] };
const nobody = (): undefined => undefined;

test('what is equal has no reasons', () => {
  expect(inputReasons(definition, inputs, evidence, nobody)).toEqual([]);
});

test('reasons come in a fixed order: command, params, environment, deps by path, outs', () => {
  const now = {
    ...inputs,
    deps: new Map([present('z', '1'), present('in', '2')]),
    params: { p: { k: 1 } },
    env: { E: '1' },
  };
  const changed = { cmd: ['other'], wdir: '.', outPaths: ['new'] };
  const was = { ...evidence, deps: [file('in', '1'), file('old', '1')] };
  expect(inputReasons(changed, now, was, nobody).map(({ kind }) => kind)).toEqual([
    'cmd-changed',
    'param-added',
    'env-changed',
    'dep-changed',
    'dep-added',
    'dep-removed',
    'out-added',
    'out-removed',
  ]);
});

test('another folder to run in is another command', () => {
  expect(inputReasons({ ...definition, wdir: 'sub' }, inputs, evidence, nobody)).toMatchObject([
    { kind: 'cmd-changed' },
  ]);
  expect(inputReasons({ ...definition, wdir: 'sub' }, inputs, { ...evidence, wdir: 'sub' }, nobody)).toEqual([]);
});

test('a changed dep names the stage that makes it', () => {
  const now = { ...inputs, deps: new Map([present('in', '2')]) };
  expect(inputReasons(definition, now, evidence, () => asStageName('maker'))).toEqual([
    { kind: 'dep-changed', path: 'in', was: file('in', '1').hash, now: file('in', '2').hash, by: 'maker' },
  ]);
});

test('a dep that is not known yet is no reason by itself, and one that is missing is', () => {
  const until = asStageName('above');
  const unknown = { ...inputs, deps: new Map<string, DepState>([['in', { state: 'unknown', until }]]) };
  expect(inputReasons(definition, unknown, evidence, nobody)).toEqual([]);
  const missing = { ...inputs, deps: new Map<string, DepState>([['in', { state: 'missing' }]]) };
  expect(inputReasons(definition, missing, evidence, nobody)).toEqual([{ kind: 'dep-missing', path: 'in' }]);
});

test('a file that became executable, or a folder, has changed although its hash has not', () => {
  const [, dep] = present('in', '1');
  if (dep.state !== 'present') throw new Error('unreachable');
  for (const change of [{ executable: true as const }, { files: 1 }]) {
    const now = {
      ...inputs,
      deps: new Map<string, DepState>([['in', { ...dep, artifact: { ...dep.artifact, ...change } }]]),
    };
    expect(inputReasons(definition, now, evidence, nobody)).toMatchObject([{ kind: 'dep-changed' }]);
  }
});

test('params are told leaf by leaf; lists and values of other types as wholes', () => {
  const was = { f: { t: { c: 1, d: { e: 1 }, gone: 0, list: [1, 2] }, same: { x: null } } };
  const now = { f: { t: { c: 2, d: { e: 1 }, list: [1, 3], neu: '' }, same: { x: null } } };
  expect(inputReasons(definition, { ...inputs, params: now }, { ...evidence, params: was }, nobody)).toEqual([
    { kind: 'param-changed', file: 'f', key: 't.c', was: 1, now: 2 },
    { kind: 'param-removed', file: 'f', key: 't.gone', was: 0 },
    { kind: 'param-changed', file: 'f', key: 't.list', was: [1, 2], now: [1, 3] },
    { kind: 'param-added', file: 'f', key: 't.neu', now: '' },
  ]);
});

test('two param values are the same exactly when their type and value are', () => {
  const values: JsonValue[] = [
    1,
    0,
    '1',
    true,
    false,
    null,
    'null',
    '',
    [],
    {},
    [1],
    ['1'],
    { a: 1 },
    NaN,
    'NaN',
    Infinity,
    -1,
  ];
  values.forEach((was, i) => {
    values.forEach((now, j) => {
      const reasons = inputReasons(
        definition,
        { ...inputs, params: { f: { k: now } } },
        { ...evidence, params: { f: { k: was } } },
        nobody,
      );
      expect([was, now, reasons.length === 0]).toEqual([was, now, i === j]);
    });
  });
});

test('outs are compared only as far as they are recorded and declared', () => {
  const standing = new Map([
    ['same', file('same', 'S')],
    ['edited', file('edited', '2')],
    ['gone', undefined],
    ['new', file('new', 'N')],
  ]);
  const were = [file('same', 'S'), file('edited', '1'), file('gone', 'G'), file('undeclared', 'U')];
  expect(outReasons(standing, were)).toMatchObject([
    { kind: 'out-changed', path: 'edited' },
    { kind: 'out-missing', path: 'gone' },
  ]);
});
