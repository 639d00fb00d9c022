import { execFileSync } from 'node:child_process';
import { join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandLines } from '../src/config/build-stage.ts';
import { parsePipeline } from '../src/config/parse-pipeline.ts';
import { failureMessage } from '../src/core/failure.ts';
import { pythonWithDvc } from './dvc-peer.ts';

type Files = Readonly<Record<string, string>>;

const params = `model: {kind: svm, c: 0.5, whole: 1.0, tiny: 0.00001, big: 1e20, on: true, none: null, list: [1, two, 2.0]}
langs: [en, de]
maps: {k1: {p: 1, q: [a]}, k2: {p: 2, q: [b]}}
opts: {lr: 0.1, deep: {er: a b, x: 3}, list: [1, x y, true], yes: true, no: false, q: "it's"}
nested: [[1], [2]]
`;
const stage = (fields: string): Files => ({ 'dvc.yaml': `stages:\n  s: ${fields}\n`, 'params.yaml': params });
const file = (text: string, more: Files = {}): Files => ({ 'dvc.yaml': text, 'params.yaml': params, ...more });

const cases: Readonly<Record<string, Files>> = {
  plain: stage('{cmd: echo hi, deps: [a, b/], outs: [c]}'),
  list: stage('{cmd: [a, "b ${model.kind}"]}'),
  numbers: stage('{cmd: "x ${model.c} ${model.whole} ${model.tiny} ${model.big} ${model.on} ${model.none}"}'),
  indices: stage('{cmd: "x ${model.list[0]} ${model.list[1]} ${model.list[2]} ${langs[-1]}"}'),
  'index with a dot': stage('{cmd: "x ${langs.1}"}'),
  blanks: stage('{cmd: "x ${ model.kind } ${model . kind}"}'),
  escape: stage("{cmd: 'x \\${HOME} ${model.kind}'}"),
  'escape alone': stage("{cmd: 'x \\${HOME}'}"),
  'two in one': stage('{cmd: "${model.kind}${model.c}"}'),
  options: stage('{cmd: "run ${opts} end"}'),
  'options in a list': stage('{cmd: ["run ${opts}"]}'),
  'list in cmd': stage('{cmd: "run ${langs}"}'),
  'nested list in options': stage('{cmd: "run ${maps}"}'),
  'list of lists in options': file('vars: [{o: {a: [[1]]}}]\nstages: {s: {cmd: "x ${o}"}}'),
  'empty options': file('vars: [{o: {}}]\nstages: {s: {cmd: "x ${o}"}}'),
  'list in deps': stage('{cmd: x, deps: ["${langs}"]}'),
  'map in deps': stage('{cmd: x, deps: ["a${model}"]}'),
  'unknown name': stage('{cmd: "x ${zzz}"}'),
  'unknown below': stage('{cmd: "x ${model.zzz}"}'),
  'below a scalar': stage('{cmd: "x ${model.c.d}"}'),
  'index out of range': stage('{cmd: "x ${langs[5]}"}'),
  'empty expression': stage('{cmd: "x ${}"}'),
  'open expression': stage('{cmd: "x ${model"}'),
  'trailing dot': stage('{cmd: "x ${model.}"}'),
  'key in outs': stage('{cmd: x, outs: [{"${model.kind}.bin": {cache: false}}]}'),
  'flag keeps its type': stage('{cmd: x, frozen: "${model.on}"}'),
  'foreach scalars': stage('{foreach: [a, 1, 1.0, true, 2.5], do: {cmd: "x ${item}"}}'),
  'foreach repeats': stage('{foreach: [a, b, a], do: {cmd: "x ${item}"}}'),
  'foreach maps in a list': stage('{foreach: [{p: 1}, {p: 2}], do: {cmd: "x ${item.p}"}}'),
  'foreach mixed': stage('{foreach: [a, {p: 2}], do: {cmd: x}}'),
  'foreach map': stage('{foreach: {k1: 1, k2: 2}, do: {cmd: "x ${item} ${key}"}}'),
  'foreach variable list': stage('{foreach: "${langs}", do: {cmd: "x ${item}", outs: ["o/${item}"]}}'),
  'foreach variable map': stage('{foreach: "${maps}", do: {cmd: "x ${key} ${item.p} ${item.q[0]}"}}'),
  'foreach scalar variable': stage('{foreach: "${model.kind}", do: {cmd: x}}'),
  'foreach items from variables': stage('{foreach: ["${model.kind}", b], do: {cmd: "x ${item}"}}'),
  'foreach without do': stage('{foreach: [a]}'),
  'do without foreach': stage('{do: {cmd: x}}'),
  'foreach with more': stage('{foreach: [a], do: {cmd: x}, cmd: y}'),
  'key in a foreach list': stage('{foreach: [a], do: {cmd: "x ${key}"}}'),
  'foreach own vars': stage('{foreach: [a, b], do: {vars: [{v: 1}], cmd: "x ${item} ${v}"}}'),
  'foreach item in vars': stage('{foreach: [a], do: {vars: [{item: 1}], cmd: x}}'),
  matrix: stage('{matrix: {a: [x, y], b: [1, 2.0]}, cmd: "x ${item.a} ${item.b} ${key}"}'),
  'matrix of maps': stage('{matrix: {a: [{p: 1}, {p: 2}], b: [[1], z]}, cmd: "x ${item.a.p}"}'),
  'matrix variable': stage('{matrix: {a: "${langs}", b: ["${model.kind}"]}, cmd: "x ${item.a} ${item.b}"}'),
  'matrix without cmd': stage('{matrix: {a: [1]}}'),
  'vars maps': file('vars: [{a: {x: 1}}, {a: {y: 2}}]\nstages: {s: {cmd: "x ${a.x} ${a.y}"}}'),
  'vars again': file('vars: [{a: 1}, {a: 1}]\nstages: {s: {cmd: x}}'),
  'vars over params': file('vars: [{langs: 1}]\nstages: {s: {cmd: x}}'),
  'vars into a params map': file('vars: [{model: {extra: 1}}]\nstages: {s: {cmd: "x ${model.extra} ${model.kind}"}}'),
  'vars file': file('vars: [v.json]\nstages: {s: {cmd: "x ${j}"}}', { 'v.json': '{"j": 3}' }),
  'vars keys': file('vars: ["v.yaml:a,b"]\nstages: {s: {cmd: "x ${a} ${b}"}}', { 'v.yaml': 'a: 1\nb: 2\nc: 3\n' }),
  'vars key not asked for': file('vars: ["v.yaml:a"]\nstages: {s: {cmd: "x ${c}"}}', { 'v.yaml': 'a: 1\nc: 3\n' }),
  'vars params twice': file('vars: [params.yaml]\nstages: {s: {cmd: "x ${model.c}"}}'),
  'vars part after all': file('vars: [v.yaml, "v.yaml:a"]\nstages: {s: {cmd: x}}', { 'v.yaml': 'a: 1\n' }),
  'vars all after part': file('vars: ["v.yaml:a", v.yaml]\nstages: {s: {cmd: x}}', { 'v.yaml': 'a: 1\n' }),
  'vars missing file': file('vars: [no.yaml]\nstages: {s: {cmd: x}}'),
  'vars missing key': file('vars: ["v.yaml:z"]\nstages: {s: {cmd: x}}', { 'v.yaml': 'a: 1\n' }),
  'vars template': file('vars: [{a: "${langs}"}]\nstages: {s: {cmd: x}}'),
  'stage vars': stage('{vars: [{v: 1}], cmd: "x ${v}"}'),
  'stage vars in wdir': {
    'dvc.yaml': 'stages: {s: {wdir: sub, vars: [v.yaml], cmd: "x ${v}"}}',
    'sub/v.yaml': 'v: 7\n',
  },
  'stage vars stay inside': file('stages:\n  a: {vars: [{v: 1}], cmd: "x ${v}"}\n  b: {cmd: "x ${v}"}\n'),
  'unknown field': stage('{cmd: x, dep: [a]}'),
  'no cmd': stage('{deps: [a]}'),
  'deps as text': stage('{cmd: x, deps: a}'),
  'unknown out option': stage('{cmd: x, outs: [{a: {cach: true}}]}'),
  'scalars as in YAML 1.2': stage('{cmd: "x ${y} ${o}", vars: [{y: yes, o: 010}]}'),
};

/** Where mlp goes its own way, and why. */
const deliberate: Readonly<Record<string, string>> = {
  'flag keeps its type':
    'DVC checks types before it fills in, so that no flag can be a template; mlp checks afterwards',
};

interface Theirs {
  readonly stages?: readonly (readonly [string, Record<string, unknown>])[];
  readonly refused?: string;
}

/** Name, commands, deps and outs of each stage, in order. */
type Shape = readonly (readonly [string, readonly string[], readonly string[], readonly string[]])[];

function ours(files: Files): Shape | string {
  const result = parsePipeline(files['dvc.yaml'] ?? '', 'dvc.yaml', (path) => files[path]);
  if (!result.ok) return result.error.map(failureMessage).join('; ');
  return result.value.stages.map(({ name, cmd, deps, outs }) => [
    name,
    cmd,
    deps.map(({ path }) => path),
    outs.map(({ path }) => path),
  ]);
}

function theirShape({ stages = [] }: Theirs): Shape {
  return stages.map(([name, fields]) => {
    const cmd = fields['cmd'] as string | string[];
    const paths = (field: string): string[] =>
      ((fields[field] ?? []) as (string | Record<string, unknown>)[])
        .flatMap((entry) => (typeof entry === 'string' ? [entry] : Object.keys(entry)))
        .map((path) => posix.join((fields['wdir'] as string | undefined) ?? '', path).replace(/\/$/, ''));
    return [name, typeof cmd === 'string' ? commandLines(cmd) : cmd, paths('deps'), paths('outs')];
  });
}

describe.skipIf(pythonWithDvc === undefined)('a templated dvc.yaml', () => {
  const theirs = pythonWithDvc
    ? (JSON.parse(
        execFileSync(pythonWithDvc, [join(import.meta.dirname, 'dvc-templates.py')], {
          input: JSON.stringify(cases),
          encoding: 'utf8',
        }),
      ) as Record<string, Theirs>)
    : {};

  it.each(Object.keys(cases))('means what the real DVC makes of it: %s', (name) => {
    const found = ours(cases[name] ?? {});
    const expected = theirs[name] ?? {};
    if (deliberate[name] !== undefined) {
      expect([typeof found, expected.refused === undefined], deliberate[name]).toEqual(['object', false]);
    } else if (expected.refused === undefined) expect(found).toEqual(theirShape(expected));
    else expect(typeof found, `DVC: ${expected.refused}`).toBe('string');
  });
});
