import { describe, expect, it } from 'vitest';
import { failureMessage } from '../core/failure.ts';
import { canonicalJson, type JsonObject } from '../core/json.ts';
import { mutateText } from '../../test/mutate.ts';
import { seededRandom } from '../core/random.ts';
import { buildGraph } from '../graph/build-graph.ts';
import { parseParamsFile } from './params-file.ts';
import { parsePipeline } from './parse-pipeline.ts';

const pipeline = `vars: [{lang: en}, "settings.json:seed"]
stages:
  prepare: &base
    cmd: python prepare.py --lang \${lang} > data/clean.csv
    deps: [prepare.py, data/raw]
    params: [prepare, {settings.json: [seed]}]
    outs:
      - data/clean.csv
  train:
    foreach: {svm: {c: 1}, logreg: {c: 0.5}}
    do:
      cmd: |
        python train.py \${item.c} \\
          --name '\${key}'
        echo done
      deps: [data/clean.csv]
      outs: ["models/\${key}": {cache: false, desc: 'a "model"'}]
      env: {SEED: 1, HOME: ~}
      timeout: 1h30m
  evaluate:
    matrix: {set: [a, b], n: [1, 2]}
    cmd: ["echo \${item.set}", "echo \${item.n}"]
    deps: [models]
    metrics: ["m/\${key}.json"]
  copy:
    <<: *base
    outs: [elsewhere]
    frozen: true
    cmd: >-
      folded
      text
models:
  sentiment: {path: models/svm, gates: {thresholds: {f1: {min: 0.5}}}}
plots: [{loss: {x: step, y: {a.csv: [l1, l2]}}}]
`;
const files: Readonly<Record<string, string>> = {
  'params.yaml': 'prepare: {lower: true}\nlist: [1, 2]\n',
  'settings.json': '{"seed": 7}',
};

const pieces = [
  '${',
  '}',
  ':',
  ' ',
  '\n',
  '\t',
  '- ',
  '"',
  "'",
  '[',
  ']',
  '{',
  '}',
  '&a',
  '*a',
  '<<: ',
  '!x ',
  '|',
  '>',
  '#',
  '...',
  '---\n',
  '\u0000',
  '\ud800',
  '%',
  '@',
  '\\',
  '9'.repeat(40),
  'foreach',
  '../',
  '~',
  ', ',
];

describe('a pipeline file that was damaged at random', () => {
  it('is read or refused, never a crash, and never slow', () => {
    const undamaged = parsePipeline(pipeline, 'pipeline.yaml', (path) => files[path]);
    expect(undamaged.ok ? [] : undamaged.error.map(failureMessage)).toEqual([]);
    const random = seededRandom(20_240_501);
    const outcomes = { read: 0, refused: 0 };
    let slowest = 0;
    for (let i = 0; i < 1000; i++) {
      const text = mutateText(pipeline, random, pieces);
      const start = performance.now();
      const config = parsePipeline(text, 'pipeline.yaml', (path) => files[path]);
      if (config.ok) {
        outcomes.read++;
        buildGraph(config.value);
      } else {
        outcomes.refused++;
        expect(config.error.length, text).toBeGreaterThan(0);
        expect(
          config.error.every((problem) => problem.at !== undefined),
          text,
        ).toBe(true);
      }
      slowest = Math.max(slowest, performance.now() - start);
    }
    expect(outcomes.read).toBeGreaterThan(100);
    expect(outcomes.refused).toBeGreaterThan(500);
    expect(slowest).toBeLessThan(1000);
  });

  it('is no problem as a params file either, in YAML and JSON', () => {
    const random = seededRandom(7);
    const json = '{"a": {"b": [1, 2.5e-3, "x\\n\\u00e9", null, true], "c": {}}, "d": -0}';
    for (let i = 0; i < 300; i++) {
      const yaml = parseParamsFile(mutateText(pipeline, random, pieces), 'params.yaml');
      const asJson = parseParamsFile(mutateText(json, random, pieces), 'params.json');
      expect(typeof yaml.ok).toBe('boolean');
      expect(typeof asJson.ok).toBe('boolean');
    }
  });

  it('in JSON is taken exactly when JSON.parse takes it, but for twice the same key and what JSON lacks', () => {
    const random = seededRandom(11);
    const json = '{"a": {"b": [1, 2.5e-3, "x\\n\\u00e9", null, true], "c": {}}, "d": -0}';
    let agreed = 0;
    for (let i = 0; i < 3000; i++) {
      const text = mutateText(json, random, pieces);
      const ours = parseParamsFile(text, 'p.json');
      let theirs: unknown;
      try {
        theirs = JSON.parse(text);
      } catch {
        theirs = undefined;
      }
      const isMap = typeof theirs === 'object' && theirs !== null && !Array.isArray(theirs);
      const hasBigInteger = /\d{16}/.test(text);
      if (hasBigInteger || (!ours.ok && ours.error.reason === 'duplicate-key')) continue;
      expect(ours.ok, text).toBe(isMap || text.trim() === '');
      if (ours.ok && isMap) expect(canonicalJson(ours.value), text).toBe(canonicalJson(theirs as JsonObject));
      agreed++;
    }
    expect(agreed).toBeGreaterThan(2000);
  });
});
