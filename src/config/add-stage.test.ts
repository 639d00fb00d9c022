import { describe, expect, it } from 'vitest';
import { failureMessage } from '../core/failure.ts';
import { canonicalJson, type JsonObject } from '../core/json.ts';
import { seededRandom } from '../core/random.ts';
import { addStage, type StageAdded } from './add-stage.ts';
import { rawToJson } from './raw.ts';
import { formatOf, parseTree } from './tree.ts';
import { yamlEntry, yamlFlow, yamlScalar } from './write-yaml.ts';

const fields = { cmd: 'python train.py', deps: ['train.py', 'data'], outs: ['model', { big: { cache: false } }] };

function added(
  text: string,
  options: { file?: string; fields?: JsonObject; replace?: boolean; name?: string } = {},
): StageAdded {
  const { file = 'pipeline.yaml', replace = false, name = 'train' } = options;
  const result = addStage(text, file, { name, fields: options.fields ?? fields, replace });
  if (!result.ok) throw new Error(failureMessage(result.error));
  return result.value;
}

const add = (...words: Parameters<typeof added>): string => added(...words).text;

const block = (dash: string): string =>
  ['  train:', '    cmd: python train.py', '    deps:', `    ${dash}- train.py`, `    ${dash}- data`, '    outs:']
    .concat([`    ${dash}- model`, `    ${dash}- big:`, `    ${dash}    cache: false`])
    .map((line) => `${line}\n`)
    .join('');

function valuesOf(text: string, file = 'pipeline.yaml'): unknown {
  const tree = parseTree(text, file, formatOf(file) ?? 'YAML');
  if (!tree.ok) throw new Error(tree.error.map(failureMessage).join());
  return rawToJson(tree.value);
}

describe('adding a stage', () => {
  it.each([
    ['an empty file', '', `stages:\n${block('  ')}`],
    ['a file of comments', '# why\n', `# why\nstages:\n${block('  ')}`],
    ['a file without stages and without a last line end', 'vars: [{a: 1}]', `vars: [{a: 1}]\nstages:\n${block('  ')}`],
    ['stages without a value', 'stages:   # all\n# end\n', `stages:   # all\n${block('  ')}# end\n`],
    ['empty braces', 'stages: {}  # all\nvars: []\n', `stages:  # all\n${block('  ')}vars: []\n`],
    ['stages at the end', 'stages:\n  a:\n    cmd: x\n', `stages:\n  a:\n    cmd: x\n${block('  ')}`],
    [
      'stages in the middle',
      'stages:\n  a:\n    cmd: x\n\n# models\nmodels: {}\n',
      `stages:\n  a:\n    cmd: x\n${block('  ')}\n# models\nmodels: {}\n`,
    ],
    [
      'lists at the column of their key',
      'stages:\n  a:\n    deps:\n    - y\n    cmd: x',
      `stages:\n  a:\n    deps:\n    - y\n    cmd: x\n${block('')}`,
    ],
    [
      'blank lines between stages',
      'stages:\n  a:\n    cmd: x\n\n  b:\n    cmd: y\n',
      `stages:\n  a:\n    cmd: x\n\n  b:\n    cmd: y\n\n${block('  ')}`,
    ],
    [
      'comments that belong to the last stage',
      'stages:\n  a:\n    cmd: x # why\n    # deps: [y]\n\n  # b: off\n# end\n',
      `stages:\n  a:\n    cmd: x # why\n    # deps: [y]\n\n  # b: off\n${block('  ')}# end\n`,
    ],
    [
      'a block of text at the end',
      'stages:\n  a:\n    cmd: |\n      x\n      y\n',
      `stages:\n  a:\n    cmd: |\n      x\n      y\n${block('  ')}`,
    ],
    [
      'text that keeps its blank lines',
      'stages:\n  a:\n    cmd: |+\n      x\n\n',
      `stages:\n  a:\n    cmd: |+\n      x\n\n${block('  ')}`,
    ],
    [
      'an alias at the end',
      'stages:\n  a: &a\n    cmd: x\n  b: *a\n',
      `stages:\n  a: &a\n    cmd: x\n  b: *a\n${block('  ')}`,
    ],
    [
      'a merge key alone at the end',
      '.x: &a {cmd: x}\nstages:\n  b:\n    <<: *a\n',
      `.x: &a {cmd: x}\nstages:\n  b:\n    <<: *a\n${block('  ')}`,
    ],
    [
      'a value that is missing at the end',
      'stages:\n  a:\n    cmd: x\n    params: [{p.yaml: }]\n    meta:  # none\n',
      undefined,
    ],
  ])('to %s leaves all else as it is', (_, before, after) => {
    const text = add(before);
    if (after !== undefined) expect(text).toBe(after);
    const wanted = (valuesOf(before) ?? {}) as { stages?: JsonObject | null };
    expect(valuesOf(text)).toEqual({ ...wanted, stages: { ...wanted.stages, train: fields } });
  });

  it('follows brackets and indentation of the file', () => {
    const text = 'stages:\n    a:\n        cmd: x\n        deps: [y]\n        outs: [z]\n';
    expect(add(text)).toBe(
      `${text}    train:\n        cmd: python train.py\n        deps: [train.py, data]\n        outs: [model, {big: {cache: false}}]\n`,
    );
  });

  it('follows Windows line ends', () => {
    const text = 'stages:\r\n  a:\r\n    cmd: x\r\n';
    expect(add(text)).toBe(text + block('  ').replaceAll('\n', '\r\n'));
  });

  it('stays in braces where all stages are in braces, and in JSON', () => {
    expect(add('stages: {a: {cmd: x}} # end\n')).toBe(
      `stages: {a: {cmd: x}, "train": ${JSON.stringify(fields)}} # end\n`,
    );
    const json = JSON.stringify({ stages: { a: { cmd: 'x' } }, vars: [] }, null, 2);
    const wanted = JSON.stringify({ stages: { a: { cmd: 'x' }, train: fields }, vars: [] }, null, 2);
    expect(add(json, { file: 'p.json' })).toBe(wanted);
    expect(add(json)).toBe(wanted);
    expect(JSON.parse(add('', { file: 'p.json' }))).toEqual({ stages: { train: fields } });
    expect(JSON.parse(add('{"vars": []}', { file: 'p.json' }))).toEqual({ vars: [], stages: { train: fields } });
    expect(JSON.parse(add('{"stages": {}}', { file: 'p.json' }))).toEqual({ stages: { train: fields } });
  });

  it('refuses a name that is taken, and replaces only that stage when it may', () => {
    const text =
      '# top\nstages:\n  a:\n    cmd: x  # old\n    # more\n  # about train\n  train: # old\n    cmd: y\n    deps:\n      - z # last\n  # about b\n  b: {cmd: z}\n';
    const refused = addStage(text, 'pipeline.yaml', { name: 'train', fields, replace: false });
    expect(!refused.ok && [refused.error.reason, refused.error.at?.line]).toEqual(['stage-exists', 7]);
    const before = text.slice(0, text.indexOf('  train:'));
    const after = text.slice(text.indexOf('  # about b'));
    expect(added(text, { replace: true })).toMatchObject({ replaced: true, text: before + block('  ') + after });
  });

  it('refuses to replace a stage that others take values from', () => {
    const text = 'stages:\n  train: &t\n    cmd: x\n  b: *t\n';
    const refused = addStage(text, 'pipeline.yaml', { name: 'train', fields, replace: true });
    expect(!refused.ok && refused.error.reason).toBe('stage-not-added');
  });
});

describe('what is written', () => {
  const texts = [
    'plain words',
    'a: b',
    'a #b',
    '# a',
    'yes',
    'No',
    '1',
    '1.5',
    '.5',
    '1e3',
    '0x1F',
    '12:30',
    '2020-01-01',
    '15m',
    './a',
    '../a',
    '.hidden',
    '-x',
    '- x',
    '*',
    '&a',
    '!a',
    '%a',
    '@a',
    '`a`',
    '{a}',
    '[a]',
    'a, b',
    'a]',
    '"q"',
    "it's",
    "'",
    'ends: ',
    'ends:',
    ' blank',
    'blank ',
    '',
    '~',
    'null',
    '?',
    '? a',
    '|',
    '>',
    'tab\there',
    'line\nline\n',
    'line\n  deeper\n',
    '  first\nline\n',
    'a\n\nb\n',
    'no end\nline',
    '\u0000',
    '\u2028',
    '\ufeff',
    'ü ok',
    '日本',
    '🎉',
    '$HOME/x',
    '${item}',
    '(a)',
    'a\\b',
    '=',
    '<<',
    'a:"b"',
  ];

  it.each(texts)('reads back as it was: %j', (text) => {
    for (const style of [
      { step: 2, dash: 2, flow: false },
      { step: 4, dash: 0, flow: true },
    ]) {
      for (const value of [
        text,
        [text],
        { [text]: text },
        [{ [text]: [text, null] }],
        { k: { [text]: { l: text } } },
      ]) {
        expect(valuesOf(`${yamlEntry('key', value, 0, style).join('\n')}\n`)).toEqual({ key: value });
        expect(valuesOf(`key: ${yamlFlow(value)}`)).toEqual({ key: value });
      }
    }
  });

  it('has quotes only where they are needed', () => {
    const plain = texts.filter((text) => yamlScalar(text) === text);
    const shown = 'plain words|15m|./a|../a|.hidden|a, b|a]|it\'s|ü ok|日本|$HOME/x|${item}|(a)|a\\b|a:"b"';
    expect(plain).toEqual(shown.split('|'));
    expect(plain.filter((text) => yamlScalar(text, true) !== text)).toEqual(['a, b', 'a]', '${item}', 'a:"b"']);
  });
});

describe('random stages in random files', () => {
  const comment = '# why: because';

  function randomFile(random: () => number): string {
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
    const step = ' '.repeat(pick([1, 2, 4]));
    const note = (): string => (random() < 0.3 ? `  ${comment}` : '');
    const noteLine = (margin: string): string => (random() < 0.2 ? `${margin}${comment}\n` : '');
    const gap = (): string => (random() < 0.3 ? '\n' : '');
    const stage = (index: number): string => {
      const body = [
        `cmd: ${pick(['x', '"quoted"', "'x: y'", '|\n' + step.repeat(3) + 'text\n' + step.repeat(3) + 'text'])}`,
        ...(random() < 0.5 ? [`deps:${note()}\n${step.repeat(3)}- d${index}${note()}`] : ['deps: [e, f]']),
        ...(random() < 0.4 ? [`outs:${note()}\n${step.repeat(2)}- o${index}:\n${step.repeat(2)}    cache: false`] : []),
        ...(random() < 0.2 ? ['meta:'] : []),
      ];
      const inFlow = random() < 0.15;
      if (inFlow) return `${step}s${index}: {cmd: x, outs: [o${index}]}${note()}\n`;
      const isText = (line: string): boolean => line.includes('|\n');
      const lines = body.map(
        (line) => `${noteLine(step.repeat(2))}${step.repeat(2)}${line}${isText(line) ? '' : note()}\n`,
      );
      return `${noteLine(step)}${step}s${index}:${note()}\n${lines.join('')}${gap()}`;
    };
    const count = Math.floor(random() * 4);
    const stages = Array.from({ length: count }, (_, index) => stage(index)).join('');
    const head = random() < 0.4 ? `${comment}\nvars:\n  - a: 1${note()}\n` : '';
    const tail = random() < 0.5 ? `${noteLine('')}${noteLine(step)}metrics: [m.json]${note()}\n` : noteLine(step);
    const text = `${head}stages:${note()}\n${stages}${gap()}${tail}`;
    return random() < 0.2 ? text.replaceAll('\n', '\r\n') : random() < 0.2 ? text.trimEnd() : text;
  }

  it('change nothing else: values, comments and every other line', () => {
    let taken = 0;
    for (let seed = 1; seed <= 600; seed++) {
      const random = seededRandom(seed);
      const text = randomFile(random);
      const before = valuesOf(text) as { stages: JsonObject | null };
      const result = addStage(text, 'pipeline.yaml', { name: 'new', fields, replace: false });
      expect(result.ok, `seed ${seed}\n${text}`).toBe(true);
      if (!result.ok) continue;
      taken++;
      const after = result.value.text;
      const wanted = { ...before, stages: { ...before.stages, new: fields } };
      expect(canonicalJson(valuesOf(after) as JsonObject), `seed ${seed}`).toBe(canonicalJson(wanted));
      const count = (source: string): number => source.split(comment).length;
      expect(count(after), `seed ${seed}\n${text}`).toBe(count(text));
      // What was there is there still, in its order: taking the new lines out gives the old file back.
      const own = new Set(result.value.written.split(/\r?\n/));
      const kept = (source: string): string[] =>
        source.split(/\r?\n/).filter((line) => line.trim() !== '' && !own.has(line));
      expect(kept(after), `seed ${seed}`).toEqual(kept(text));
    }
    expect(taken).toBe(600);
  });

  it('come back out when they are replaced', () => {
    for (let seed = 1; seed <= 200; seed++) {
      const text = randomFile(seededRandom(seed));
      const once = add(text, { name: 'new' });
      const other = { cmd: 'other', outs: ['elsewhere'] };
      const twice = add(once, { name: 'new', fields: other, replace: true });
      expect(add(twice, { name: 'new', replace: true }), `seed ${seed}`).toBe(once);
      const before = valuesOf(text) as { stages: JsonObject | null };
      expect(valuesOf(twice), `seed ${seed}`).toEqual({ ...before, stages: { ...before.stages, new: other } });
    }
  });
});
