import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '../src/core/json.ts';
import { largestOfRows } from '../src/ml/estimator.ts';
import { trainField } from '../src/ml/estimators.ts';
import { HashingVectorizer } from '../src/ml/features/hashing.ts';
import { defaultVectorizer } from '../src/ml/features/vectorizer.ts';
import { group, readField } from '../src/ml/fields.ts';
import { classificationScores } from '../src/ml/metrics/classification.ts';
import { bestColumns } from '../src/ml/selection/best-columns.ts';
import { chiSquare } from '../src/ml/selection/chi-square.ts';
import { mutualInformation } from '../src/ml/selection/mutual-information.ts';
import type { CsrMatrix } from '../src/ml/sparse/csr.ts';
import { sortColumns } from '../src/ml/sparse/csr.ts';
import { project } from '../src/ml/svd/project.ts';
import { truncatedSvd } from '../src/ml/svd/truncated-svd.ts';
import { createAnalyzer } from '../src/ml/text/grams.ts';
import { textOf } from '../src/ml/text/units.ts';
import { fitDocumentVectors } from '../src/ml/word2vec/feature-block.ts';
import { word2vecFields } from '../src/ml/word2vec/settings.ts';
import { need } from './reddit-split.ts';

/** What the steps are compared on, and how the reference is asked: its numbers come back as `reference.values` in the folder. */
export interface StepContext {
  readonly folder: string;
  readonly texts: { readonly train: readonly string[]; readonly test: readonly string[] };
  readonly train: { readonly x: CsrMatrix; readonly y: Int32Array };
  readonly test: { readonly x: CsrMatrix; readonly y: Int32Array };
  readonly classes: readonly string[];
  readonly ask: (given: JsonObject) => object;
  readonly numbers: () => Float64Array;
}

type Row = readonly [title: string, ours: string, reference: string, difference: string];
interface Scores {
  readonly accuracy: number;
  readonly macroF1: number;
}

const chosenColumns = 2000;

/** Greatest difference, in relation to the reference where that is above 1. */
const farthest = (a: Float64Array, b: Float64Array): number =>
  a.length === b.length
    ? a.reduce(
        (far, value, at) => Math.max(far, Math.abs(value - (b[at] ?? NaN)) / Math.max(1, Math.abs(b[at] ?? NaN))),
        0,
      )
    : NaN;
const told = (difference: number): string => (difference === 0 ? '0' : difference.toExponential(1));

function selectionRow(context: StepContext, title: string, what: 'chi2' | 'mutual_info'): Row {
  const { train, classes } = context;
  const labels = { y: train.y, classes: classes.length };
  const presence = { ...train.x, values: train.x.values.map(() => 1) };
  const scores = what === 'chi2' ? chiSquare(train.x, labels) : mutualInformation(presence, labels);
  if (scores === undefined) throw new Error(`${title} has columns below 0`);
  const { chosen } = context.ask({ what, k: chosenColumns }) as { readonly chosen: readonly number[] };
  const theirs = new Set(chosen);
  const same = bestColumns(scores, chosenColumns).filter((column) => theirs.has(column)).length;
  const apart = told(farthest(scores, context.numbers()));
  return [title, `${chosenColumns} columns`, `${chosen.length} columns`, `${same} same, scores ${apart} apart`];
}

function hashingRow(context: StepContext): Row {
  const { analyzer } = defaultVectorizer;
  const options = {
    kind: 'hashing',
    analyzer,
    features: 2 ** 20,
    alternateSign: true,
    binary: false,
    norm: 'l2',
  } as const;
  const ours = sortColumns(new HashingVectorizer(options).transform(context.texts.test));
  const { entries, columns } = context.ask({ what: 'hashing' }) as {
    readonly entries: number;
    readonly columns: number;
  };
  const used = new Set(ours.indices).size;
  const apart = told(farthest(Float64Array.from(ours.values), context.numbers()));
  return [
    'hashing, words, 2^20',
    `${ours.values.length} entries in ${used} columns`,
    `${entries} in ${columns}`,
    `values ${apart} apart`,
  ];
}

async function scoresOf({ train, test, classes }: StepContext, seen: CsrMatrix, unseen: CsrMatrix): Promise<Scores> {
  const { estimator } = need(readField({ train: { algorithm: 'logistic_regression' } }, 'train', trainField));
  const model = need(await estimator.fit({ x: seen, y: train.y, classes }));
  return classificationScores(test.y, largestOfRows(model.probabilities(unseen), classes.length), classes.length);
}

function dense(values: Float64Array, columns: number): CsrMatrix {
  const rows = values.length / columns;
  const indptr = Int32Array.from({ length: rows + 1 }, (_, row) => row * columns);
  return { rows, columns, indptr, indices: Int32Array.from(values, (_, at) => at % columns), values };
}

const both = ({ accuracy, macroF1 }: Scores): string => `${accuracy.toFixed(4)} / ${macroF1.toFixed(4)}`;
const gap = (a: Scores, b: Scores): string =>
  [a.accuracy - b.accuracy, a.macroF1 - b.macroF1].map((by) => (by > 0 ? '+' : '') + by.toFixed(4)).join(' / ');

async function svdRows(context: StepContext): Promise<Row[]> {
  const settings = { n_components: 100, n_iter: 5, n_oversamples: 10, seed: 1 };
  const found = need(truncatedSvd(context.train.x, settings));
  const theirs = context.ask({ what: 'svd' }) as Scores & { readonly ratio: number };
  const parts = [context.train.x, context.test.x].map((x) => dense(project(x, found.components, 100), 100));
  const ours = await scoresOf(context, parts[0]!, parts[1]!);
  const ratio = found.explainedVarianceRatio.reduce((sum, own) => sum + own, 0);
  const strongest = told(farthest(found.singularValues.slice(0, 20), context.numbers().slice(0, 20)));
  return [
    [
      'truncated SVD, 100: share of variance',
      ratio.toFixed(5),
      theirs.ratio.toFixed(5),
      `first 20 values ${strongest} apart`,
    ],
    ['logistic regression on the 100 components', both(ours), both(theirs), gap(ours, theirs)],
  ];
}

async function word2vecRow(context: StepContext): Promise<Row> {
  const { analyzer } = defaultVectorizer;
  const read = group(word2vecFields)({ seed: 1 });
  if (!('value' in read)) throw new Error(read.problem);
  const cutter = createAnalyzer(analyzer);
  const tokens = [...context.texts.train, ...context.texts.test].map((text) => {
    const { text: source, starts, ends } = cutter.analyze(text);
    return Array.from({ length: starts.length }, (_, i) =>
      textOf(source.units, starts.values[i] ?? 0, ends.values[i] ?? 0),
    );
  });
  writeFileSync(join(context.folder, 'tokens.json'), JSON.stringify(tokens));
  const options = { kind: 'word2vec', analyzer, norm: 'none', settings: read.value } as const;
  const { block, matrix } = need(await fitDocumentVectors(options, context.texts.train, {}));
  const ours = await scoresOf(context, matrix, block.transform(context.texts.test, new Map()));
  const theirs = context.ask({ what: 'word2vec' }) as Scores;
  return ['logistic regression on means of word vectors, skip-gram', both(ours), both(theirs), gap(ours, theirs)];
}

/** What stands between features and estimators, row by row of a Markdown table. */
export async function* parityStepRows(context: StepContext): AsyncGenerator<string> {
  const line = (row: Row): string => `| ${row.join(' | ')} |`;
  yield line(hashingRow(context));
  yield line(selectionRow(context, 'best by chi-square', 'chi2'));
  yield line(selectionRow(context, 'best by mutual information, of whether a term is there', 'mutual_info'));
  for (const row of await svdRows(context)) yield line(row);
  yield line(await word2vecRow(context));
}
