import { describe, expect, it } from 'vitest';
import { parseParamsFile } from '../../src/config/params-file.ts';
import { parsePipeline } from '../../src/config/parse-pipeline.ts';
import { parseEntry } from '../../src/cache/run-cache.ts';
import { failureMessage, failureNext, type Failure } from '../../src/core/failure.ts';
import { seededRandom, type Random } from '../../src/core/random.ts';
import { parseDataRecord } from '../../src/fs/import/read-record.ts';
import { parseManifest } from '../../src/fs/manifest.ts';
import { buildGraph } from '../../src/graph/build-graph.ts';
import { parseLock } from '../../src/record/lock-file.ts';
import { renderFailure } from '../../src/report/failure.ts';
import { styleFor } from '../../src/report/style.ts';
import { mutateText, mutateTree, pick } from '../mutate.ts';

const hash = 'ab'.repeat(32);
const stages = {
  vars: [{ lang: 'en', list: [1, 2, { a: 'x' }] }, 'settings.json:seed'],
  stages: {
    prepare: {
      cmd: 'prep ${lang} > d',
      deps: ['p.py', 'raw'],
      params: ['prepare', { 'settings.json': ['seed'] }],
      outs: ['d'],
    },
    train: {
      foreach: { a: { c: 1 }, b: { c: 2 } },
      do: { cmd: 'train ${item.c} ${key}', outs: [{ 'm/${key}': { cache: false } }], timeout: '1h' },
    },
    grid: {
      matrix: { set: ['x', 'y'], n: '${list}' },
      cmd: ['echo ${item.set}', 'x'],
      metrics: ['g/${key}.json'],
      env: { A: '1' },
    },
  },
  models: { m: { path: 'm/a', gates: { thresholds: { f1: { min: 0.5 } } } } },
  plots: [{ loss: { x: 'step', y: { 'a.csv': ['l1'] } } }],
  artifacts: { m: { path: 'm/a', type: 'model' } },
};
const yaml = `vars: &v [{lang: en}]
stages:
  a: &base
    cmd: >-
      echo \${lang}
      more
    deps: [x, "y z"]
  b: {<<: *base, outs: [o: {persist: true}]}
  c:
    foreach: [1, 2]
    do: {cmd: "echo \${item}", outs: ["o\${item}"]}
`;
const lock = `schema: '1'
stages:
  a:
    cmd: x
    deps:
      - path: in
        hash: ${hash}
        size: 3
    params: {params.yaml: {a: [1, 2]}}
    outs:
      - path: o
        hash: ${hash}
        size: 12
        files: 2
`;
const record = `sha256: ${hash}\nsize: 12\nurl: https://example.com/a.csv\nimported: 2026-01-01T00:00:00Z\n`;
const manifest = `[{"executable":false,"hash":"${hash}","path":"a/b","size":3}]`;
const entry = `{
 "fingerprint": "${hash}",
 "outs": [{"path": "o", "hash": "${hash}", "size": 12, "files": 2}, {"path": "x", "hash": "${hash}", "size": 1, "executable": true}],
 "madeBy": "able-fox-1"
}
`;
const params: Readonly<Record<string, string>> = {
  'p.yaml': 'a: {b: [1, 2.5, ~], c: "x"}\nd: &x [1]\ne: *x\n',
  'p.json': '{"a": {"b": [1, 2.5e-3, "x\\n", null]}, "c": {}}',
  'p.toml': 'a = 1\n[b]\nc = [1, 2.5, "x"]\nd = {e = true}\n[[f]]\ng = 1979-05-27\n',
  'p.py': 'A = 1\nclass B:\n    c = [1, 2.5]\n    d = {"e": (1, "x")}\n',
};

interface Target {
  readonly share: number;
  mutate(random: Random): string;
  /** What refuses the text, if anything does. */
  read(text: string): Promise<readonly Failure[]> | readonly Failure[];
}

const files: Readonly<Record<string, string>> = { 'params.yaml': 'prepare: {a: 1}\n', 'settings.json': '{"seed": 7}' };

function readPipeline(text: string): readonly Failure[] {
  const config = parsePipeline(text, 'pipeline.yaml', (path) => files[path]);
  const graph = config.ok ? buildGraph(config.value) : config;
  return graph.ok ? [] : graph.error;
}

const oneOf = (result: { ok: true } | { ok: false; error: Failure }): readonly Failure[] =>
  result.ok ? [] : [result.error];

const names = Object.keys(params);
const targets: Readonly<Record<string, Target>> = {
  'pipeline by structure': { share: 30_000, mutate: (random) => mutateTree(stages, random), read: readPipeline },
  'pipeline by text': { share: 20_000, mutate: (random) => mutateText(yaml, random), read: readPipeline },
  params: {
    share: 20_000,
    mutate: (random) => {
      const name = pick(names, random);
      return `${name}\n${mutateText(params[name] ?? '', random)}`;
    },
    read: (text) => {
      const end = text.indexOf('\n');
      return oneOf(parseParamsFile(text.slice(end + 1), text.slice(0, end)));
    },
  },
  lock: {
    share: 12_000,
    mutate: (random) => mutateText(lock, random),
    read: async (text) => oneOf(await parseLock(text, 'pipeline.lock')),
  },
  records: {
    share: 5000,
    mutate: (random) => mutateText(record, random),
    read: (text) => oneOf(parseDataRecord(text, 'a.csv.mlp')),
  },
  'run cache entries': {
    share: 10_000,
    mutate: (random) => mutateText(entry, random),
    read: (text) => {
      const outs = parseEntry(text, hash)?.outs ?? [];
      const counts = outs.flatMap(({ size, files = 0 }) => [size, files]);
      expect(counts.filter((count) => !Number.isSafeInteger(count) || count < 0)).toEqual([]);
      expect(outs.filter((out) => !/^[0-9a-f]{64}$/.test(out.hash) || typeof out.path !== 'string')).toEqual([]);
      return [];
    },
  },
  manifests: {
    share: 3000,
    mutate: (random) => mutateText(manifest, random),
    read: (text) => {
      const files = parseManifest(text)?.files ?? [];
      expect(files.filter(({ path }) => path.split('/').includes('..') || path.startsWith('/'))).toEqual([]);
      return [];
    },
  },
};

describe('files that were damaged at random, 100,000 in all', () => {
  for (const [name, target] of Object.entries(targets)) {
    it(
      `${name}: ${String(target.share)} are read or refused in words, never a crash, none over a second`,
      { timeout: 600_000 },
      async () => {
        const random = seededRandom(20_261_123);
        let refused = 0;
        let slowest = 0;
        for (let i = 0; i < target.share; i++) {
          const text = target.mutate(random);
          const startedAt = performance.now();
          let problems: readonly Failure[];
          try {
            problems = await target.read(text);
            const view = { style: styleFor(false), columns: 80, readLines: () => text.split('\n') };
            for (const problem of problems.slice(0, 2))
              expect(renderFailure(problem, view)).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
          } catch (error) {
            throw new Error(`number ${String(i)}: ${JSON.stringify(text)}`, { cause: error });
          }
          const took = performance.now() - startedAt;
          if (took > 1000) throw new Error(`number ${String(i)} took ${String(took)} ms: ${JSON.stringify(text)}`);
          slowest = Math.max(slowest, took);
          if (problems.length > 0) refused++;
          for (const problem of problems)
            expect(failureMessage(problem) + (failureNext(problem) ?? '')).not.toContain('undefined');
        }
        process.stdout.write(
          `${name}: ${String(refused)} of ${String(target.share)} refused, slowest ${slowest.toFixed(0)} ms\n`,
        );
        if (name !== 'manifests' && name !== 'run cache entries') expect(refused).toBeGreaterThan(target.share / 10);
        expect(refused).toBeLessThan(target.share);
      },
    );
  }
});
