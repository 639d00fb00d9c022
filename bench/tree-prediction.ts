// How fast do trees answer? Models of Reddit comments, one thread: one text in TypeScript and by LightGBM called from Node, and all 7,359 test
// texts in TypeScript and by LightGBM from Python. Medians, in turns, and how far the probabilities are apart.
//   MLP_BENCH_VENV=VENV MLP_BENCH_REDDIT=Reddit_Data.csv node --import tsx bench/tree-prediction.ts [FOLDER]
// Models: 367 x 3 trees on TF-IDF that LightGBM grew, and 800 x 3 on binary counts of our own, which LightGBM reads from our export. With a FOLDER the
// models stay there, and the next run takes them.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEngine } from '../src/ml/engines/open-engine.ts';
import { trainField } from '../src/ml/estimators.ts';
import { featureOptions, featurizeFields } from '../src/ml/features/options.ts';
import { fitFeatures } from '../src/ml/features/pipeline.ts';
import { readField, readFields } from '../src/ml/fields.ts';
import { readTreeModel } from '../src/ml/trees/foreign-model.ts';
import { lightgbmModel } from '../src/ml/trees/lightgbm-text.ts';
import { TreeClassifier } from '../src/ml/trees/tree-classifier.ts';
import { median } from './alternate.ts';
import { writePart } from './matrix-files.ts';
import { oneText } from './one-text.ts';
import { peerEnvironment } from './projects.ts';
import { need, redditSplit } from './reddit-split.ts';

const cases = [
  {
    name: 'LightGBM, 367 x 3 trees, TF-IDF 10,000',
    folder: 'tfidf',
    trainer: 'lightgbm',
    featurize: { kind: 'tfidf', sublinear: false, max_features: 10_000, tokens: 'word', token_min_length: 2 },
    params: { num_iterations: 367, learning_rate: 0.09, max_depth: 20, lambda_l1: 0.1, lambda_l2: 0.1 },
  },
  {
    name: 'ours, 800 x 3 trees, binary counts 20,000',
    folder: 'binary',
    trainer: 'boosted_trees',
    featurize: { kind: 'bow', binary: true, max_features: 20_000 },
    params: { num_iterations: 800, lambda_l2: 0.1, min_data_in_leaf: 5, feature_fraction: 0.5 },
  },
] as const;

const [kept] = process.argv.slice(2);
const home = kept ?? mkdtempSync(join(tmpdir(), 'mlp-tree-prediction-'));
const python = join(peerEnvironment(), 'bin', 'python');
process.env['MLP_LIGHTGBM_LIB'] ??= execFileSync(
  python,
  ['-c', 'import lightgbm.libpath as path; print(path._find_lib_path()[0])'],
  { encoding: 'utf8' },
).trim();
need(await openEngine('lightgbm'));
const { classes, train, test } = await redditSplit();
const reference = (...words: string[]): string =>
  execFileSync(python, ['bench/tree-prediction.py', ...words], { encoding: 'utf8' });

/** The model's file and the columns of the test texts. */
async function prepare({ folder: name, trainer, featurize, params }: (typeof cases)[number]) {
  const folder = join(home, name);
  const given = { ngram_max: 1, char_ngram_max: 0, ...featurize };
  const options = need(featureOptions(need(readFields({ featurize: given }, 'featurize', featurizeFields))));
  const { features, matrix } = need(await fitFeatures(options, train.texts));
  const asked = features.transform(test.texts);
  const file = join(folder, `${trainer}.txt`);
  if (existsSync(file)) return { folder, file, asked };
  mkdirSync(folder, { recursive: true });
  writePart(folder, 'train', matrix, train.y);
  writePart(folder, 'test', asked, test.y);
  const meta = { train: matrix.rows, test: asked.rows, columns: matrix.columns, params };
  writeFileSync(join(folder, 'meta.json'), JSON.stringify(meta));
  if (trainer === 'lightgbm') reference('train', folder);
  else {
    const wanted = { ...params, algorithm: trainer, class_weight: 'balanced' };
    const { estimator } = need(readField({ train: wanted }, 'train', trainField));
    const model = need(await estimator.fit({ x: matrix, y: train.y, classes }));
    const bytes = model instanceof TreeClassifier ? lightgbmModel(model.trees) : `${model.algorithm} grows no trees`;
    if (typeof bytes === 'string') throw new Error(bytes);
    writeFileSync(file, bytes);
  }
  return { folder, file, asked };
}

for (const each of cases) {
  const { folder, file, asked } = await prepare(each);
  const one = await oneText(file, classes, asked);
  const model = need(await readTreeModel(file, classes));
  const ours: number[] = [];
  const theirs: number[] = [];
  let probabilities: Float64Array = new Float64Array(0);
  for (let round = 0; round < 4; round++) {
    const start = performance.now();
    for (let again = 0; again < 5; again++) probabilities = model.probabilities(asked);
    // The first round is not counted: nothing is compiled yet.
    if (round > 0) ours.push((performance.now() - start) / 5000);
    if (round > 0) theirs.push(Number(reference('batch', folder, `${each.trainer}.txt`)));
  }
  const bytes = readFileSync(join(folder, 'probabilities.bin'));
  const expected = new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  const apart = probabilities.reduce((most, p, at) => Math.max(most, Math.abs(p - (expected[at] ?? NaN))), one.apart);
  const [here, there] = [median(ours), median(theirs)];
  console.log(each.name);
  console.log(
    `  one text: ${one.ours.toFixed(1)} us, by the library from Node ${one.library.toFixed(1)} us: ${(one.library / one.ours).toFixed(2)} times as fast`,
  );
  console.log(
    `  ${asked.rows} texts: ${(here * 1000).toFixed(1)} ms (${(asked.rows / here).toFixed(0)} texts/s), from Python ${(there * 1000).toFixed(1)} ms: ${(there / here).toFixed(2)} times as fast`,
  );
  console.log(`  probabilities are ${apart.toExponential(1)} apart`);
}
if (kept === undefined) rmSync(home, { recursive: true });
