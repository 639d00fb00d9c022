import { describe, expect, it } from 'vitest';
import { failureMessage, failureNext, type Failure } from '../core/failure.ts';
import { parsePipeline } from './parse-pipeline.ts';
import type { PipelineConfig } from './types.ts';

const parsed = (text: string, file = 'pipeline.yaml'): PipelineConfig => {
  const result = parsePipeline(text, file);
  if (!result.ok) throw new Error(result.error.map(failureMessage).join('\n'));
  return result.value;
};
const problems = (text: string): readonly Failure[] => {
  const result = parsePipeline(text, 'pipeline.yaml');
  return result.ok ? [] : result.error;
};
/** `line:column reason` of every problem. */
const summary = (text: string): string[] =>
  problems(text).map(({ at, reason }) => `${at?.line}:${at?.column} ${reason}`);
const stage = (body: string): string => `stages:\n  s:\n${body.replace(/^/gm, '    ')}\n`;

describe('a valid pipeline file', () => {
  it('gives every field of a stage, with paths relative to the workspace', () => {
    const text = stage(
      `wdir: sub
cmd: |
  first
  second \\
    goes on

deps: [a.csv, ../b/, ./c]
params: [train.c, {other.json: [x, y]}, train.d, {whole.yaml: null}]
outs:
  - model/
  - {big.bin: {cache: false, persist: true, desc: large, remote: r, push: false}}
metrics: [m.json]
plots: [{p.csv: {x: step, y_label: Loss, header: false}}]
env: {A: 1, B: null, C: true, D: 1.0}
timeout: 1h30m
retries: 2
frozen: true
always_changed: true
desc: words
meta: {any: [thing]}`,
    );
    const [first] = parsed(text, 'pipe/pipeline.yaml').stages;
    expect(first).toMatchObject({
      name: 's',
      cmd: ['first', 'second \\\n  goes on'],
      wdir: 'pipe/sub',
      deps: [{ path: 'pipe/sub/a.csv' }, { path: 'pipe/b' }, { path: 'pipe/sub/c' }],
      params: [
        { file: 'pipe/sub/params.yaml', keys: [{ key: 'train.c' }, { key: 'train.d' }] },
        { file: 'pipe/sub/other.json', keys: [{ key: 'x' }, { key: 'y' }] },
        { file: 'pipe/sub/whole.yaml', keys: 'all' },
      ],
      outs: [
        { path: 'pipe/sub/model', kind: 'out', cache: true, persist: false },
        { path: 'pipe/sub/big.bin', cache: false, persist: true, desc: 'large', remote: 'r', push: false },
        { path: 'pipe/sub/m.json', kind: 'metric' },
        { path: 'pipe/sub/p.csv', kind: 'plot', plot: { x: 'step', yLabel: 'Loss', header: false } },
      ],
      env: [
        { name: 'A', value: '1' },
        { name: 'B', value: null },
        { name: 'C', value: 'true' },
        { name: 'D', value: '1.0' },
      ],
      timeoutSeconds: 5400,
      retries: 2,
      frozen: true,
      alwaysChanged: true,
      desc: 'words',
      meta: { any: ['thing'] },
    });
  });

  it('survives a round trip through JSON unchanged, which is how it is memoised', () => {
    const config = parsed(
      stage('cmd: x\nouts: [o]') + 'models: {m: {path: o, gates: {thresholds: {f1: {min: 0.5}}}}}\n',
    );
    expect(JSON.parse(JSON.stringify(config))).toEqual(config);
    expect(JSON.stringify(config)).not.toContain('undefined');
  });

  it('knows where everything stands', () => {
    const config = parsed('stages:\n  train:\n    cmd: x\n    deps: [a, bb]\n');
    expect(config.stages[0]?.at).toEqual({ file: 'pipeline.yaml', line: 2, column: 3, length: 5 });
    expect(config.stages[0]?.deps[1]?.at).toEqual({ file: 'pipeline.yaml', line: 4, column: 15, length: 2 });
  });

  it('reads models with their gates', () => {
    const text = `${stage('cmd: x\nouts: [model]\nmetrics: [m.json]')}models:
  sentiment:
    path: model
    metrics: m.json
    test_set: {path: t.csv, text_column: text, label_column: label}
    gates: {thresholds: {f1: {min: 0.5, min_gain: 0}}, max_latency_ms: 50}
`;
    expect(parsed(text).models).toMatchObject([
      {
        name: 'sentiment',
        path: 'model',
        metrics: 'm.json',
        testSet: { path: 't.csv', textColumn: 'text', labelColumn: 'label' },
        gates: { thresholds: [{ metric: 'f1', min: 0.5, minGain: 0 }], maxLatencyMs: 50 },
      },
    ]);
  });

  it('reads what is shown and the artifacts', () => {
    const text = `${stage('cmd: x')}params: [p.yaml]
metrics: [m.json]
plots: [h.csv, {losses: {x: step, y: {h.csv: [a, b]}}}, {bare: null}]
artifacts: {a: {path: model, type: model, labels: [x], meta: {k: 1}}}
`;
    const { shown, artifacts } = parsed(text);
    expect(shown).toMatchObject({
      params: [{ path: 'p.yaml' }],
      metrics: [{ path: 'm.json' }],
      plots: [{ id: 'h.csv' }, { id: 'losses', x: 'step', y: { 'h.csv': ['a', 'b'] } }, { id: 'bare' }],
    });
    expect(artifacts).toMatchObject([{ name: 'a', path: 'model', type: 'model', labels: ['x'], meta: { k: 1 } }]);
  });

  it('takes aliases and merge keys, where the map itself wins', () => {
    const text = `stages:
  a: &base {cmd: one, deps: [x], outs: [oa]}
  b: {<<: *base, outs: [ob]}
`;
    expect(parsed(text).stages[1]).toMatchObject({ cmd: ['one'], deps: [{ path: 'x' }], outs: [{ path: 'ob' }] });
  });

  it('reads scalars as YAML 1.2 does', () => {
    const meta = parsed(stage('cmd: x\nmeta: [yes, no, on, off, 010, 0o10, 2024-01-01, .5, ~]')).stages[0]?.meta;
    expect(meta).toEqual(['yes', 'no', 'on', 'off', 10, 8, '2024-01-01', 0.5, null]);
  });

  it('may be written in JSON', () => {
    expect(parsed('{"stages": {"s": {"cmd": "x"}}}', 'pipeline.json').stages[0]?.cmd).toEqual(['x']);
  });
});

describe('a pipeline file with mistakes', () => {
  it.each([
    ['an empty file', '', ['1:1 empty-file']],
    ['a file of comments', '# nothing\n', ['1:1 empty-file']],
    ['a list instead of a map', '- a\n', ['1:1 wrong-type']],
    ['stages that are nothing', 'stages:\n', ['1:8 wrong-type']],
    ['a tab in the indentation', 'stages:\n\ts:\n', ['2:1 malformed-file']],
    ['a bracket left open', 'stages:\n  s:\n    deps: [a\n    cmd: x\n', ['4:5 malformed-file']],
    ['two documents', 'stages: {}\n---\nstages: {}\n', ['2:1 malformed-file']],
    ['an unknown alias', 'stages: *x\n', ['1:9 malformed-file']],
    ['an alias inside its own value', 'stages: &x {s: *x}\n', ['1:16 malformed-file']],
    ['a tag', 'stages: !foo {}\n', ['1:9 malformed-file']],
    ['a stage without fields', 'stages:\n  s:\n', ['2:5 wrong-type']],
    ['no command', 'stages:\n  s: {deps: [a]}\n', ['2:3 missing-field']],
    ['an empty command', stage('cmd: " "'), ['3:10 empty-command']],
    ['an empty command in a list', stage('cmd: [a, ""]'), ['3:14 empty-command']],
    ['a stage name with punctuation', 'stages:\n  a:b: {cmd: x}\n', ['2:3 bad-name']],
    ['deps that are text', stage('cmd: x\ndeps: a'), ['4:11 wrong-type']],
    ['deps that are nothing', stage('cmd: x\ndeps:'), ['4:10 wrong-type']],
    ['a number among deps', stage('cmd: x\ndeps: [a, 1]'), ['4:15 wrong-type']],
    ['a flag in words', stage('cmd: x\nfrozen: yes'), ['4:13 wrong-type']],
    ['an out that leaves the workspace', stage('cmd: x\nouts: [../y]'), ['4:12 bad-path']],
    ['an absolute out', stage('cmd: x\nouts: [/etc/passwd]'), ['4:12 bad-path']],
    ['the workspace as an out', stage('cmd: x\nouts: [a/..]'), ['4:12 bad-path']],
    ['an out that holds the cache', stage('cmd: x\nouts: [.mlp/cache]'), ['4:12 bad-path']],
    ['the pipeline file as an out', stage('cmd: x\nouts: [pipeline.yaml]'), ['4:12 bad-path']],
    ['an empty path', stage('cmd: x\ndeps: [""]'), ['4:12 bad-path']],
    ['an address as a dep', stage('cmd: x\ndeps: ["s3://b/x"]'), ['4:12 bad-path']],
    ['a wdir outside', stage('cmd: x\nwdir: ..'), ['4:11 bad-path']],
    ['a timeout of nothing', stage('cmd: x\ntimeout: 0'), ['4:14 bad-value']],
    ['a timeout in words', stage('cmd: x\ntimeout: soon'), ['4:14 bad-value']],
    ['a negative number of retries', stage('cmd: x\nretries: -1'), ['4:14 bad-value']],
    ['half a retry', stage('cmd: x\nretries: 1.5'), ['4:14 bad-value']],
    ['a variable with a bad name', stage('cmd: x\nenv: {A-B: 1}'), ['4:11 bad-name']],
    ['a variable that is a list', stage('cmd: x\nenv: {A: [1]}'), ['4:14 wrong-type']],
    ['an option that outs do not have', stage('cmd: x\nouts: [{a: {cach: true}}]'), ['4:17 unknown-field']],
    ['an out with empty options', stage('cmd: x\nouts: [{a: }]'), ['4:16 wrong-type']],
    ['a model that is no out', `${stage('cmd: x\nouts: [model]')}models: {m: {path: modle}}\n`, ['5:20 not-an-out']],
    [
      'a model whose stage has a mistake, told once',
      `${stage('cmd: x\nout: [model]')}models: {m: {path: model}}\n`,
      ['4:5 unknown-field'],
    ],
    [
      'an unknown gate',
      `${stage('cmd: x\nouts: [o]')}models: {m: {path: o, gates: {accuracy: 1}}}\n`,
      ['5:31 unknown-field'],
    ],
    [
      'bounds that exclude everything',
      `${stage('cmd: x\nouts: [o]')}models: {m: {path: o, gates: {thresholds: {a: {min: 2, max: 1}}}}}\n`,
      ['5:44 bad-value'],
    ],
    [
      'a test set without its columns',
      `${stage('cmd: x\nouts: [o]')}models: {m: {path: o, test_set: {path: t}}}\n`,
      ['5:33 missing-field', '5:33 missing-field'],
    ],
  ])('is refused at its place: %s', (_, text, expected) => {
    expect(summary(text)).toEqual(expected);
  });

  it('names both places of a duplicate key', () => {
    const [problem] = problems('stages:\n  a: {cmd: x}\n  b: {cmd: x}\n  a: {cmd: y}\n');
    expect(problem?.at).toMatchObject({ line: 4, column: 3 });
    expect(problem && failureMessage(problem)).toContain('pipeline.yaml:2:3');
  });

  it('hints at the field that was meant', () => {
    const [problem] = problems(stage('cmd: x\ndep: [a]'));
    expect(problem && failureMessage(problem)).toBe('unknown field "dep" in stage "s"');
    expect(problem && failureNext(problem)).toContain('"deps"');
  });

  it('tells all its problems at once, by position, at most 20', () => {
    const many = Array.from({ length: 30 }, (_, i) => `  s${i}: {cmd: x, dep: []}`).join('\n');
    const found = problems(`stages:\n${many}\n`);
    expect(found).toHaveLength(20);
    expect(found.map(({ at }) => at?.line)).toEqual(Array.from({ length: 20 }, (_, i) => i + 2));
  });
});

describe('a hostile pipeline file', () => {
  it('is refused when its aliases stand for billions of values', () => {
    const levels = Array.from({ length: 12 }, (_, i) =>
      i === 0
        ? 'a0: &a0 [x, x, x, x, x, x, x, x, x]'
        : `a${i}: &a${i} [${Array(9)
            .fill(`*a${i - 1}`)
            .join(', ')}]`,
    );
    expect(problems(levels.join('\n')).map(({ reason }) => reason)).toEqual(['file-too-complex']);
  });

  it.each([
    ['brackets', '['.repeat(50_000)],
    ['closed brackets', `a: ${'['.repeat(3000)}${']'.repeat(3000)}`],
    ['block maps', Array.from({ length: 1500 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')],
    [
      'a chain of aliases',
      Array.from({ length: 400 }, (_, i) => `a${i}: &a${i} [${i > 0 ? `*a${i - 1}` : 1}]`).join('\n'),
    ],
  ])('is refused when nested too deeply: %s', (_, text) => {
    expect(problems(text).map(({ reason }) => reason)).toEqual(['file-too-complex']);
  });

  it('is refused above 16 MB without being read', () => {
    expect(problems('#'.repeat(17 * 1024 * 1024)).map(({ reason }) => reason)).toEqual(['file-too-complex']);
  });

  it('may be large: two thousand stages are read', () => {
    const text = `stages:\n${Array.from({ length: 2000 }, (_, i) => `  s${i}: {cmd: x ${'y'.repeat(500)}, outs: [o${i}]}`).join('\n')}\n`;
    expect(text.length).toBeGreaterThan(1_000_000);
    expect(parsed(text).stages).toHaveLength(2000);
  });

  it('keeps a field called __proto__ an ordinary field', () => {
    expect(summary(stage('cmd: x\n__proto__: {cmd: y}'))).toEqual(['4:5 unknown-field']);
    const meta = parsed(stage('cmd: x\nmeta: {__proto__: {polluted: 1}}')).stages[0]?.meta;
    expect(Object.hasOwn(meta as object, '__proto__')).toBe(true);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});
