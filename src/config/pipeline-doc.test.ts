import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { failureMessage } from '../core/failure.ts';
import { describeType, type FieldTable } from './field-types.ts';
import {
  artifactFields,
  gatesFields,
  groupFields,
  modelFields,
  outFields,
  plotFields,
  plotOutFields,
  stageFields,
  testSetFields,
  thresholdFields,
  topFields,
} from './fields.ts';
import { parsePipeline } from './parse-pipeline.ts';

const doc = readFileSync('docs/pipeline-yaml.md', 'utf8');

/** Each section of the page, with a pipeline that puts one of its examples where it belongs. */
const sections: Readonly<Record<string, { fields: FieldTable; around: (example: string) => string }>> = {
  'The top of the file': {
    fields: topFields,
    around: (example) => (example.startsWith('stages:') ? example : `stages: {s: {cmd: x, outs: [model]}}\n${example}`),
  },
  'A stage': {
    fields: stageFields,
    around: (example) => `stages:\n  s:\n    ${example.startsWith('cmd:') ? '' : 'cmd: x\n    '}${example}\n`,
  },
  'Options of outs and metrics': {
    fields: outFields,
    around: (example) => `stages:\n  s:\n    cmd: x\n    outs:\n      - a:\n          ${example}\n`,
  },
  "Options of a stage's plots": {
    fields: plotOutFields,
    around: (example) => `stages:\n  s:\n    cmd: x\n    plots:\n      - a.csv:\n          ${example}\n`,
  },
  'A group of stages': {
    fields: groupFields,
    around: (example) => {
      const other = example.startsWith('do:') ? 'foreach: [a]' : 'do: {cmd: x}';
      return `stages:\n  s:\n    ${example}\n    ${other}\n`;
    },
  },
  'Plots at the top': {
    fields: plotFields,
    around: (example) => `stages: {s: {cmd: x}}\nplots:\n  - id:\n      ${example}\n`,
  },
  'An artifact': {
    fields: artifactFields,
    around: (example) =>
      `stages: {s: {cmd: x}}\nartifacts:\n  a:\n    ${example.startsWith('path:') ? '' : 'path: p\n    '}${example}\n`,
  },
  'A model': {
    fields: modelFields,
    around: (example) =>
      `stages: {s: {cmd: x, outs: [artifacts/model, p, artifacts/metrics.json]}}\nmodels:\n  m:\n    ${example.startsWith('path:') ? '' : 'path: p\n    '}${example}\n`,
  },
  'The test set of a model': {
    fields: testSetFields,
    around: (example) => {
      const all = { path: 'path: t', text_column: 'text_column: t', label_column: 'label_column: l' };
      const rest = Object.entries(all).flatMap(([name, line]) => (example.startsWith(`${name}:`) ? [] : [line]));
      return `stages: {s: {cmd: x, outs: [p]}}\nmodels:\n  m:\n    path: p\n    test_set:\n      ${[example, ...rest].join('\n      ')}\n`;
    },
  },
  'The gates of a model': {
    fields: gatesFields,
    around: (example) => `stages: {s: {cmd: x, outs: [p]}}\nmodels:\n  m:\n    path: p\n    gates:\n      ${example}\n`,
  },
  'The bounds of a metric': {
    fields: thresholdFields,
    around: (example) =>
      `stages: {s: {cmd: x, outs: [p]}}\nmodels:\n  m:\n    path: p\n    gates:\n      thresholds:\n        f1:\n          ${example}\n`,
  },
};

const escaped = (text: string): string => text.replaceAll('|', '\\|');

/** The rows of a section's table as they must stand. */
const rowsFor = (fields: FieldTable): string[] =>
  Object.entries(fields).map(([name, { type, required, standard, doc: about, example }]) => {
    const absent = required === true ? 'required' : (standard ?? '');
    return `| \`${name}\` | ${escaped(describeType(type))} | ${escaped(absent)} | ${escaped(about)} | \`${escaped(example)}\` |`;
  });

function rowsInDoc(title: string): string[] {
  const section = new RegExp(`^## ${title}\\n([\\s\\S]*?)(?=^## |(?![\\s\\S]))`, 'm').exec(doc)?.[1] ?? '';
  return section.split('\n').filter((line) => line.startsWith('| `'));
}

describe('docs/pipeline-yaml.md', () => {
  it.each(Object.keys(sections))('lists every field and no other, as the program takes them: %s', (title) => {
    expect(rowsInDoc(title)).toEqual(rowsFor(sections[title]?.fields ?? {}));
  });

  it('has no table of fields beside these', () => {
    const known = Object.keys(sections).flatMap(rowsInDoc).length;
    expect(doc.split('\n').filter((line) => line.startsWith('| `'))).toHaveLength(known);
  });

  const examples = Object.entries(sections).flatMap(([title, { fields, around }]) =>
    Object.entries(fields).map(([name, { example }]) => ({ where: `${title}: ${name}`, text: around(example) })),
  );
  const read = (path: string): string | undefined => (path === 'settings.json' ? '{"seed": 1}' : undefined);

  it.each(examples)('gives an example that is taken: $where', ({ text }) => {
    const result = parsePipeline(text, 'pipeline.yaml', read);
    expect(result.ok ? [] : result.error.map(failureMessage), text).toEqual([]);
  });

  it('shows whole pipelines that are taken', () => {
    const blocks = [...doc.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, block]) => block ?? '');
    expect(blocks.length).toBeGreaterThan(1);
    for (const block of blocks) {
      const result = parsePipeline(block, 'pipeline.yaml', read);
      expect(result.ok ? [] : result.error.map(failureMessage)).toEqual([]);
    }
  });

  it('names the stages that its groups make', () => {
    const block = [...doc.matchAll(/```yaml\n([\s\S]*?)```/g)]
      .map(([, text]) => text ?? '')
      .find((text) => text.includes('foreach'));
    const result = parsePipeline(block ?? '', 'pipeline.yaml', read);
    expect(result.ok && result.value.stages.every(({ name }) => doc.includes(`\`${name}\``))).toBe(true);
  });
});
