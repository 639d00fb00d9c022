// Word vectors of the Reddit training comments, ours and gensim's in turn: words per second, whether words have the same neighbours, and the accuracy of a
// logistic regression on texts as their means. Seeds differ from run to run, so that the spread of each side with itself is there to compare with.
//   MLP_BENCH_VENV=VENV MLP_BENCH_REDDIT=Reddit_Data.csv node --import tsx bench/word2vec.ts [RUNS] [EPOCHS]
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { largestOfRows } from '../src/ml/estimator.ts';
import { trainField } from '../src/ml/estimators.ts';
import { defaultVectorizer } from '../src/ml/features/vectorizer.ts';
import { group, readField } from '../src/ml/fields.ts';
import { classificationScores } from '../src/ml/metrics/classification.ts';
import { cleanText, plainCleaning } from '../src/ml/text/clean.ts';
import { createAnalyzer } from '../src/ml/text/grams.ts';
import { textOf } from '../src/ml/text/units.ts';
import { buildCorpus } from '../src/ml/word2vec/corpus.ts';
import { DocumentVectors } from '../src/ml/word2vec/document-vectors.ts';
import { word2vecFields } from '../src/ml/word2vec/settings.ts';
import type { Word2VecSettings } from '../src/ml/word2vec/settings.ts';
import { trainWordVectors } from '../src/ml/word2vec/train.ts';
import { readWordVectors } from '../src/ml/word2vec/vector-files.ts';
import type { WordVectors } from '../src/ml/word2vec/word-vectors.ts';
import { median } from './alternate.ts';
import { peerEnvironment } from './projects.ts';
import { need, redditSplit } from './reddit-split.ts';

interface Outcome {
  readonly seconds: number;
  readonly accuracy: number;
  readonly macroF1: number;
  readonly neighbours: readonly (readonly string[])[];
}

const [runs = 3, epochs = 10] = process.argv.slice(2).map(Number);
const threads = 2;
const { classes, train, test } = await redditSplit();
const clean = (texts: readonly string[]): string[] => texts.map((text) => cleanText(text, plainCleaning));
const parts = { train: clean(train.texts), test: clean(test.texts) };
const { analyzer } = defaultVectorizer;
const corpus = buildCorpus(parts.train, analyzer, 5);
const folder = mkdtempSync(join(tmpdir(), 'mlp-word2vec-'));
const python = join(peerEnvironment(), 'bin', 'python');

/** The words of each text, for gensim. */
function tokens(): string[][] {
  const cutter = createAnalyzer(analyzer);
  return parts.train.map((text) => {
    const { text: source, starts, ends } = cutter.analyze(text);
    return Array.from({ length: starts.length }, (_, i) =>
      textOf(source.units, starts.values[i] ?? 0, ends.values[i] ?? 0),
    );
  });
}

function settingsOf(model: string, seed: number): Word2VecSettings {
  const read = group(word2vecFields)({ model, seed, epochs, threads });
  if (!('value' in read)) throw new Error(read.problem);
  return read.value;
}

/** Words from the 50th to the 250th of the most frequent: those before them are near to everything. */
const asked = Array.from({ length: 200 }, (_, i) => corpus.terms.term(50 + i));

function neighboursOf(vectors: WordVectors): string[][] {
  return asked.map((word) => {
    const own = vectors.vector(word) ?? new Float32Array(vectors.size);
    return vectors.nearest(own, 10, [word]).map((found) => found.word);
  });
}

async function outcomeOf(vectors: WordVectors, seconds: number): Promise<Outcome> {
  const options = { kind: 'word2vec', analyzer, norm: 'none', settings: settingsOf('cbow', 1) } as const;
  const block = new DocumentVectors(options, vectors, null);
  const { estimator } = need(readField({ train: { algorithm: 'logistic_regression' } }, 'train', trainField));
  const model = need(await estimator.fit({ x: block.transform(parts.train), y: train.y, classes }));
  const predicted = largestOfRows(model.probabilities(block.transform(parts.test)), classes.length);
  const { accuracy, macroF1 } = classificationScores(test.y, predicted, classes.length);
  return { seconds, accuracy, macroF1, neighbours: neighboursOf(vectors) };
}

async function ours(model: string, seed: number): Promise<Outcome> {
  const startedAt = performance.now();
  const vectors = need(await trainWordVectors(corpus, settingsOf(model, seed)));
  return outcomeOf(vectors, (performance.now() - startedAt) / 1000);
}

async function theirs(model: string, seed: number): Promise<Outcome> {
  const file = join(folder, `${model}-${seed}.bin`);
  const args = ['bench/word2vec.py', folder, model, String(seed), String(epochs), String(threads), file];
  const { seconds } = JSON.parse(execFileSync(python, args, { encoding: 'utf8' })) as { seconds: number };
  return outcomeOf(need(await readWordVectors(file)), seconds);
}

/** Share of the ten neighbours that two models have in common, over all words asked. */
function overlap(a: Outcome, b: Outcome): number {
  const common = a.neighbours.map((own, i) => own.filter((word) => b.neighbours[i]?.includes(word)).length / 10);
  return common.reduce((sum, share) => sum + share, 0) / common.length;
}

const pairs = <T>(first: readonly T[], second: readonly T[]): [T, T][] =>
  first.flatMap((a, i) => second.filter((_, j) => first !== second || j > i).map((b): [T, T] => [a, b]));
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const spread = (values: readonly number[]): string =>
  `${mean(values).toFixed(4)} (${Math.min(...values).toFixed(4)} to ${Math.max(...values).toFixed(4)})`;

writeFileSync(join(folder, 'tokens.json'), JSON.stringify(tokens()));
const words = corpus.ids.length * epochs;
console.log(
  `${parts.train.length} texts, ${corpus.terms.size} words, ${epochs} epochs, ${threads} threads, ${runs} runs`,
);
for (const model of ['skip_gram', 'cbow']) {
  const all: Record<'mlp' | 'gensim', Outcome[]> = { mlp: [], gensim: [] };
  for (let run = 1; run <= runs; run++) {
    all.mlp.push(await ours(model, run));
    all.gensim.push(await theirs(model, run));
  }
  console.log(model);
  for (const side of ['mlp', 'gensim'] as const) {
    const rate = words / median(all[side].map(({ seconds }) => seconds)) / 1e6;
    const scores = (of: 'accuracy' | 'macroF1'): string => spread(all[side].map((one) => one[of]));
    console.log(`  ${side.padEnd(8)} ${rate.toFixed(2)} million words a second`);
    console.log(`           accuracy ${scores('accuracy')}, macro-F1 ${scores('macroF1')}`);
  }
  const ratio = (of: 'mlp' | 'gensim'): number => median(all[of].map(({ seconds }) => seconds));
  console.log(`  mlp is ${(ratio('gensim') / ratio('mlp')).toFixed(2)} times as fast`);
  const common = (a: 'mlp' | 'gensim', b: 'mlp' | 'gensim'): string =>
    mean(pairs(all[a], all[b]).map(([one, other]) => overlap(one, other))).toFixed(3);
  console.log(
    `  common neighbours of ten: mlp with itself ${common('mlp', 'mlp')}, gensim with itself ${common('gensim', 'gensim')}, mlp with gensim ${common('mlp', 'gensim')}`,
  );
}
rmSync(folder, { recursive: true });
