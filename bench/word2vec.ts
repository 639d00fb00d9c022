// Word vectors of the Reddit training comments, ours and gensim's in turn: words per second, whether words have the same neighbours, and the accuracy of a
// logistic regression on texts as their means. Seeds differ from run to run, so that the spread of each side with itself is there to compare with.
//   MLP_BENCH_VENV=VENV MLP_BENCH_REDDIT=Reddit_Data.csv node --import tsx bench/word2vec.ts [RUNS] [EPOCHS] [MODEL]
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

interface Times {
  readonly seconds: number;
  /** Of the processor: the same also where other programs take a part of it. */
  readonly processor: number;
}

interface Outcome extends Times {
  readonly accuracy: number;
  readonly macroF1: number;
  readonly neighbours: readonly (readonly string[])[];
}

const [runs = 3, epochs = 10] = process.argv.slice(2, 4).map(Number);
const models = process.argv[4] === undefined ? ['skip_gram', 'cbow'] : [process.argv[4]];
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

async function outcomeOf(vectors: WordVectors, times: Times): Promise<Outcome> {
  const options = { kind: 'word2vec', analyzer, norm: 'none', settings: settingsOf('cbow', 1) } as const;
  const block = new DocumentVectors(options, vectors, null);
  const { estimator } = need(readField({ train: { algorithm: 'logistic_regression' } }, 'train', trainField));
  const model = need(await estimator.fit({ x: block.transform(parts.train), y: train.y, classes }));
  const predicted = largestOfRows(model.probabilities(block.transform(parts.test)), classes.length);
  const { accuracy, macroF1 } = classificationScores(test.y, predicted, classes.length);
  return { ...times, accuracy, macroF1, neighbours: neighboursOf(vectors) };
}

async function ours(model: string, seed: number): Promise<Outcome> {
  const [startedAt, usedBefore] = [performance.now(), process.cpuUsage()];
  const vectors = need(await trainWordVectors(corpus, settingsOf(model, seed)));
  const { user, system } = process.cpuUsage(usedBefore);
  return outcomeOf(vectors, { seconds: (performance.now() - startedAt) / 1000, processor: (user + system) / 1e6 });
}

async function theirs(model: string, seed: number): Promise<Outcome> {
  const file = join(folder, `${model}-${seed}.bin`);
  const args = ['bench/word2vec.py', folder, model, String(seed), String(epochs), String(threads), file];
  const times = JSON.parse(execFileSync(python, args, { encoding: 'utf8' })) as Times;
  return outcomeOf(need(await readWordVectors(file)), times);
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

/** A row of the table: both sides' speed, neighbours that a side has in common with itself by another seed and with the other side, and scores. */
function row(model: string, mine: readonly Outcome[], peers: readonly Outcome[]): string {
  const typical = (side: readonly Outcome[], of: keyof Times): number => median(side.map((one) => one[of]));
  const rate = (side: readonly Outcome[]): string => (words / typical(side, 'seconds') / 1e6).toFixed(2);
  const ratio = (of: keyof Times): string => (typical(peers, of) / typical(mine, of)).toFixed(2);
  const common = (a: readonly Outcome[], b: readonly Outcome[]): string =>
    mean(pairs(a, b).map(([one, another]) => overlap(one, another))).toFixed(3);
  const scores = (of: 'accuracy' | 'macroF1'): string[] =>
    [mine, peers].map((side) => spread(side.map((one) => one[of])));
  const neighbours = [common(mine, mine), common(peers, peers), common(mine, peers)];
  const cells = [model, rate(mine), rate(peers), ratio('seconds'), ratio('processor'), ...neighbours];
  return `| ${[...cells, ...scores('accuracy'), ...scores('macroF1')].join(' | ')} |`;
}

writeFileSync(join(folder, 'tokens.json'), JSON.stringify(tokens()));
const words = corpus.ids.length * epochs;
console.log(
  `${parts.train.length} texts, ${corpus.terms.size} words, ${epochs} epochs, ${threads} threads, ${runs} runs`,
);
console.log(
  '| model | mlp, million words a second | gensim | ratio | ratio by processor time | neighbours in common: mlp with itself | gensim with itself | both | accuracy: mlp | gensim | macro-F1: mlp | gensim |',
);
console.log(`|${' --- |'.repeat(12)}`);
for (const model of models) {
  const [mine, peers]: [Outcome[], Outcome[]] = [[], []];
  for (let run = 1; run <= runs; run++) {
    mine.push(await ours(model, run));
    peers.push(await theirs(model, run));
  }
  console.log(row(model, mine, peers));
}
rmSync(folder, { recursive: true });
