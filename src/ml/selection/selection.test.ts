import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { failureMessage } from '../../core/failure.ts';
import type { JsonObject } from '../../core/json.ts';
import { seededRandom } from '../../core/random.ts';
import type { Result } from '../../core/result.ts';
import { encodeLabels, readLabelledTexts } from '../data/labelled-texts.ts';
import { featureOptions, featurizeFields } from '../features/options.ts';
import { fitFeatures } from '../features/pipeline.ts';
import type { FittedFeatures } from '../features/pipeline.ts';
import { featuresFromParts, featuresToParts } from '../features/stored.ts';
import { readFields } from '../fields.ts';
import type { CsrMatrix } from '../sparse/csr.ts';
import { sortColumns } from '../sparse/csr.ts';
import { bestColumns } from './best-columns.ts';
import { chiSquare } from './chi-square.ts';
import { mutualInformation } from './mutual-information.ts';

const need = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(failureMessage(result.error));
  return result.value;
};

const csr = (rows: readonly (readonly number[])[]): CsrMatrix => {
  const entries = rows.map((row) => row.map((value, column) => ({ value, column })).filter(({ value }) => value !== 0));
  const indptr = [0];
  for (const row of entries) indptr.push((indptr.at(-1) ?? 0) + row.length);
  return {
    rows: rows.length,
    columns: rows[0]?.length ?? 0,
    indptr: Int32Array.from(indptr),
    indices: Int32Array.from(entries.flat(), ({ column }) => column),
    values: Float64Array.from(entries.flat(), ({ value }) => value),
  };
};

/** Counts, weights with signs, repeated columns, a column of zeros, and an entry that is stored as a zero. */
const random = seededRandom(11);
const y = Int32Array.from({ length: 90 }, (_, row) => (row % 5) % 3);
const counts = csr(
  Array.from(y, (label) => {
    const own = Array.from({ length: 30 }, (_, column) =>
      column === 7 ? 0 : Math.max(0, Math.floor(random() * 5 - 2 + (column % 4 === 0 ? label : 0))),
    );
    return [...own, own[3]!, own[4]!, own[0]!];
  }),
);
const zeroed = { ...counts, values: counts.values.map((value, at) => (at % 40 === 0 ? 0 : value)) };
const two = { matrix: counts, y: y.map((label) => (label === 0 ? 0 : 1)), classes: 2 };
const matrices = [{ matrix: counts, y, classes: 3 }, { matrix: zeroed, y, classes: 3 }, two];
const keptCounts = [1, 5, 10, 20, 31, 33];

describe('scores', () => {
  it('a column that is the label has its entropy as mutual information, and one beside it none', () => {
    const labels = { y: Int32Array.of(0, 0, 1, 1), classes: 2 };
    const x = csr([
      [5, 1, 0],
      [5, 0, 0],
      [-2, 1, 0],
      [-2, 0, 0],
    ]);
    const [same, other, zeros] = mutualInformation(x, labels);
    expect([same, other, zeros]).toEqual([Math.LN2, 0, 0]);
  });

  it('chi-square by hand: 3 of 4 in the first half where 2 were expected', () => {
    const found = chiSquare(csr([[3], [0], [1], [0]]), { y: Int32Array.of(0, 0, 1, 1), classes: 2 });
    expect(found).toEqual(Float64Array.of(1 / 2 + 1 / 2));
  });

  it('chi-square refuses negative numbers, and has no number for a column of zeros', () => {
    const labels = { y: Int32Array.of(0, 1), classes: 2 };
    expect(chiSquare(csr([[1], [-1]]), labels)).toBeUndefined();
    expect(
      chiSquare(
        csr([
          [1, 0],
          [1, 0],
        ]),
        labels,
      ),
    ).toEqual(Float64Array.of(0, NaN));
  });

  it('of equal scores the later columns stay, and NaN is the lowest', () => {
    expect([...bestColumns(Float64Array.of(1, 2, NaN, 1, 2, 1), 3)]).toEqual([1, 4, 5]);
    expect([...bestColumns(Float64Array.of(NaN, -5), 1)]).toEqual([1]);
    expect([...bestColumns(Float64Array.of(NaN, -5), 7)]).toEqual([0, 1]);
  });
});

const comments = need(
  await readLabelledTexts({ path: 'data/comments.csv', textColumn: 'text', labelColumn: 'sentiment', labels: null }),
);
const encoded = encodeLabels(comments.labels.slice(0, 500));
const labels = { y: encoded.y, classes: encoded.classes.length };
const [seen, unseen] = [comments.texts.slice(0, 500), comments.texts.slice(500, 700)];

const plain = { urls: 'keep', mentions: 'keep', time_marks: 'keep', emoji: 'keep', char_ngram_max: 0 };
const likeScikit = { ...plain, tokens: 'word', token_min_length: 2, sublinear: false };
const fit = async (featurize: JsonObject): Promise<{ features: FittedFeatures; matrix: CsrMatrix }> => {
  const params = need(readFields({ featurize }, 'featurize', featurizeFields));
  return need(await fitFeatures(need(featureOptions(params)), seen, {}, { labels }));
};
const termsOf = (features: FittedFeatures): string[] =>
  Array.from({ length: features.columns }, (_, column) => features.term(column).term);

describe('features with a selection', () => {
  it('store the chosen columns alone, words and characters chosen together, and read them back', async () => {
    for (const kind of ['tfidf', 'bow', 'hashing']) {
      const all = await fit({ ...plain, kind, char_ngram_max: 3, hash_features: 5000, alternate_sign: false });
      const options = { ...plain, kind, char_ngram_max: 3, hash_features: 5000, alternate_sign: false };
      const { features, matrix } = await fit({ ...options, select: 'chi2', select_k: 300 });
      expect(features.columns).toBe(300);
      const chosen = bestColumns(chiSquare(all.matrix, labels) ?? new Float64Array(0), 300);
      expect(termsOf(features)).toEqual(Array.from(chosen, (column) => all.features.term(column).term));
      const parts = featuresToParts(features);
      const again = featuresFromParts(parts);
      if (typeof again === 'string') throw new Error(again);
      expect(again.transform(unseen)).toEqual(features.transform(unseen));
      const rows = sortColumns(again.transform(seen));
      expect(rows.indices).toEqual(matrix.indices);
      rows.values.forEach((value, at) => {
        expect(value).toBeCloseTo(matrix.values[at] ?? NaN, 14);
      });
    }
  });

  it('a block of which nothing is chosen is gone', async () => {
    const { features } = await fit({ ...plain, char_ngram_max: 2, select: 'mutual_info', select_k: 1 });
    expect(features.blocks).toHaveLength(1);
    expect(features.columns).toBe(1);
  });

  it('broken lists of hashed columns are refused', async () => {
    const { features } = await fit({
      ...plain,
      kind: 'hashing',
      hash_features: 50,
      select: 'mutual_info',
      select_k: 5,
    });
    const parts = featuresToParts(features);
    const lists = [[], [1, 1], [3, 2], [-1, 4], [4, 50]].map((list) => Int32Array.from(list));
    for (const kept of [...lists, new Float64Array([1])]) {
      expect(featuresFromParts({ ...parts, arrays: { 'block0.kept': kept } })).toContain('columns of block0');
    }
  });

  it('labels that are missing, columns below 0 and word vectors are failures that name the parameter', async () => {
    const fails = async (featurize: JsonObject, given?: typeof labels): Promise<JsonObject> => {
      const options = featureOptions(need(readFields({ featurize }, 'featurize', featurizeFields)));
      const fitted = options.ok ? await fitFeatures(options.value, seen, {}, { labels: given }) : options;
      return fitted.ok ? {} : (fitted.error.detail as JsonObject);
    };
    const select = { param: 'featurize.select' };
    expect(await fails({ select: 'chi2' })).toMatchObject(select);
    expect(await fails({ kind: 'hashing', select: 'chi2' }, labels)).toMatchObject(select);
    expect(await fails({ kind: 'word2vec', select: 'chi2' }, labels)).toMatchObject(select);
  });
});

const python = process.env['MLP_TEST_PYTHON'];
if (python === undefined) {
  process.stderr.write('selections are not compared with scikit-learn: MLP_TEST_PYTHON names no Python that has it\n');
}

interface Rows {
  readonly indptr: number[];
  readonly indices: number[];
  readonly values: number[];
}

interface Answer {
  readonly matrices: readonly {
    readonly scores: Readonly<Record<'chi2' | 'mutual_info', (number | null)[]>>;
    readonly chosen: Readonly<Record<'chi2' | 'mutual_info', number[][]>>;
  }[];
  readonly texts: readonly { readonly terms: (string | number)[]; readonly seen: Rows; readonly unseen: Rows }[];
}

const cases = [
  { kind: 'tfidf', by: 'chi2', k: 250, ngram_range: [1, 2] },
  { kind: 'tfidf', by: 'presence', k: 100, ngram_range: [1, 1] },
  { kind: 'bow', by: 'mutual_info', k: 100, ngram_range: [1, 1] },
  { kind: 'bow', by: 'chi2', k: 1000, ngram_range: [1, 2] },
  { kind: 'hashing', by: 'chi2', k: 60, features: 700, alternate_sign: false },
  { kind: 'hashing', by: 'presence', k: 60, features: 700, alternate_sign: true },
] as const;

const ask = (): Answer => {
  const given = matrices.map(({ matrix, y: labelled }) => ({
    ...{ rows: matrix.rows, columns: matrix.columns, y: [...labelled], counts: keptCounts },
    ...{ indptr: [...matrix.indptr], indices: [...matrix.indices], values: [...matrix.values] },
  }));
  const input = JSON.stringify({ matrices: given, cases, y: [...labels.y], seen, unseen });
  const options = { input, encoding: 'utf8', maxBuffer: 2 ** 28 } as const;
  return JSON.parse(execFileSync(python ?? '', ['test/peers/selection_reference.py'], options)) as Answer;
};

function expectSameRows(ours: CsrMatrix, theirs: Rows, name: string): void {
  const rows = sortColumns(ours);
  expect([...rows.indptr], name).toEqual(theirs.indptr);
  expect([...rows.indices], name).toEqual(theirs.indices);
  const apart = theirs.values.reduce((most, value, at) => Math.max(most, Math.abs(value - rows.values[at]!)), 0);
  expect(apart, name).toBeLessThan(1e-12);
}

describe.skipIf(python === undefined)('beside scikit-learn', { timeout: 120_000 }, () => {
  const answer = python === undefined ? { matrices: [], texts: [] } : ask();

  it('scores are equal within 1e-9, and the chosen columns the same', () => {
    for (const [at, { matrix, ...labelled }] of matrices.entries()) {
      const { scores, chosen } = answer.matrices[at]!;
      const ours = { chi2: chiSquare(matrix, labelled), mutual_info: mutualInformation(matrix, labelled) };
      for (const by of ['chi2', 'mutual_info'] as const) {
        const found = ours[by] ?? new Float64Array(0);
        expect(found).toHaveLength(matrix.columns);
        for (const [column, score] of scores[by].entries()) {
          if (score === null) expect(found[column]).toBeNaN();
          else expect(Math.abs(found[column]! - score)).toBeLessThan(1e-9);
        }
        expect(keptCounts.map((count) => [...bestColumns(found, count)])).toEqual(chosen[by]);
      }
    }
  });

  it('vocabularies and rows are those of a vectorizer that is given the chosen terms', async () => {
    for (const [at, given] of cases.entries()) {
      const { terms, ...theirs } = answer.texts[at]!;
      const { features, matrix } = await fit({
        ...{ ...likeScikit, kind: given.kind, select_k: given.k },
        select: given.by === 'chi2' ? 'chi2' : 'mutual_info',
        ...(given.kind === 'hashing'
          ? { ngram_max: 1, hash_features: given.features, alternate_sign: given.alternate_sign }
          : { ngram_max: given.ngram_range[1] }),
      });
      const name = JSON.stringify(given);
      const found = termsOf(features);
      expect(found, name).toEqual(given.kind === 'hashing' ? terms.map((column) => `hash ${column}`) : terms);
      expectSameRows(matrix, theirs.seen, name);
      expectSameRows(features.transform(unseen), theirs.unseen, name);
    }
  });
});
