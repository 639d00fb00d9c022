// Forests of 100 trees on the TF-IDF of Reddit comments, ours and scikit-learn's in turn with as many threads; medians and ratios.
//   MLP_BENCH_VENV=VENV MLP_BENCH_REDDIT=Reddit_Data.csv node --import tsx bench/forest.ts [RUNS]
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { largestOfRows } from '../src/ml/estimator.ts';
import { trainField } from '../src/ml/estimators.ts';
import { defaultVectorizer, fitVectorizer } from '../src/ml/features/vectorizer.ts';
import { readField } from '../src/ml/fields.ts';
import { classificationScores } from '../src/ml/metrics/classification.ts';
import { cleanText, plainCleaning } from '../src/ml/text/clean.ts';
import { median } from './alternate.ts';
import { writePart } from './matrix-files.ts';
import { peerEnvironment } from './projects.ts';
import { need, redditSplit } from './reddit-split.ts';

interface Outcome {
  readonly fit: number;
  readonly predict: number;
  readonly accuracy: number;
  readonly macroF1: number;
}

const runs = Number(process.argv[2] ?? 3);
const { classes, train, test } = await redditSplit();
const clean = (texts: readonly string[]): string[] => texts.map((text) => cleanText(text, plainCleaning));
const limits = { minDf: 1, maxDf: 1, maxFeatures: 10_000 };
const { vectorizer, matrix } = need(fitVectorizer({ ...defaultVectorizer, limits }, clean(train.texts)));
const unseen = vectorizer.transform(clean(test.texts));
const folder = mkdtempSync(join(tmpdir(), 'mlp-forest-'));
writePart(folder, 'train', matrix, train.y);
writePart(folder, 'test', unseen, test.y);
writeFileSync(join(folder, 'meta.json'), JSON.stringify({ columns: matrix.columns }));
const python = join(peerEnvironment(), 'bin', 'python');

async function ours(algorithm: string, threads: number, seed: number): Promise<Outcome> {
  const { estimator } = need(readField({ train: { algorithm, num_threads: threads, seed } }, 'train', trainField));
  const startedAt = performance.now();
  const model = need(await estimator.fit({ x: matrix, y: train.y, classes }));
  const fittedAt = performance.now();
  const probabilities = model.probabilities(unseen);
  const predict = (performance.now() - fittedAt) / 1000;
  const predicted = largestOfRows(probabilities, classes.length);
  return { fit: (fittedAt - startedAt) / 1000, predict, ...classificationScores(test.y, predicted, classes.length) };
}

const theirs = (algorithm: string, threads: number, seed: number): Outcome =>
  JSON.parse(
    execFileSync(python, ['bench/forest.py', folder, algorithm, String(threads), String(seed)], { encoding: 'utf8' }),
  ) as Outcome;

for (const algorithm of ['random_forest', 'extra_trees']) {
  for (const threads of [1, 2]) {
    const all: Record<'mlp' | 'scikit-learn', Outcome[]> = { mlp: [], 'scikit-learn': [] };
    for (let run = 1; run <= runs; run++) {
      all.mlp.push(await ours(algorithm, threads, run));
      all['scikit-learn'].push(theirs(algorithm, threads, run));
    }
    console.log(`${algorithm}, ${threads} threads, medians of ${runs} runs in turn`);
    const middle = (side: keyof typeof all, of: keyof Outcome): number => median(all[side].map((one) => one[of]));
    for (const side of ['mlp', 'scikit-learn'] as const) {
      const [fit, predict] = [middle(side, 'fit').toFixed(2), middle(side, 'predict').toFixed(2)];
      const scores = `${middle(side, 'accuracy').toFixed(4)} / ${middle(side, 'macroF1').toFixed(4)}`;
      console.log(`  ${side.padEnd(14)} fit ${fit} s   predict ${predict} s   accuracy / macro-F1 ${scores}`);
    }
    console.log(`  fit ${(middle('scikit-learn', 'fit') / middle('mlp', 'fit')).toFixed(2)} times faster`);
  }
}
rmSync(folder, { recursive: true });
