// Boosted trees on Reddit comments with one thread each, on the same matrix in turns: ours, LightGBM through our binding where its library is
// found, and from Python; medians and ratios. Then one text through Python's model, in TypeScript and by the library.
//   MLP_BENCH_VENV=VENV MLP_BENCH_REDDIT=Reddit_Data.csv node --import tsx bench/boosting.ts [A|C] [RUNS]
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { failureMessage } from '../src/core/failure.ts';
import type { Result } from '../src/core/result.ts';
import { dropRepeated, encodeLabels, readLabelledTexts } from '../src/ml/data/labelled-texts.ts';
import { splitTexts } from '../src/ml/data/split-files.ts';
import { largestOfRows } from '../src/ml/estimator.ts';
import { trainField } from '../src/ml/estimators.ts';
import { openEngine } from '../src/ml/engines/open-engine.ts';
import { featureOptions, featurizeFields } from '../src/ml/features/options.ts';
import { fitFeatures } from '../src/ml/features/pipeline.ts';
import { readField, readFields } from '../src/ml/fields.ts';
import { classificationScores } from '../src/ml/metrics/classification.ts';
import type { CsrMatrix } from '../src/ml/sparse/csr.ts';
import { oneText } from './one-text.ts';
import { peerEnvironment, redditFile } from './projects.ts';

function need<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(failureMessage(result.error));
  return result.value;
}

const cases = {
  A: {
    featurize: { kind: 'bow', binary: true, max_features: 20_000 },
    train: { num_iterations: 800, lambda_l2: 0.1, min_data_in_leaf: 5, feature_fraction: 0.5 },
  },
  C: {
    featurize: { kind: 'tfidf', sublinear: false, max_features: 10_000, tokens: 'word', token_min_length: 2 },
    train: { num_iterations: 367, learning_rate: 0.09, max_depth: 20, lambda_l1: 0.1, lambda_l2: 0.1 },
  },
};

const [name = 'A', runs = '1'] = process.argv.slice(2);
const chosen = cases[name === 'C' ? 'C' : 'A'];
const source = { path: redditFile, textColumn: 'clean_comment', labelColumn: 'category', labels: null };
const data = dropRepeated(need(await readLabelledTexts(source)));
const split = need(splitTexts(data, redditFile, { testSize: 0.2, seed: 42 }));
const { classes, y } = encodeLabels(data.labels);
const texts = (rows: Int32Array): string[] => Array.from(rows, (row) => data.texts[row] ?? '');
const labels = (rows: Int32Array): Int32Array => Int32Array.from(rows, (row) => y[row] ?? 0);
const featurize = { ngram_max: 1, char_ngram_max: 0, ...chosen.featurize };
const options = need(featureOptions(need(readFields({ featurize }, 'featurize', featurizeFields))));
const { features, matrix } = need(await fitFeatures(options, texts(split.train)));
const test = features.transform(texts(split.test));

const folder = mkdtempSync(join(tmpdir(), 'mlp-boosting-'));
const writePart = (part: string, x: CsrMatrix, own: Int32Array): void => {
  for (const [array, numbers] of Object.entries({ indptr: x.indptr, indices: x.indices, values: x.values, y: own }))
    writeFileSync(join(folder, `${part}.${array}`), numbers);
};
writePart('train', matrix, labels(split.train));
writePart('test', test, labels(split.test));
const rows = { train: { rows: matrix.rows }, test: { rows: test.rows } };
writeFileSync(join(folder, 'meta.json'), JSON.stringify({ ...rows, columns: matrix.columns, params: chosen.train }));

interface Outcome {
  readonly seconds: number;
  readonly accuracy: number;
  readonly macroF1: number;
}

async function here(algorithm: string): Promise<Outcome> {
  const threads = algorithm === 'lightgbm' ? { num_threads: 1 } : {};
  const train = { ...chosen.train, ...threads, algorithm, class_weight: 'balanced' };
  const { estimator } = need(readField({ train }, 'train', trainField));
  const start = performance.now();
  const model = need(await estimator.fit({ x: matrix, y: labels(split.train), classes }));
  const seconds = (performance.now() - start) / 1000;
  const predicted = largestOfRows(model.probabilities(test), classes.length);
  return { seconds, ...classificationScores(labels(split.test), predicted, classes.length) };
}

const theirs = (python: string): Outcome =>
  JSON.parse(execFileSync(python, ['bench/boosting.py', folder], { encoding: 'utf8' })) as Outcome;

const median = (outcomes: readonly Outcome[]): number =>
  outcomes.map(({ seconds }) => seconds).sort((a, b) => a - b)[outcomes.length >> 1] ?? NaN;

const python = join(peerEnvironment(), 'bin', 'python');
const hasLibrary = (await openEngine('lightgbm')).ok;
const found: Record<'ours' | 'binding' | 'theirs', Outcome[]> = { ours: [], binding: [], theirs: [] };
for (let run = 0; run < Number(runs); run++) {
  found.ours.push(await here('boosted_trees'));
  if (hasLibrary) found.binding.push(await here('lightgbm'));
  found.theirs.push(theirs(python));
}
for (const [who, outcomes] of Object.entries(found)) {
  const [first] = outcomes;
  if (first === undefined) continue;
  console.log(
    `${who}: ${median(outcomes).toFixed(2)} s, accuracy ${first.accuracy.toFixed(4)}, macro-F1 ${first.macroF1.toFixed(4)}`,
  );
}
console.log(`${(median(found.theirs) / median(found.ours)).toFixed(1)} times faster than LightGBM, one thread each`);
if (hasLibrary) {
  console.log(`binding: ${(median(found.binding) / median(found.theirs)).toFixed(2)} of Python's time`);
  const { ours, library, apart } = await oneText(join(folder, 'model.txt'), classes, test);
  console.log(
    `one text: ${ours.toFixed(0)} us here, ${library.toFixed(0)} us by the library, apart ${apart.toExponential(1)}`,
  );
}
rmSync(folder, { recursive: true });
