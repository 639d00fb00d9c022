// The works of bench/toolbox.ts by our side. Arguments: the folder with texts and matrices, and which works; seconds as JSON on stdout, weights beside the matrices.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { largestOfRows } from '../src/ml/estimator.ts';
import { trainField } from '../src/ml/estimators.ts';
import { defaultVectorizer, fitVectorizer } from '../src/ml/features/vectorizer.ts';
import { LinearClassifier } from '../src/ml/linear/linear-classifier.ts';
import { accuracyOf } from '../src/ml/metrics/classification.ts';
import { cleanText, plainCleaning } from '../src/ml/text/clean.ts';
import { readPart } from './matrix-files.ts';
import { need } from './reddit-split.ts';

const [folder = '', works = ''] = process.argv.slice(2);
const seconds: Record<string, number> = {};
const columns = 10_000;
const classes = ['-1', '0', '1'];

async function timed<T>(name: string, work: () => T): Promise<Awaited<T>> {
  const startedAt = performance.now();
  const value = await work();
  seconds[name] = (performance.now() - startedAt) / 1000;
  return value;
}

async function features(): Promise<void> {
  const parts = JSON.parse(readFileSync(join(folder, 'texts.json'), 'utf8')) as Record<'train' | 'test', string[]>;
  const clean = (texts: readonly string[]): string[] => texts.map((text) => cleanText(text, plainCleaning));
  const fit = (ngramMax: number) => {
    const analyzer = { ...defaultVectorizer.analyzer, ngramMax };
    const limits = { minDf: 1, maxDf: 1, maxFeatures: columns };
    return need(fitVectorizer({ ...defaultVectorizer, analyzer, limits }, clean(parts.train))).vectorizer;
  };
  const words = await timed('words', () => fit(1));
  await timed('transform', () => words.transform(clean(parts.test)));
  await timed('phrases', () => fit(3));
}

function estimatorOf(params: Record<string, string | number>) {
  const read = trainField(params);
  if (!('value' in read)) throw new Error(read.problem);
  return read.value.estimator;
}

async function linear(): Promise<void> {
  const train = { ...readPart(folder, 'train', columns), classes };
  const machineOnly = performance.now();
  let machineEnded = machineOnly;
  const models = {
    // With the fewest folds for the probabilities, which LinearSVC does not give at all; the machine itself is done at the last step of its progress.
    svm: await timed('svm', () =>
      estimatorOf({ algorithm: 'linear_svm', calibration_folds: 2 }).fit(train, {
        onProgress: () => (machineEnded = performance.now()),
      }),
    ),
    logistic: await timed('logistic', () => estimatorOf({ algorithm: 'logistic_regression' }).fit(train)),
  };
  seconds['svm alone'] = (machineEnded - machineOnly) / 1000;
  for (const [name, fitted] of Object.entries(models)) {
    const classifier = need(fitted);
    if (!(classifier instanceof LinearClassifier)) throw new Error(`${name} is not linear`);
    const { weights, intercepts } = classifier.model;
    writeFileSync(join(folder, `mlp.${name}`), Float64Array.of(...weights, ...intercepts));
  }
}

async function neighbours(): Promise<void> {
  const { x, y } = readPart(folder, 'test', columns);
  const train = { ...readPart(folder, 'train', columns), classes };
  const fitted = need(await estimatorOf({ algorithm: 'knn' }).fit(train));
  const probabilities = await timed('neighbours', () => fitted.probabilities(x));
  seconds['accuracy'] = accuracyOf(y, largestOfRows(probabilities, classes.length));
}

const all = { features, linear, neighbours };
await all[works as keyof typeof all]();
console.log(JSON.stringify(seconds));
