// How near are our features and estimators to their references, on the same Reddit texts, the same split and the same matrix? Markdown on stdout:
//   MLP_BENCH_VENV=VENV MLP_BENCH_REDDIT=Reddit_Data.csv node --import tsx bench/parity.ts > docs/parity.md
// With words behind it, the rows alone whose titles have one of them, without headings.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonObject } from '../src/core/json.ts';
import { largestOfRows } from '../src/ml/estimator.ts';
import { trainField } from '../src/ml/estimators.ts';
import type { VectorizerOptions } from '../src/ml/features/vectorizer.ts';
import { defaultVectorizer, fitVectorizer } from '../src/ml/features/vectorizer.ts';
import { readField } from '../src/ml/fields.ts';
import { classificationScores } from '../src/ml/metrics/classification.ts';
import { sortColumns } from '../src/ml/sparse/csr.ts';
import { cleanText, plainCleaning } from '../src/ml/text/clean.ts';
import { LinearClassifier } from '../src/ml/linear/linear-classifier.ts';
import { writePart } from './matrix-files.ts';
import { parityFeatures } from './parity-cases.ts';
import { parityEstimators, type EstimatorCase } from './parity-estimators.ts';
import { parityStepRows } from './parity-steps.ts';
import { peerEnvironment } from './projects.ts';
import { need, redditSplit } from './reddit-split.ts';

interface Scores {
  readonly accuracy: number;
  readonly macroF1: number;
}

const wanted = process.argv.slice(2);
const isWanted = (title: string): boolean => wanted.length === 0 || wanted.some((word) => title.includes(word));
const heading = (text: string): void => {
  if (wanted.length === 0) console.log(text);
};
const folder = mkdtempSync(join(tmpdir(), 'mlp-parity-'));
const python = join(peerEnvironment(), 'bin', 'python');
const libraries = JSON.parse(execFileSync(python, ['bench/parity.py', 'libraries'], { encoding: 'utf8' })) as object;
Object.assign(process.env, libraries);
const { classes, train, test } = await redditSplit();
const clean = (texts: readonly string[]): string[] => texts.map((text) => cleanText(text, plainCleaning));
const parts = { train: clean(train.texts), test: clean(test.texts) };
writeFileSync(join(folder, 'texts.json'), JSON.stringify(parts));

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

interface Side {
  readonly scores: Scores;
  /** Probabilities or scores of every row, where they are to be compared. */
  readonly rows: Float64Array | undefined;
}

async function oursOf({ params, reference }: EstimatorCase): Promise<Side> {
  const { estimator } = need(readField({ train: params }, 'train', trainField));
  const { matrix, unseen } = reference.small === true ? small : large;
  const model = need(await estimator.fit({ x: matrix, y: train.y, classes }));
  const probabilities = model.probabilities(unseen);
  const scores = classificationScores(test.y, largestOfRows(probabilities, classes.length), classes.length);
  if (reference.apart !== 'scores') return { scores, rows: reference.apart && probabilities };
  if (!(model instanceof LinearClassifier)) throw new Error('only linear models have scores');
  return { scores, rows: model.scores(unseen) };
}

function theirsOf({ reference }: EstimatorCase): Side {
  const scores = ask('estimator', reference) as Scores;
  return { scores, rows: reference.apart && numbersOf('reference.apart') };
}

const withSeed = (row: EstimatorCase, seed: number): EstimatorCase => ({
  ...row,
  params: { ...row.params, seed },
  reference: { ...row.reference, args: { ...row.reference.args, random_state: seed } },
});

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const spread = (values: readonly number[]): number => (Math.max(...values) - Math.min(...values)) / 2;

/** Both sides' scores with what they differ by; of several seeds the means, each with half of what its seeds differ by. */
async function estimatorRow(row: EstimatorCase): Promise<string> {
  const seeded = row.seeds === undefined ? [row] : Array.from({ length: row.seeds }, (_, n) => withSeed(row, n + 1));
  const [ours, theirs]: [Side[], Side[]] = [[], []];
  for (const one of seeded) {
    ours.push(await oursOf(one));
    theirs.push(theirsOf(one));
  }
  const of = (sides: readonly Side[], score: keyof Scores): number[] => sides.map(({ scores }) => scores[score]);
  const shown = (values: readonly number[]): string =>
    values.length === 1 ? mean(values).toFixed(4) : `${mean(values).toFixed(4)} ± ${spread(values).toFixed(4)}`;
  const both = (sides: readonly Side[]): string => `${shown(of(sides, 'accuracy'))} / ${shown(of(sides, 'macroF1'))}`;
  const gap = (score: keyof Scores): string => {
    const difference = mean(of(ours, score)) - mean(of(theirs, score));
    return (difference > 0 ? '+' : '') + difference.toFixed(4);
  };
  const [mine, other] = [ours[0]?.rows, theirs[0]?.rows];
  const apart = mine === undefined || other === undefined ? '-' : told(farthest(mine, other));
  return `| ${row.title} | ${both(ours)} | ${both(theirs)} | ${gap('accuracy')} / ${gap('macroF1')} | ${apart} |`;
}

heading(`# Parity with the references

Made by \`node --import tsx bench/parity.ts\`, which trains both sides on the same bytes: ${train.y.length} Reddit comments, of which ${test.y.length} others are asked. References: ${Object.values(ask('estimator', { versions: true })).join(', ')}.

## Features

Fitted on the training comments, applied to the test comments. "Same" are the terms that both have, in the same order; "apart" is the greatest difference of a value. Which of the terms that are equally frequent at the edge of \`max_features\` stay, scikit-learn leaves to its sort ([0022](decisions/0022-ties-in-max-features.md)).

| features | terms | reference | same | apart |
| -------- | ----: | --------: | ---: | ----: |`);
for (const { title, options, args } of parityFeatures) {
  if (isWanted(title)) console.log(featureRow(title, options, args));
}

/** What estimators see: the features of the training and of the test comments, also as files. */
function tables(name: string, maxFeatures: number) {
  const limits = { minDf: 1, maxDf: 1, maxFeatures };
  const { vectorizer, matrix } = need(fitVectorizer({ ...defaultVectorizer, limits }, parts.train));
  const unseen = sortColumns(vectorizer.transform(parts.test));
  writePart(folder, `train${name}`, matrix, train.y);
  writePart(folder, `test${name}`, unseen, test.y);
  return { matrix, unseen };
}
const large = tables('', 10_000);
const small = tables('-small', 300);
const columns = { columns: large.matrix.columns, 'columns-small': small.matrix.columns };
writeFileSync(join(folder, 'meta.json'), JSON.stringify(columns));

heading(`
## Columns chosen, projected, learned

Selections and the decomposition are of the first matrix above. Accuracy and macro-F1 are those of a logistic regression on the test part; word vectors are drawn at random on both sides.

| step | ours | reference | difference |
| ---- | ---: | --------: | ---------: |`);
const steps = {
  ...{ folder, classes, texts: parts },
  train: { x: large.matrix, y: train.y },
  test: { x: large.unseen, y: test.y },
  ask: (given: JsonObject) => ask('step', given),
  numbers: () => numbersOf('reference.values'),
};
if (isWanted('steps')) for await (const row of parityStepRows(steps)) console.log(row);

heading(`
## Estimators

All on the first matrix above but where it says otherwise, one thread. Accuracy and macro-F1 on the test part. "Apart" is the greatest difference of a probability, or of a score for linear SVMs, where both know one and nothing is drawn at random. With ±: means of several seeds, each with half of what its seeds differ by.

| estimator | ours | reference | difference | apart |
| --------- | ---: | --------: | ---------: | ----: |`);
for (const row of parityEstimators) if (isWanted(row.title)) console.log(await estimatorRow(row));
rmSync(folder, { recursive: true });
