// How large is a model package, and how long does it take to load?
//   node --import tsx bench/package.ts [features] [classes] [iterations] [--first]
// A linear model of 10,000 words and 3 classes, unless said otherwise; with iterations, that many trees of 15 leaves a class instead. Each load is a process
// of its own, as a server's start is: the median of the first loads (with --first that number alone, in milliseconds), and of later ones in the same process. The parts are timed by themselves, and the ratio is against reading and hashing the bytes alone.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { seededRandom } from '../src/core/random.ts';
import type { FittedClassifier } from '../src/ml/estimator.ts';
import { FittedFeatures } from '../src/ml/features/pipeline.ts';
import { featuresFromParts, featuresToParts } from '../src/ml/features/stored.ts';
import { defaultVectorizer, FittedVectorizer } from '../src/ml/features/vectorizer.ts';
import { LinearClassifier, outputsOf } from '../src/ml/linear/linear-classifier.ts';
import { parseDescription } from '../src/ml/package/description.ts';
import { sha256 } from '../src/ml/package/format.ts';
import { loadModelPackage } from '../src/ml/package/load.ts';
import { writeModelPackage } from '../src/ml/package/write.ts';
import { plainCleaning } from '../src/ml/text/clean.ts';
import { TermTable } from '../src/ml/text/term-table.ts';
import { nodeFlags, zeroThreshold } from '../src/ml/trees/ensemble.ts';
import { flattenTrees } from '../src/ml/trees/flatten.ts';
import { TreeClassifier } from '../src/ml/trees/tree-classifier.ts';
import { median } from './alternate.ts';

const words = process.argv.slice(2);
const firstAlone = words.includes('--first');
const [features = 10_000, classes = 3, iterations = 0] = words.filter((word) => word !== '--first').map(Number);
const self = fileURLToPath(import.meta.url);

/** Words of 3 to 12 letters, all different, and weights of the usual size. */
async function writePackage(folder: string): Promise<void> {
  const random = seededRandom(1);
  const letters = (): string => String.fromCharCode(97 + Math.floor(random() * 26));
  const words = new Set<string>();
  while (words.size < features) words.add(Array.from({ length: 3 + Math.floor(random() * 10) }, letters).join(''));
  const normal = (): number => random() + random() + random() - 1.5;
  const numbers = (length: number): Float64Array => Float64Array.from({ length }, normal);
  const terms = TermTable.of([...words].sort());
  const vectorizer = new FittedVectorizer(
    defaultVectorizer,
    terms,
    numbers(features).map((value) => 6 + value),
  );
  const names = Array.from({ length: classes }, (_, c) => `class ${c}`);
  const classifier = iterations === 0 ? linear(names, numbers) : trees(names, random);
  await writeModelPackage(folder, {
    name: 'bench',
    features: new FittedFeatures(plainCleaning, [vectorizer]),
    classifier,
    ...{ hyperparameters: {}, example: 'a text to ask about', fingerprint: null, profile: null },
  });
}

function linear(names: readonly string[], numbers: (length: number) => Float64Array): FittedClassifier {
  const outputs = outputsOf(classes);
  return new LinearClassifier({
    ...{ algorithm: 'linear_svm', classes: names, columns: features, sharpness: 1, metrics: {} },
    ...{ weights: numbers(features * outputs), intercepts: numbers(outputs) },
  });
}

/** As grown on texts: rows that lack a word mostly go on to the next node, those that have it are done. */
function trees(names: readonly string[], random: () => number): FittedClassifier {
  const nodes = 14;
  const numbers = Array.from({ length: nodes }, (_, node) => node);
  const stored = Array.from({ length: iterations * classes }, (_, tree) => ({
    ...{ output: tree % classes, root: 0 },
    feature: Int32Array.from(numbers, () => Math.floor(features * random() ** 3)),
    threshold: new Float64Array(nodes).fill(zeroThreshold),
    left: Int32Array.from(numbers, (node) => (node % 3 === 2 || node === nodes - 1 ? ~node : node + 1)),
    right: Int32Array.from(numbers, (node) => (node === nodes - 1 ? ~nodes : node % 3 === 2 ? node + 1 : ~node)),
    flags: new Uint8Array(nodes).fill(nodeFlags.nanLeft),
    gain: Float32Array.from(numbers, random),
    leaves: Float64Array.from({ length: nodes + 1 }, () => random() - 0.5),
    cover: new Float32Array(nodes + 1).fill(100),
  }));
  const none = { categoryEnds: new Int32Array(0), categories: new Int32Array(0) };
  const rest = { columns: features, outputs: classes, base: new Float64Array(classes), divisor: 1, sharpness: 1 };
  const ensemble = flattenTrees(stored, { rules: 'lightgbm', ...rest, ...none });
  if (typeof ensemble === 'string') throw new Error(ensemble);
  return new TreeClassifier({ algorithm: 'boosted_trees', classes: names, metrics: {} }, ensemble);
}

interface Load {
  readonly load: number;
  /** The first answer after it, for which some models prepare. */
  readonly answer: number;
}

async function timeLoads(folder: string, times: number): Promise<Load[]> {
  const took: Load[] = [];
  for (let i = 0; i < times; i++) {
    const startedAt = performance.now();
    const loaded = await loadModelPackage(folder);
    const loadedAt = performance.now();
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.error));
    loaded.value.predict(['a text to ask about']);
    took.push({ load: loadedAt - startedAt, answer: performance.now() - loadedAt });
  }
  return took;
}

const timed = (work: () => unknown): number => {
  const took = Array.from({ length: 15 }, () => {
    const startedAt = performance.now();
    work();
    return performance.now() - startedAt;
  });
  return median(took);
};

const loadOnly = process.env['BENCH_PACKAGE'];
if (loadOnly !== undefined) {
  console.log(JSON.stringify(await timeLoads(loadOnly, 20)));
} else {
  const folder = mkdtempSync(join(tmpdir(), 'bench-package-'));
  await writePackage(folder);
  const rounds = Array.from({ length: 9 }, () => {
    const env = { ...process.env, BENCH_PACKAGE: folder };
    return JSON.parse(execFileSync(process.execPath, ['--import', 'tsx', self], { env, encoding: 'utf8' })) as Load[];
  });
  if (firstAlone) console.log(median(rounds.map(([first]) => first?.load ?? NaN)));
  else await printAll(folder, rounds);
  rmSync(folder, { recursive: true });
}

async function printAll(folder: string, rounds: readonly (readonly Load[])[]): Promise<void> {
  const json = readFileSync(join(folder, 'model.json'), 'utf8');
  const weights = readFileSync(join(folder, 'weights.bin'));
  const sizes = ['model.json', 'weights.bin', 'MODEL.md'].map((name) => statSync(join(folder, name)).size);
  const loaded = await loadModelPackage(folder);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.error));
  // A loaded model keeps its features to itself; here their size is asked for.
  const parts = featuresToParts((loaded.value as unknown as { features: FittedFeatures }).features);
  const bare = timed(() => sha256(readFileSync(join(folder, 'weights.bin'))));
  const rows: readonly (readonly [string, number])[] = [
    ['first load in a process', median(rounds.map(([first]) => first?.load ?? NaN))],
    ['  the quickest of them', Math.min(...rounds.map(([first]) => first?.load ?? NaN))],
    ['  the first answer after it', median(rounds.map(([first]) => first?.answer ?? NaN))],
    ['later loads', median(rounds.flatMap((each) => each.slice(5).map(({ load }) => load)))],
    ['  of which: model.json, parsed and hashed', timed(() => parseDescription(json))],
    ['  SHA-256 of weights.bin', timed(() => sha256(weights))],
    ['  vocabulary and document frequencies', timed(() => featuresFromParts(parts))],
    ['reading and hashing weights.bin alone', bare],
  ];
  console.log(
    `${iterations === 0 ? 'linear model' : `${iterations} x ${classes} trees`}, ${features} features x ${classes} classes: ${sizes.reduce((a, b) => a + b, 0)} bytes (model.json ${sizes[0]}, weights.bin ${sizes[1]})`,
  );
  for (const [name, ms] of rows) console.log(`  ${name.padEnd(44)} ${ms.toFixed(2)} ms   ${(ms / bare).toFixed(1)} x`);
}
