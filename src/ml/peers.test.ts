import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../core/random.ts';
import { parseCsv } from './data/csv.ts';
import { encodeLabels } from './data/labelled-texts.ts';
import type { Estimator, TrainingSet } from './estimator.ts';
import { largestOfRows } from './estimator.ts';
import { fitVectorizer } from './features/vectorizer.ts';
import type { VectorizerOptions } from './features/vectorizer.ts';
import { LinearClassifier } from './linear/linear-classifier.ts';
import { linearSvm } from './linear/linear-svm.ts';
import { logisticRegression } from './linear/logistic-regression.ts';
import { classificationScores } from './metrics/classification.ts';
import type { CsrMatrix } from './sparse/csr.ts';
import { cleanText, plainCleaning } from './text/clean.ts';

/** What test/peers/sklearn_reference.py takes and gives. */
interface Question {
  readonly texts: readonly string[];
  readonly labels: readonly string[];
  readonly vectorizers: Readonly<Record<string, VectorizerSpec>>;
  readonly models: Readonly<Record<string, ModelSpec>>;
}

interface VectorizerSpec {
  readonly class: string;
  readonly args: {
    readonly analyzer?: string;
    readonly strip_accents?: 'unicode' | 'ascii';
    readonly ngram_range?: readonly number[];
    readonly min_df?: number;
    readonly max_df?: number;
    readonly max_features?: number;
    readonly binary?: boolean;
    readonly sublinear_tf?: boolean;
    readonly smooth_idf?: boolean;
    readonly norm?: 'l1' | 'l2';
  };
}

interface ModelSpec {
  readonly class: string;
  readonly on: string;
  readonly merge?: readonly string[];
  readonly args: {
    readonly C?: number;
    readonly loss?: 'hinge' | 'squared_hinge';
    readonly class_weight?: 'balanced' | Readonly<Record<string, number>>;
  };
}

interface Answer {
  readonly vectorizers: Readonly<
    Record<string, { terms: string[]; indptr: number[]; indices: number[]; values: number[] }>
  >;
  readonly models: Readonly<
    Record<
      string,
      {
        classes: string[];
        coef: number[][];
        intercept: number[];
        predictions: string[];
        probabilities?: number[];
        metrics: Record<'accuracy' | 'macro_f1', number> &
          Record<'precision' | 'recall' | 'f1' | 'support' | 'confusion', number[]>;
      }
    >
  >;
}

const optionsOf = ({ class: kind, args }: VectorizerSpec): VectorizerOptions => {
  const [ngramMin = 1, ngramMax = 1] = args.ngram_range ?? [];
  return {
    analyzer:
      args.analyzer === 'char_wb' || args.analyzer === 'char'
        ? { unit: args.analyzer, ngramMin, ngramMax }
        : {
            unit: 'words',
            tokens: 'word',
            minLength: 2,
            stopWords: 'none',
            stemmer: 'none',
            modifiers: 'none',
            ngramMin,
            ngramMax,
          },
    limits: { minDf: args.min_df ?? 1, maxDf: args.max_df ?? 1, maxFeatures: args.max_features ?? null },
    weighting: {
      kind: kind === 'tfidf' ? 'tfidf' : 'bow',
      binary: args.binary ?? false,
      sublinear: args.sublinear_tf ?? false,
      smoothIdf: args.smooth_idf ?? true,
      norm: args.norm ?? 'l2',
    },
  };
};

const estimatorOf = ({ class: kind, args }: ModelSpec): Estimator => {
  const params = { c: args.C ?? 1, classWeight: args.class_weight ?? ('none' as const), maxIterations: 100_000 };
  return kind === 'svm'
    ? linearSvm({ ...params, loss: args.loss ?? 'squared_hinge', tolerance: 1e-10 })
    : logisticRegression({ ...params, tolerance: 1e-9 });
};

const vectorize = (question: Question, name: string): { matrix: CsrMatrix; terms: string[] } => {
  const spec = question.vectorizers[name]!;
  const cleaning = { ...plainCleaning, accents: spec.args.strip_accents ?? ('keep' as const) };
  const texts = question.texts.map((text) => cleanText(text, cleaning));
  const fitted = fitVectorizer(optionsOf(spec), texts);
  if (!fitted.ok) throw new Error(fitted.error.reason);
  const { vectorizer, matrix } = fitted.value;
  return { matrix, terms: Array.from({ length: vectorizer.columns }, (_, id) => vectorizer.terms.term(id)) };
};

const largestDifference = (ours: ArrayLike<number>, theirs: ArrayLike<number>): number => {
  expect(ours.length).toBe(theirs.length);
  let most = 0;
  for (let i = 0; i < ours.length; i++) most = Math.max(most, Math.abs(ours[i]! - theirs[i]!));
  return most;
};

const trainingSet = (question: Question, name: string): TrainingSet => {
  const spec = question.models[name]!;
  const merge = spec.merge ?? [];
  const labels = question.labels.map((label) => (merge.includes(label) ? merge[0]! : label));
  return { x: vectorize(question, spec.on).matrix, ...encodeLabels(labels) };
};

function expectSameVectorizers(question: Question, answer: Answer): void {
  for (const name of Object.keys(question.vectorizers)) {
    const { matrix, terms } = vectorize(question, name);
    const theirs = answer.vectorizers[name]!;
    expect(terms, name).toEqual(theirs.terms);
    expect(Array.from(matrix.indptr), name).toEqual(theirs.indptr);
    expect(Array.from(matrix.indices), name).toEqual(theirs.indices);
    expect(largestDifference(matrix.values, theirs.values), name).toBeLessThan(1e-9);
  }
}

async function expectSameModels(question: Question, answer: Answer): Promise<void> {
  for (const [name, spec] of Object.entries(question.models)) {
    const data = trainingSet(question, name);
    const theirs = answer.models[name]!;
    const fitted = await estimatorOf(spec).fit(data);
    if (!fitted.ok || !(fitted.value instanceof LinearClassifier)) throw new Error(`${name} was not fitted`);
    const { model } = fitted.value;
    const outputs = theirs.coef.length;
    expect(data.classes, name).toEqual(theirs.classes);
    for (const [output, coefficients] of theirs.coef.entries()) {
      const ours = coefficients.map((_, column) => model.weights[column * outputs + output]!);
      expect(largestDifference(ours, coefficients), name).toBeLessThan(1e-3);
    }
    expect(largestDifference(model.intercepts, theirs.intercept), name).toBeLessThan(1e-3);
    const probabilities = fitted.value.probabilities(data.x);
    const predicted = largestOfRows(probabilities, data.classes.length);
    expect(
      Array.from(predicted, (c) => data.classes[c]),
      name,
    ).toEqual(theirs.predictions);
    if (theirs.probabilities !== undefined) {
      expect(largestDifference(probabilities, theirs.probabilities), name).toBeLessThan(1e-4);
    }
    expectSameMetrics(data, predicted, theirs.metrics);
  }
}

function expectSameMetrics(
  data: TrainingSet,
  predicted: Int32Array,
  theirs: Answer['models'][string]['metrics'],
): void {
  const ours = classificationScores(data.y, predicted, data.classes.length);
  expect(ours.accuracy).toBeCloseTo(theirs.accuracy, 12);
  expect(ours.macroF1).toBeCloseTo(theirs.macro_f1, 12);
  expect(Array.from(ours.confusion)).toEqual(theirs.confusion);
  for (const [c, scores] of ours.classes.entries()) {
    expect(scores.precision).toBeCloseTo(theirs.precision[c]!, 12);
    expect(scores.recall).toBeCloseTo(theirs.recall[c]!, 12);
    expect(scores.f1).toBeCloseTo(theirs.f1[c]!, 12);
    expect(scores.support).toBe(theirs.support[c]);
  }
}

describe('against the committed answers of scikit-learn (test/peers/fixture.json)', () => {
  const { question, answer } = JSON.parse(readFileSync('test/peers/fixture.json', 'utf8')) as {
    question: Question;
    answer: Answer;
  };

  it('vectorizers find the same terms in the same order, with the same weights', () => {
    expectSameVectorizers(question, answer);
  });

  it('linear models have the same coefficients, predictions, probabilities and metrics', async () => {
    await expectSameModels(question, answer);
  });
});

const python = process.env['MLP_TEST_PYTHON'];
if (python === undefined) {
  process.stderr.write('not compared with scikit-learn itself: MLP_TEST_PYTHON names no Python that has it\n');
}

/** Texts of all that can stand in a comment: letters of many scripts, marks, emoji and their joiners, digits, signs, odd white space, nothing. */
function strangeTexts(count: number, seed: number): string[] {
  const random = seededRandom(seed);
  const ranges = [
    ...[
      [0x20, 0x7e],
      [0x20, 0x7e],
      [0x61, 0x7a],
      [0xa0, 0x24f],
      [0x300, 0x36f],
      [0x370, 0x3ff],
      [0x400, 0x45f],
    ],
    ...[
      [0x591, 0x5f4],
      [0x621, 0x65f],
      [0x900, 0x97f],
      [0xe01, 0xe4e],
      [0x1100, 0x11ff],
      [0x1e00, 0x1eff],
      [0x2000, 0x206f],
    ],
    ...[
      [0x2150, 0x218b],
      [0x2460, 0x24ff],
      [0x3040, 0x30ff],
      [0x4e00, 0x4eff],
      [0xac00, 0xacff],
      [0xfb00, 0xfb4f],
    ],
    ...[
      [0xfe00, 0xfe0f],
      [0xff00, 0xff5e],
      [0x1d400, 0x1d4ff],
      [0x1f1e6, 0x1f1ff],
      [0x1f300, 0x1f64f],
      [0x09, 0x0d],
    ],
  ] as const;
  const piece = (): string => {
    const [from, to] = ranges[Math.floor(random() * ranges.length)]!;
    const length = 1 + Math.floor(random() * 6);
    return Array.from({ length }, () => String.fromCodePoint(from + Math.floor(random() * (to - from + 1)))).join('');
  };
  return Array.from({ length: count }, (_, row) => {
    if (row % 20 === 0) return row % 40 === 0 ? '' : ' \t ';
    const parts = Array.from({ length: 1 + Math.floor(random() * 12) }, piece);
    return parts.join(random() < 0.5 ? ' ' : '');
  });
}

describe.skipIf(python === undefined)('against scikit-learn itself, on strange texts', () => {
  it('every way to cut and weigh agrees', { timeout: 120_000 }, () => {
    const seed = Math.floor(Math.random() * 1e6);
    const texts = strangeTexts(400, seed);
    const question: Question = {
      texts,
      labels: texts.map((_, row) => (row % 2 === 0 ? 'a' : 'b')),
      vectorizers: {
        words: { class: 'tfidf', args: { ngram_range: [1, 3] } },
        unicode: { class: 'tfidf', args: { strip_accents: 'unicode', sublinear_tf: true } },
        ascii: { class: 'count', args: { strip_accents: 'ascii' } },
        char: { class: 'tfidf', args: { analyzer: 'char', ngram_range: [1, 3], norm: 'l1' } },
        char_unicode: { class: 'count', args: { analyzer: 'char', ngram_range: [2, 2], strip_accents: 'unicode' } },
        char_wb: { class: 'tfidf', args: { analyzer: 'char_wb', ngram_range: [2, 5], smooth_idf: false } },
        rare: {
          class: 'count',
          args: { analyzer: 'char_wb', ngram_range: [1, 2], min_df: 3, max_df: 0.5, binary: true },
        },
      },
      models: {},
    };
    const answer = execFileSync(python ?? '', ['test/peers/sklearn_reference.py'], {
      input: JSON.stringify(question),
      maxBuffer: 2 ** 29,
      encoding: 'utf8',
    });
    try {
      expectSameVectorizers(question, JSON.parse(answer) as Answer);
    } catch (error) {
      throw new Error(`with seed ${seed}`, { cause: error });
    }
  });
});

describe.skipIf(python === undefined)('against scikit-learn itself, on data/comments.csv', () => {
  it('vectorizers and linear models agree as on the fixture', { timeout: 240_000 }, async () => {
    const table = await parseCsv('data/comments.csv', readFileSync('data/comments.csv'));
    if (!table.ok) throw new Error(table.error.reason);
    const exact = { max_iter: 100_000, random_state: 0 };
    const question: Question = {
      texts: table.value.rows.map(({ fields }) => fields[0]!),
      labels: table.value.rows.map(({ fields }) => fields[1]!),
      vectorizers: {
        count: { class: 'count', args: { ngram_range: [1, 3], min_df: 2 } },
        tfidf: { class: 'tfidf', args: { sublinear_tf: true, min_df: 2 } },
        char_wb: { class: 'tfidf', args: { analyzer: 'char_wb', ngram_range: [2, 5], min_df: 3 } },
      },
      models: {
        svm: {
          class: 'svm',
          on: 'tfidf',
          args: { C: 0.5, class_weight: 'balanced', ...exact, ...{ dual: true, tol: 1e-6 } },
        },
        logistic: { class: 'logistic', on: 'tfidf', args: { class_weight: 'balanced', ...exact, ...{ tol: 1e-8 } } },
      },
    };
    const answer = execFileSync(python ?? '', ['test/peers/sklearn_reference.py'], {
      input: JSON.stringify(question),
      maxBuffer: 2 ** 29,
      encoding: 'utf8',
    });
    expectSameVectorizers(question, JSON.parse(answer) as Answer);
    await expectSameModels(question, JSON.parse(answer) as Answer);
  });
});
