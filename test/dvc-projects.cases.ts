/** Projects that test/dvc-projects.test.ts gives to mlp and to the real DVC. */
export type Files = Readonly<Record<string, string>>;

const one = (fields: string, more: Files = {}): Files => ({ 'dvc.yaml': `stages:\n  s: ${fields}\n`, ...more });
const file = (text: string, more: Files = {}): Files => ({ 'dvc.yaml': text, ...more });
const params = { 'params.yaml': 'a: 1\nb: {c: 2, d: [1, 2]}\nlangs: [en, de]\n' };

/** What both take. */
const taken: Readonly<Record<string, Files>> = {
  wdir: one('{cmd: x, wdir: w, deps: [d, ../e], outs: [o]}', { 'w/d': '' }),
  'wdir above a file below': {
    'sub/dvc.yaml': 'stages: {s: {cmd: x, wdir: .., deps: [d], outs: [o]}}',
    'dvc.yaml': 'stages: {}',
  },
  'wdir by a template': one('{cmd: x, wdir: "w/${a}", outs: [o]}', { ...params, 'w/1/x': '' }),
  'keys of params.yaml': one('{cmd: x, params: [a, b.c]}', params),
  'keys of several files': one('{cmd: x, params: [a, {other.yaml: [k, l.m]}, {x.json: [j]}, b]}', params),
  'params in TOML': one('{cmd: x, params: [{p.toml: [t.u]}]}', { 'p.toml': '[t]\nu = 1\n' }),
  'params in Python': one('{cmd: x, params: [{p.py: [LR, Net.depth]}]}', {
    'p.py': 'LR = 1\nclass Net:\n    depth = 2\n',
  }),
  'a whole params file': one('{cmd: x, params: [{p.yaml: null}]}', { 'p.yaml': 'k: 1\n' }),
  'a whole params file as an empty list': one('{cmd: x, params: [{p.yaml: []}]}', { 'p.yaml': 'k: 1\n' }),
  'two params files in one entry': one('{cmd: x, params: [{p.yaml: [k], q.yaml: [l]}]}'),
  'params in wdir': one('{cmd: x, wdir: w, params: [k]}', { 'w/params.yaml': 'k: 1\n' }),
  'metrics without cache': one('{cmd: x, metrics: [{m.json: {cache: false}}, n.json]}'),
  'plots with options': one(
    '{cmd: x, plots: [p.csv, {q.csv: {x: a, y: b, title: t, template: linear, header: false, cache: false}}]}',
  ),
  'several plots of a file': one('{cmd: x, plots: [{q.csv: [{x: a}, {x: b}]}]}'),
  'all options of an out': one(
    '{cmd: x, outs: [{o: {cache: false, persist: true, push: false, desc: d, type: t, labels: [l], meta: {k: 1}}}]}',
  ),
  checkpoint: one('{cmd: x, outs: [{o: {checkpoint: true}}]}'),
  'a path with options, and several in one entry': one('{cmd: x, outs: [{o: {cache: false}, p: {persist: true}}]}'),
  'only metrics': file('metrics: [m.json]\n', { 'm.json': '{}' }),
  'only params': file('params: [p.yaml, q.toml]\n'),
  'only plots': file(
    'plots: [a.csv, {b.csv: {x: s}}, {c: {x: {b.csv: s}, y: {b.csv: [l, m], a.csv: l}}}, {dir: null}]\n',
  ),
  'only artifacts': file('artifacts: {m: {path: model, type: t, desc: d, labels: [a, b], meta: {k: 1}}}\n'),
  'only vars': file('vars: [{a: 1}]\n'),
  'no stages': file('stages: {}\n'),
  'data sets': file('datasets: [{name: d, type: url, url: "https://example.org"}]\nstages: {s: {cmd: x}}\n'),
  'templates at the top': file('metrics: ["m${a}.json"]\nplots: [{"p${a}.csv": {title: "t ${a}"}}]\n', params),
  frozen: one('{cmd: x, frozen: true, deps: [d]}'),
  'always changed': one('{cmd: x, always_changed: true}'),
  'meta and desc': one('{cmd: x, desc: "what it is for", meta: {any: [1, {b: null}]}}'),
  'a list of commands': one('{cmd: [a, b, "c d"]}'),
  'a command of many lines': one('\n    cmd: |\n      a \\\n        b\n      c\n'),
  'the same dep written twice': one('{cmd: x, deps: [d, e], outs: [o]}'),
  'an edge by a file': file('stages: {a: {cmd: x, outs: [f]}, b: {cmd: x, deps: [f]}}'),
  'an edge into a directory': file('stages: {a: {cmd: x, outs: [d]}, b: {cmd: x, deps: [d/e/f]}}'),
  'edges from what is in a directory': file(
    'stages: {a: {cmd: x, outs: [d/1]}, c: {cmd: x, outs: [d/2]}, b: {cmd: x, deps: [d]}}',
  ),
  'an edge by metrics and plots': file(
    'stages: {a: {cmd: x, metrics: [m.json], plots: [p.csv]}, b: {cmd: x, deps: [m.json, p.csv]}}',
  ),
  'an edge by a params file': file('stages: {a: {cmd: x, outs: [p.yaml]}, b: {cmd: x, params: [{p.yaml: [k]}]}}'),
  'an edge through wdir': file('stages: {a: {cmd: x, wdir: w, outs: [f]}, b: {cmd: x, deps: [w/f]}}', { 'w/x': '' }),
  'an edge to a frozen stage': file(
    'stages: {a: {cmd: x, outs: [f]}, b: {cmd: x, frozen: true, deps: [f], outs: [g]}, c: {cmd: x, deps: [g]}}',
  ),
  'edges of groups': file(
    'stages: {a: {foreach: "${langs}", do: {cmd: "x ${item}", outs: ["o/${item}"]}}, b: {cmd: x, deps: ["o/en", "o/de"]}}',
    params,
  ),
  'edges of a matrix': file(
    'stages: {a: {matrix: {l: "${langs}", n: [1, 2]}, cmd: "x ${item.l}", outs: ["o/${key}"]}, b: {cmd: x, deps: [o]}}',
    params,
  ),
  'two files': {
    'dvc.yaml': 'stages: {a: {cmd: x, deps: [sub/f]}}',
    'sub/dvc.yaml': 'stages: {b: {cmd: x, outs: [f]}}',
  },
  'two files with stages of one name': {
    'dvc.yaml': 'stages: {a: {cmd: x, outs: [f]}}',
    'sub/dvc.yaml': 'stages: {a: {cmd: x, deps: [../f]}}',
  },
  'files three folders deep': {
    'a/dvc.yaml': 'stages: {s: {cmd: x, outs: [o]}}',
    'a/b/c/dvc.yaml': 'stages: {s: {cmd: x, deps: [../../o], outs: [o]}}',
    'dvc.yaml': 'stages: {s: {cmd: x, deps: [a/b]}}',
  },
  'params and vars beside each file': {
    'dvc.yaml': 'vars: [v.yaml]\nstages: {s: {cmd: "x ${k} ${v}", params: [k]}}',
    'params.yaml': 'k: 1\n',
    'v.yaml': 'v: 2\n',
    'sub/dvc.yaml': 'vars: [v.yaml]\nstages: {s: {cmd: "x ${k} ${v}", params: [k]}}',
    'sub/params.yaml': 'k: 3\n',
    'sub/v.yaml': 'v: 4\n',
  },
  'groups in another file': {
    'dvc.yaml': 'stages: {}',
    'sub/dvc.yaml': 'stages: {a: {foreach: [1, 2], do: {cmd: "x ${item}", outs: ["o${item}"]}}}',
  },
  'a file in an ignored folder': {
    'dvc.yaml': 'stages: {a: {cmd: x}}',
    '.dvcignore': 'old/\n',
    'old/dvc.yaml': 'stages: {a: {dep: x}}',
  },
  'a file in what a stage makes': {
    'dvc.yaml': 'stages: {a: {cmd: x, outs: [made]}}',
    'made/dvc.yaml': 'stages: {a: {dep: x}}',
  },
};

/** What both refuse. */
const refused: Readonly<Record<string, Files>> = {
  'a cycle': file('stages: {a: {cmd: x, deps: [b], outs: [a]}, b: {cmd: x, deps: [a], outs: [b]}}'),
  'a cycle over two files': {
    'dvc.yaml': 'stages: {a: {cmd: x, deps: [s/g], outs: [f]}}',
    's/dvc.yaml': 'stages: {b: {cmd: x, deps: [../f], outs: [g]}}',
  },
  'one out of two stages': file('stages: {a: {cmd: x, outs: [f]}, b: {cmd: x, outs: [f]}}'),
  'one out of two files': {
    'dvc.yaml': 'stages: {a: {cmd: x, outs: [s/f]}}',
    's/dvc.yaml': 'stages: {b: {cmd: x, outs: [f]}}',
  },
  'an out as out and as metric': one('{cmd: x, outs: [f], metrics: [f]}'),
  'an out in the out of another stage': file('stages: {a: {cmd: x, outs: [d]}, b: {cmd: x, outs: [d/e]}}'),
  'an out in the out of another file': {
    'dvc.yaml': 'stages: {a: {cmd: x, outs: [s/d]}}',
    's/dvc.yaml': 'stages: {b: {cmd: x, outs: [d/e]}}',
  },
  'a dep that is its own out': one('{cmd: x, deps: [f], outs: [f]}'),
  'an unknown field': one('{cmd: x, dep: [f]}'),
  'an unknown field at the top': file('stage: {s: {cmd: x}}'),
  'an unknown option': one('{cmd: x, outs: [{f: {cach: true}}]}'),
  'no command': one('{deps: [f]}'),
  'a command that is a number': one('{cmd: 1}'),
  'deps that are text': one('{cmd: x, deps: f}'),
  'deps that are a map': one('{cmd: x, deps: [{f: {cache: true}}]}'),
  'outs that are text': one('{cmd: x, outs: f}'),
  'a number as an out': one('{cmd: x, outs: [1]}'),
  'text for a flag': one('{cmd: x, frozen: "yes"}'),
  'a number as wdir': one('{cmd: x, wdir: 1}'),
  'a number as a param': one('{cmd: x, params: [1]}'),
  'a stage that is a list': file('stages: {s: [x]}'),
  'stages that are a list': file('stages: [{cmd: x}]'),
  'a file that is a list': file('- cmd: x\n'),
  'a name with a slash': file('stages: {a/b: {cmd: x}}'),
  'a name with a dot': file('stages: {a.b: {cmd: x}}'),
  'a name with a colon': file('stages: {"a:b": {cmd: x}}'),
  'a name with an @': file('stages: {a@b: {cmd: x}}'),
  'YAML that is none': file('stages: {s: {cmd: x}\n'),
  'a key twice': file('stages:\n  s: {cmd: x}\n  s: {cmd: y}\n'),
  'an artifact without a path': file('artifacts: {a: {type: t}}'),
  'an artifact with a number as its path': file('artifacts: {a: {path: 1}}'),
  'a number as metrics': file('metrics: [1]'),
  'metrics that are text': file('metrics: m.json'),
  'an unknown option of a plot': file('plots: [{p.csv: {z: 1}}]'),
  'an ignored out': { ...one('{cmd: x, outs: [f.tmp]}'), '.dvcignore': '*.tmp\n' },
  'an unknown variable': one('{cmd: "x ${nothing}"}'),
  'a broken file below': { 'dvc.yaml': 'stages: {a: {cmd: x}}', 'sub/dvc.yaml': 'stages: {a: {cmd: x' },
  'an out outside of the repository': one('{cmd: x, outs: [../f]}'),
  'an out by an absolute path': one('{cmd: x, outs: [/nowhere/f]}'),
};

export const projects: Readonly<Record<string, Files>> = { ...taken, ...refused };

/** Where mlp goes its own way, and why. Also rows of the table in docs/dvc.md. */
export const deliberate: Readonly<Record<string, string>> = {
  'a name with a colon': 'a colon stands between a file and its stage: the name could not be called',
  'an out outside of the repository': 'mlp removes and replaces outs, and changes nothing outside of the workspace',
  'an out by an absolute path': 'mlp removes and replaces outs, and changes nothing outside of the workspace',
};
