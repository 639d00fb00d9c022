import { describe, expect, test } from 'vitest';
import { failureMessage } from '../core/failure.ts';
import { parsePipeline } from './parse-pipeline.ts';
import { setFrozen } from './set-frozen.ts';

const changed = (text: string, name: string, frozen: boolean): string => {
  const result = setFrozen(text, 'pipeline.yaml', { name, frozen });
  if (!result.ok) throw new Error(failureMessage(result.error));
  return result.value;
};

function frozenStages(text: string): string[] {
  const config = parsePipeline(text, 'pipeline.yaml');
  if (!config.ok) throw new Error(config.error.map(failureMessage).join('\n'));
  return config.value.stages.filter(({ frozen }) => frozen).map(({ name }) => name);
}

const block = `# the pipeline
stages:
  prepare: # first
    # how
    cmd: "make it"   # by hand
    outs: [ a ]


  train:
      deps:
      - a
      cmd: |
        one
        two
`;

const texts: Readonly<Record<string, readonly [text: string, name: string, frozen: readonly string[]]>> = {
  'a block': [block, 'prepare', ['prepare']],
  'another indentation': [block, 'train', ['train']],
  'no line end at the end': ['stages:\n  s:\n    cmd: x', 's', ['s']],
  'line ends of Windows': [block.replaceAll('\n', '\r\n'), 'train', ['train']],
  'brackets on one line': ['stages: {s: {cmd: x, outs: [o]}, t: {cmd: y}}\n', 's', ['s']],
  'brackets over lines': ['stages: {\n  s: {\n    cmd: x,\n    outs: [o]\n  }\n}\n', 's', ['s']],
  JSON: [JSON.stringify({ stages: { s: { cmd: 'x' }, t: { cmd: 'y' } } }, null, 2), 't', ['t']],
  foreach: ['stages:\n  g:\n    foreach: [a, b]\n    do:\n      cmd: x ${item}\n', 'g', ['g@a', 'g@b']],
  matrix: ['stages:\n  g:\n    matrix: {m: [a, b]}\n    cmd: x ${item.m}\n', 'g', ['g@a', 'g@b']],
  'an anchor that only others use': [
    'stages:\n  s: &s\n    cmd: x\n  t:\n    cmd: y\n    deps: &d [a]\n  u:\n    cmd: z\n    deps: *d\n',
    't',
    ['t'],
  ],
};

describe('freezing', () => {
  test.each(Object.keys(texts))('and unfreezing leave no trace, to the byte, in %s', (title) => {
    const [text, name, frozen] = texts[title] ?? ['', '', []];
    expect(frozenStages(text)).toEqual([]);
    const once = changed(text, name, true);
    expect(frozenStages(once)).toEqual(frozen);
    expect(changed(once, name, true)).toBe(once);
    expect(changed(once, name, false)).toBe(text);
    expect(changed(text, name, false)).toBe(text);
  });

  test('changes one line, which stands before the other fields', () => {
    expect(changed(block, 'prepare', true)).toBe(block.replace('    cmd: "make', '    frozen: true\n    cmd: "make'));
  });

  test('several stages, in any order, and unfreezing them, comes to the same text', () => {
    const both = changed(changed(block, 'train', true), 'prepare', true);
    expect(both).toBe(changed(changed(block, 'prepare', true), 'train', true));
    expect(changed(changed(both, 'train', false), 'prepare', false)).toBe(block);
  });

  test('a "frozen" that was written by hand stays where it is, with the other value', () => {
    const flow = 'stages: {s: {cmd: x, frozen: false}}';
    expect(changed(flow, 's', true)).toBe('stages: {s: {cmd: x, frozen: true}}');
    expect(changed(changed(flow, 's', true), 's', false)).toBe(flow);
    const last = 'stages:\n  s:\n    cmd: x # it\n    frozen: false # until May';
    expect(changed(last, 's', true)).toBe(last.replace('false', 'true'));
    expect(changed(changed(last, 's', true), 's', false)).toBe(last);
    const group = 'stages:\n  g:\n    foreach: [a]\n    do:\n      cmd: x ${item}\n      frozen: false\n';
    expect(changed(changed(group, 'g', true), 'g', false)).toBe(group);
  });

  test('a "frozen" that stands first is taken for one that freezing added, and removed', () => {
    expect(changed('stages: {s: {frozen: true, cmd: x}}', 's', false)).toBe('stages: {s: {cmd: x}}');
    expect(changed('stages:\n  s:\n    frozen: true # it\n    cmd: x\n', 's', false)).toBe(
      'stages:\n  s:\n    cmd: x\n',
    );
  });

  test.each([
    ['a map that an alias shares', 'stages:\n  s: &s\n    cmd: x\n  t: *s\n', 's'],
    ['a stage whose fields are elsewhere', 'x: &s {cmd: x}\nstages:\n  s: *s\n', 's'],
    ['a template', 'stages: {s: {cmd: x, frozen: "${quick}"}}', 's'],
  ])('is refused for %s, and says to edit the file', (_, text, name) => {
    const result = setFrozen(text, 'pipeline.yaml', { name, frozen: true });
    expect(result).toMatchObject({ ok: false, error: { reason: 'cannot-freeze' } });
    if (!result.ok) expect(failureMessage(result.error)).toContain('edit the file');
  });
});
