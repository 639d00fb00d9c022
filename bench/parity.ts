// How near are our features and estimators to their references, on the same Reddit texts, the same split and the same matrix? Markdown on stdout:
//   MLP_BENCH_VENV=VENV MLP_BENCH_REDDIT=Reddit_Data.csv node --import tsx bench/parity.ts > docs/parity.md
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonObject } from '../src/core/json.ts';
import { largestOfRows } from '../src/ml/estimator.ts';
import { trainField } from '../src/ml/estimators.ts';
import type { VectorizerOptions } from '../src/ml/features/vectorizer.ts';
import { fitVectorizer } from '../src/ml/features/vectorizer.ts';
import { readField } from '../src/ml/fields.ts';
import { classificationScores } from '../src/ml/metrics/classification.ts';
import type { CsrMatrix } from '../src/ml/sparse/csr.ts';
import { sortColumns } from '../src/ml/sparse/csr.ts';
import { cleanText, plainCleaning } from '../src/ml/text/clean.ts';
import { parityEstimators, parityFeatures } from './parity-cases.ts';
import { parityStepRows } from './parity-steps.ts';
import { peerEnvironment } from './projects.ts';
import { need, redditSplit } from './reddit-split.ts';

interface Scores {
  readonly accuracy: number;
  readonly macroF1: number;
}

const folder = mkdtempSync(join(tmpdir(), 'mlp-parity-'));
const python = join(peerEnvironment(), 'bin', 'python');
const libraries = JSON.parse(execFileSync(python, ['bench/parity.py', 'libraries'], { encoding: 'utf8' })) as object;
Object.assign(process.env, libraries);
const { classes, train, test } = await redditSplit();
const clean = (texts: readonly string[]): string[] => texts.map((text) => cleanText(text, plainCleaning));
const parts = { train: clean(train.texts), test: clean(test.texts) };
writeFileSync(join(folder, 'texts.json'), JSON.stringify(parts));

function writeMatrix(name: string, x: CsrMatrix): void {
  for (const [array, numbers] of Object.entries({ indptr: x.indptr, indices: x.indices, values: x.values }))
    writeFileSync(join(folder, `${name}.${array}`), numbers);
}

/** Asks the reference for one case; what both answer lies in files of the folder. */
const ask = (what: 'features' | 'step' | 'estimator', given: object): object =>
  JSON.parse(
    execFileSync(python, ['bench/parity.py', what, folder, JSON.stringify(given)], { encoding: 'utf8' }),
  ) as object;

const numbersOf = (name: string): Float64Array => {
  const bytes = readFileSync(join(folder, name));
  return new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
};

const farthest = (a: Float64Array, b: Float64Array): number =>
  a.length === b.length ? a.reduce((far, value, at) => Math.max(far, Math.abs(value - (b[at] ?? NaN))), 0) : NaN;

const told = (difference: number): string => (difference === 0 ? '0' : difference.toExponential(1));

function featureRow(title: string, options: VectorizerOptions, args: object): string {
  const { vectorizer } = need(fitVectorizer(options, parts.train));
  const x = sortColumns(vectorizer.transform(parts.test));
  const terms = Array.from({ length: vectorizer.columns }, (_, column) => vectorizer.terms.term(column));
  writeFileSync(join(folder, 'terms.json'), JSON.stringify(terms));
  const theirs = ask('features', { args }) as { same: number; terms: number };
  const isSame = theirs.same === terms.length && theirs.terms === terms.length;
  const apart = isSame ? told(farthest(Float64Array.from(x.values), numbersOf('reference.values'))) : '-';
  return `| ${title} | ${terms.length} | ${theirs.terms} | ${theirs.same} | ${apart} |`;
}

/** Scores to three digits of a percent, and where both have probabilities their greatest difference. */
async function estimatorRow({ title, params, reference }: (typeof parityEstimators)[number]): Promise<string> {
  const { estimator } = need(readField({ train: params }, 'train', trainField));
  const model = need(await estimator.fit({ x: matrix, y: train.y, classes }));
  const probabilities = model.probabilities(unseen);
  const ours: Scores = classificationScores(test.y, largestOfRows(probabilities, classes.length), classes.length);
  const theirs = ask('estimator', reference) as Scores & { readonly probabilities: boolean };
  const apart = theirs.probabilities ? told(farthest(probabilities, numbersOf('reference.probabilities'))) : '-';
  const both = ({ accuracy, macroF1 }: Scores): string => `${accuracy.toFixed(4)} / ${macroF1.toFixed(4)}`;
  const difference = (a: number, b: number): string => (a - b > 0 ? '+' : '') + (a - b).toFixed(4);
  const gap = `${difference(ours.accuracy, theirs.accuracy)} / ${difference(ours.macroF1, theirs.macroF1)}`;
  return `| ${title} | ${both(ours)} | ${both(theirs)} | ${gap} | ${apart} |`;
}

console.log(`# Parity with the references

Made by \`node --import tsx bench/parity.ts\`, which trains both sides on the same bytes: ${train.y.length} Reddit comments, of which ${test.y.length} others are asked. References: ${Object.values(ask('estimator', { versions: true })).join(', ')}.

## Features

Fitted on the training comments, applied to the test comments. "Same" are the terms that both have, in the same order; "apart" is the greatest difference of a value. Which of the terms that are equally frequent at the edge of \`max_features\` stay, scikit-learn leaves to its sort ([0022](decisions/0022-ties-in-max-features.md)).

| features | terms | reference | same | apart |
| -------- | ----: | --------: | ---: | ----: |`);
for (const { title, options, args } of parityFeatures) console.log(featureRow(title, options, args));

const plain = parityFeatures[0]!;
const { vectorizer, matrix } = need(fitVectorizer(plain.options, parts.train));
const unseen = sortColumns(vectorizer.transform(parts.test));
writeMatrix('train', matrix);
writeMatrix('test', unseen);
writeFileSync(join(folder, 'train.y'), train.y);
writeFileSync(join(folder, 'test.y'), test.y);
writeFileSync(join(folder, 'meta.json'), JSON.stringify({ columns: matrix.columns }));

console.log(`
## Columns chosen, projected, learned

Selections and the decomposition are of the first matrix above. Accuracy and macro-F1 are those of a logistic regression on the test part; word vectors are drawn at random on both sides.

| step | ours | reference | difference |
| ---- | ---: | --------: | ---------: |`);
const steps = {
  ...{ folder, classes, texts: parts },
  train: { x: matrix, y: train.y },
  test: { x: unseen, y: test.y },
  ask: (given: JsonObject) => ask('step', given),
  numbers: () => numbersOf('reference.values'),
};
for await (const row of parityStepRows(steps)) console.log(row);

console.log(`
## Estimators

All on the first matrix above, one thread. Accuracy and macro-F1 on the test part; "apart" is the greatest difference of a probability, where both know one and nothing is drawn at random.

| estimator | ours | reference | difference | apart |
| --------- | ---: | --------: | ---------: | ----: |`);
for (const row of parityEstimators) console.log(await estimatorRow(row));
rmSync(folder, { recursive: true });
