import { describe, expect, it } from 'vitest';
import { failureMessage, failureNext, type Failure } from '../../core/failure.ts';
import { parsePipeline } from '../parse-pipeline.ts';
import type { StageConfig } from '../types.ts';

type Files = Readonly<Record<string, string>>;

function parse(text: string, files: Files = {}) {
  return parsePipeline(text, 'pipeline.yaml', (path) => files[path]);
}
function stages(text: string, files: Files = {}): readonly StageConfig[] {
  const result = parse(text, files);
  if (!result.ok) throw new Error(result.error.map(failureMessage).join('\n'));
  return result.value.stages;
}
function problems(text: string, files: Files = {}): readonly Failure[] {
  const result = parse(text, files);
  return result.ok ? [] : result.error;
}
const commands = (text: string, files: Files = {}): string[] => stages(text, files).flatMap(({ cmd }) => cmd);
const said = (text: string, files: Files = {}): string[] =>
  problems(text, files).map(
    ({ at, ...problem }) => `${at?.line}:${at?.column} ${failureMessage({ ...problem, at } as Failure)}`,
  );

const params =
  'model: {kind: svm, c: 0.5, whole: 1.0, small: 0.00001, on: true, none: ~, list: [1, two]}\nlangs: [en, de]\n';

describe('${...}', () => {
  it('takes values from params.yaml beside the pipeline file, and says that it did', () => {
    const result = parse('stages: {s: {cmd: "run ${model.kind}"}}', { 'params.yaml': params });
    expect(result.ok && result.value.stages[0]?.cmd).toEqual(['run svm']);
    expect(result.ok && result.value.sources).toEqual(['params.yaml']);
  });

  it('asks for no file when there is nothing to fill in', () => {
    const result = parse('stages: {s: {cmd: "run \\\\${HOME}"}}', { 'params.yaml': ': broken' });
    expect(result.ok && result.value.sources).toBeUndefined();
    expect(result.ok && result.value.stages[0]?.cmd).toEqual(['run ${HOME}']);
  });

  it.each([
    ['${model.c}', '0.5'],
    ['${model.whole}', '1.0'],
    ['${model.small}', '1e-05'],
    ['${model.on}', 'true'],
    ['${model.none}', 'None'],
    ['${model.list[0]}', '1'],
    ['${model.list[1]}', 'two'],
    ['${model.list[-1]}', 'two'],
    ['${ model . kind }', 'svm'],
    ['\\${model.kind} ${model.kind}', '${model.kind} svm'],
    ['${model.kind}${model.kind}', 'svmsvm'],
  ])('becomes text inside a command: %s', (written, expected) => {
    expect(commands(`stages: {s: {cmd: 'x ${written}'}}`, { 'params.yaml': params })).toEqual([`x ${expected}`]);
  });

  it('keeps its type where it is the whole value', () => {
    const files = { 'params.yaml': 'flag: true\nn: 2\npath: data/x\n' };
    const [stage] = stages('stages: {s: {cmd: x, frozen: "${flag}", retries: "${n}", deps: ["${path}"]}}', files);
    expect(stage).toMatchObject({ frozen: true, retries: 2, deps: [{ path: 'data/x' }] });
  });

  it('fills in keys, top-level fields and env too', () => {
    const text = `stages: {s: {cmd: x, outs: [{"\${p}.csv": {cache: false}}], params: [{"\${p}.json": [a]}], env: {A: "\${n}"}}}
metrics: ["\${p}.json"]
artifacts: {a: {path: "\${p}"}}
models: {m: {path: "\${p}.csv", gates: {thresholds: {f1: {min: "\${n}"}}}}}
`;
    const result = parse(text, { 'params.yaml': 'p: name\nn: 0.25\n' });
    expect(result.ok && result.value).toMatchObject({
      stages: [
        { outs: [{ path: 'name.csv', cache: false }], params: [{ file: 'name.json' }], env: [{ value: '0.25' }] },
      ],
      shown: { metrics: [{ path: 'name.json' }] },
      artifacts: [{ path: 'name' }],
      models: [{ path: 'name.csv', gates: { thresholds: [{ min: 0.25 }] } }],
    });
  });

  it('unpacks a map into options of a command', () => {
    const files = {
      'params.yaml':
        "o: {lr: 0.1, deep: {er: 'a b'}, list: [1, x y, true], yes: true, no: false, none: ~, q: \"it's\"}\n",
    };
    expect(commands('stages: {s: {cmd: "run ${o} end"}}', files)).toEqual([
      `run --lr 0.1 --deep.er 'a b' --list 1 'x y' True --yes --none None --q 'it'"'"'s' end`,
    ]);
  });

  it.each([
    ['unknown', 'cmd: x ${model.kin}', '3:12 nothing is called "model.kin", which "cmd" of stage "s" asks for'],
    ['unknown in quotes', 'cmd: "x ${zzz}"', '3:13 nothing is called "zzz"'],
    ['empty', 'cmd: x ${}', '3:12 ${} in "cmd" of stage "s" is no expression'],
    ['unfinished', 'cmd: x ${a.}', '3:12 ${a.} in "cmd" of stage "s" is no expression'],
    ['a list in a path', 'cmd: x\n    deps: ["${langs}"]', '4:13 ${langs} in "deps" of stage "s" stands for a list'],
    ['a list in a command', 'cmd: x ${langs}', '3:12 ${langs} in "cmd" of stage "s" stands for a list'],
    ['a map in a path', 'cmd: x\n    deps: ["a${model}"]', '4:14 ${model} in "deps" of stage "s" stands for a map'],
  ])('is refused at its place, with stage and field, when %s', (_, body, expected) => {
    const found = said(`stages:\n  s:\n    ${body}\n`, { 'params.yaml': params });
    expect(found[0]).toContain(expected);
    expect(found).toHaveLength(1);
  });

  it('hints at the name that was meant', () => {
    const [problem] = problems('stages: {s: {cmd: "${model.kin}"}}', { 'params.yaml': params });
    expect(problem && failureNext(problem)).toContain('"model.kind"');
  });
});

describe('vars', () => {
  it('add to each other deeply, from maps and from files or some of their keys', () => {
    const text = `vars: [{a: {x: 1}}, {a: {y: 2}}, conf.json, "other.yaml:k1,k2"]
stages: {s: {cmd: "\${a.x} \${a.y} \${j} \${k1} \${k2}"}}
`;
    const files = { 'conf.json': '{"j": 3}', 'other.yaml': 'k1: 4\nk2: 5\nk3: 6\n' };
    expect(commands(text, files)).toEqual(['1 2 3 4 5']);
  });

  it('of a stage are its own, with files relative to its wdir', () => {
    const text = `vars: [{d: sub}]
stages:
  one: {wdir: "\${d}", cmd: "\${v}", vars: [v.yaml]}
  two: {cmd: x}
`;
    expect(commands(text, { 'sub/v.yaml': 'v: here\n' })).toEqual(['here', 'x']);
    expect(said(text.replace('cmd: x', 'cmd: "${v}"'), { 'sub/v.yaml': 'v: here\n' })[0]).toContain('"v"');
  });

  it('may name params.yaml again', () => {
    expect(commands('vars: [params.yaml]\nstages: {s: {cmd: "x ${a}"}}', { 'params.yaml': 'a: 1\n' })).toEqual(['x 1']);
  });

  it.each([
    ['a value set twice', 'vars: [{a: 1}, {a: 1}]', 'sets "a" again'],
    ['a map over a value', 'vars: [{a: {b: 1}}, {a: 2}]', 'sets "a" again'],
    ['a value of params.yaml set again', 'vars: [{p: 2}]', 'sets "p" again, which params.yaml:1:1 has set'],
    ['a template', 'vars: [{a: "${p}"}]', '${...} does not work here'],
    ['a missing file', 'vars: [no.yaml]', 'there is no such file'],
    ['a missing key', 'vars: ["f.yaml:zz"]', 'no key "zz"'],
    ['a part of a loaded file', 'vars: [f.yaml, "f.yaml:k"]', 'loaded already'],
    ['all of a file after a part', 'vars: ["f.yaml:k", f.yaml]', 'loaded already'],
    ['a malformed file', 'vars: [bad.yaml]', 'malformed YAML'],
  ])('are refused for %s', (_, vars, message) => {
    const files = { 'params.yaml': 'p: 1\n', 'f.yaml': 'k: 1\n', 'bad.yaml': 'a: [' };
    expect(said(`${vars}\nstages: {s: {cmd: x}}\n`, files).join()).toContain(message);
  });
});

describe('foreach', () => {
  const group = (items: string, body: string): string => `stages:\n  g:\n    foreach: ${items}\n    do: ${body}\n`;
  const names = (text: string, files: Files = {}): string[] => stages(text, files).map(({ name }) => name);

  it('names stages after values, indices or keys', () => {
    expect(names(group('[a, 1, 1.0, true, null]', '{cmd: x}'))).toEqual(['g@a', 'g@1', 'g@1.0', 'g@true', 'g@None']);
    expect(names(group('[a, {b: 1}]', '{cmd: x}'))).toEqual(['g@0', 'g@1']);
    expect(names(group('{k1: 1, k2: {x: 2}}', '{cmd: x}'))).toEqual(['g@k1', 'g@k2']);
    expect(names(group('[a, b, a]', '{cmd: x}'))).toEqual(['g@a', 'g@b']);
    expect(stages(group('[]', '{cmd: x}'))).toEqual([]);
  });

  it('gives item, its members and, for maps, key', () => {
    const text = group('{k1: {p: 1}, k2: {p: 2}}', '{cmd: "${key} ${item.p}", outs: ["o/${key}"]}');
    expect(stages(text)).toMatchObject([
      { cmd: ['k1 1'], group: 'g', outs: [{ path: 'o/k1' }] },
      { cmd: ['k2 2'], group: 'g', outs: [{ path: 'o/k2' }] },
    ]);
  });

  it('takes its items from a variable, or variables as items', () => {
    expect(names(group('${langs}', '{cmd: "${item}"}'), { 'params.yaml': params })).toEqual(['g@en', 'g@de']);
    expect(names(group('["${model.kind}", b]', '{cmd: x}'), { 'params.yaml': params })).toEqual(['g@svm', 'g@b']);
  });

  it.each([
    ['a scalar', group('${model.kind}', '{cmd: x}'), '"foreach" in stage "g" must be a list or a map'],
    ['no do', 'stages: {g: {foreach: [a]}}', 'lacks "do"'],
    ['no foreach', 'stages: {g: {do: {cmd: x}}}', 'lacks "foreach"'],
    ['another field beside it', 'stages: {g: {foreach: [a], do: {cmd: x}, cmd: y}}', 'unknown field "cmd"'],
    ['a do that is text', group('[a]', 'text'), '"do" in stage "g" must be'],
    ['a group in a group', group('[a]', '{cmd: x, matrix: {b: [1]}}'), 'unknown field "matrix"'],
    ['key in a list', group('[a]', '{cmd: "${key}"}'), 'nothing is called "key"'],
    ['item set again', group('[a]', '{cmd: x, vars: [{item: 1}]}'), 'sets "item" again'],
  ])('is refused with %s', (_, text, message) => {
    expect(said(text, { 'params.yaml': params }).join()).toContain(message);
  });

  it('tells a mistake in it once', () => {
    expect(said(group('[a, b, c]', '{cmd: "${zzz}", dep: []}'))).toHaveLength(2);
  });
});

describe('matrix', () => {
  it('makes every combination in order, maps and lists named by variable and index', () => {
    const text = 'stages: {m: {matrix: {a: [x, y], b: [1, {k: v}]}, cmd: "${item.a} ${key}"}}';
    expect(stages(text).map(({ name, cmd, group }) => [name, cmd[0], group])).toEqual([
      ['m@x-1', 'x x-1', 'm'],
      ['m@x-b1', 'x x-b1', 'm'],
      ['m@y-1', 'y y-1', 'm'],
      ['m@y-b1', 'y y-b1', 'm'],
    ]);
  });

  it('takes lists from variables', () => {
    const text = 'stages: {m: {matrix: {l: "${langs}", k: ["${model.kind}"]}, cmd: "${item.l} ${item.k}"}}';
    expect(commands(text, { 'params.yaml': params })).toEqual(['en svm', 'de svm']);
  });

  it('is refused where it is no map of lists, or stands for too many stages', () => {
    expect(said('stages: {m: {matrix: {a: text}, cmd: x}}')[0]).toContain('"a" in stage "m" must be a list');
    expect(said('stages: {m: {matrix: [a], cmd: x}}')[0]).toContain('"matrix" in stage "m" must be a map');
    const axis = `[${Array.from({ length: 100 }, (_, i) => i).join(', ')}]`;
    expect(said(`stages: {m: {matrix: {a: ${axis}, b: ${axis}, c: ${axis}}, cmd: x}}`)[0]).toContain('1000000 stages');
  });
});
