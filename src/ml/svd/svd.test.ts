import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { failureMessage } from '../../core/failure.ts';
import { asJsonObject } from '../../core/json.ts';
import { seededRandom } from '../../core/random.ts';
import type { Result } from '../../core/result.ts';
import { featureOptions, featurizeFields } from '../features/options.ts';
import { fitFeatures } from '../features/pipeline.ts';
import type { FittedFeatures } from '../features/pipeline.ts';
import { featuresFromParts, featuresToParts } from '../features/stored.ts';
import { wordCoverage } from '../features/word-coverage.ts';
import { readFields } from '../fields.ts';
import type { CsrMatrix } from '../sparse/csr.ts';
import { transpose } from '../sparse/csr.ts';
import type { SvdSettings } from './settings.ts';
import { smallSvd } from './small-svd.ts';
import type { TruncatedSvd } from './truncated-svd.ts';
import { truncatedSvd } from './truncated-svd.ts';

const need = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(failureMessage(result.error));
  return result.value;
};

const settings: SvdSettings = { n_components: 5, n_iter: 7, n_oversamples: 10, seed: 1 };

/** Entries in a tenth of the places, with a few columns far stronger than the others: a clear spectrum. Some rows are empty. */
const sparse = (rows: number, columns: number, decay = 0.75): CsrMatrix => {
  const random = seededRandom(rows + columns);
  const indptr = [0];
  const indices: number[] = [];
  const values: number[] = [];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; row % 9 !== 4 && column < columns; column++) {
      if (random() > (column < 12 ? 0.5 : 0.1)) continue;
      indices.push(column);
      values.push((random() - 0.3) * (column < 12 ? 20 * decay ** column : 0.2));
    }
    indptr.push(indices.length);
  }
  const entries = { indices: Int32Array.from(indices), values: Float64Array.from(values) };
  return { rows, columns, indptr: Int32Array.from(indptr), ...entries };
};

/** A full matrix of known singular values: between reflections, which are orthogonal. */
function full(rows: number, columns: number, spectrum: readonly number[]): CsrMatrix {
  const random = seededRandom(9);
  const unit = (size: number): number[] => {
    const own = Array.from({ length: size }, () => random() - 0.5);
    const length = Math.hypot(...own);
    return own.map((value) => value / length);
  };
  const [u, v] = [unit(rows), unit(columns)];
  const left = (i: number, c: number): number => (i === c ? 1 : 0) - 2 * u[i]! * u[c]!;
  const right = (j: number, c: number): number => (j === c ? 1 : 0) - 2 * v[j]! * v[c]!;
  const values = Float64Array.from({ length: rows * columns }, (_, at) =>
    spectrum.reduce((sum, own, c) => sum + left(Math.floor(at / columns), c) * own * right(at % columns, c), 0),
  );
  const indptr = Int32Array.from({ length: rows + 1 }, (_, row) => row * columns);
  const indices = Int32Array.from(values, (_, at) => at % columns);
  return { rows, columns, indptr, indices, values };
}

const component = ({ components, singularValues }: TruncatedSvd, c: number): number[] =>
  Array.from(components).filter((_, at) => at % singularValues.length === c);
const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0);

function expectOrthonormal(found: TruncatedSvd, rank: number): void {
  for (let a = 0; a < rank; a++) {
    for (let b = 0; b <= a; b++) {
      expect(dot(component(found, a), component(found, b))).toBeCloseTo(a === b ? 1 : 0, 9);
    }
  }
}

describe('the decomposition', () => {
  const spectrum = [50, 20, 9, 4, 1.5, 0.3, 0.1, 0.03];

  it.each([
    ['tall', 60, 30],
    ['wide', 30, 60],
    ['one that has no more than the components and oversamples', 20, 15],
  ])('finds the singular values of a %s matrix, and orthonormal components', (_, rows, columns) => {
    const found = need(truncatedSvd(full(rows, columns, spectrum), settings));
    found.singularValues.forEach((value, c) => {
      expect(Math.abs(value / spectrum[c]! - 1)).toBeLessThan(1e-10);
    });
    expectOrthonormal(found, 5);
  });

  it('reads values a hundred million times smaller than the first, and zeros where the rank ends', () => {
    const steep = [1, 1e-3, 1e-5, 1e-7];
    for (const [rows, columns] of [
      [50, 40],
      [40, 50],
    ] as const) {
      const { singularValues, ...rest } = need(
        truncatedSvd(full(rows, columns, steep), { ...settings, n_components: 6 }),
      );
      steep.forEach((value, c) => {
        expect(Math.abs(singularValues[c]! / value - 1)).toBeLessThan(1e-6);
      });
      expect(singularValues[4]).toBeLessThan(1e-14);
      expect(rest.components.every(Number.isFinite)).toBe(true);
      expectOrthonormal({ singularValues, ...rest }, 4);
    }
  });

  it('a matrix and its transpose have the same singular values', () => {
    const x = sparse(200, 90);
    const [one, other] = [need(truncatedSvd(x, settings)), need(truncatedSvd(transpose(x), settings))];
    one.singularValues.forEach((value, c) => {
      expect(value).toBeCloseTo(other.singularValues[c]!, 9);
    });
  });

  it('the entry of a component that is farthest from 0 is positive', () => {
    const found = need(truncatedSvd(sparse(120, 80), settings));
    for (let c = 0; c < 5; c++) {
      const own = component(found, c);
      expect(Math.max(...own)).toBeGreaterThanOrEqual(-Math.min(...own));
    }
  });

  it('the same seed gives the same bits, and another seed the same values but for rounding', () => {
    const x = sparse(150, 70);
    const [first, same, other] = [1, 1, 2].map((seed) => need(truncatedSvd(x, { ...settings, seed })));
    expect(same).toEqual(first);
    expect(other!.components).not.toEqual(first!.components);
    other!.singularValues.forEach((value, c) => {
      expect(Math.abs(value / first!.singularValues[c]! - 1)).toBeLessThan(1e-8);
    });
  });

  it('more components than the shorter side has are refused, and a cancelled fit ends', () => {
    const refused = truncatedSvd(sparse(4, 9), settings);
    expect(refused.ok ? {} : refused.error.detail).toMatchObject({ param: 'featurize.svd.n_components' });
    let seen = 0;
    const control = { onProgress: () => (seen += 1), cancelled: () => seen > 1 };
    const ended = truncatedSvd(sparse(120, 80), settings, control);
    expect([ended.ok ? '' : ended.error.reason, seen]).toEqual(['fit-cancelled', 2]);
  });
});

it('a small matrix is put together again from its parts', () => {
  const random = seededRandom(4);
  const size = 13;
  const matrix = Float64Array.from({ length: size * size }, (_, at) => (at % size < 3 ? 0 : random() - 0.5));
  const { left, values, right } = smallSvd(matrix, size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      const parts = values.map((value, c) => left[i * size + c]! * value * right[j * size + c]!);
      expect(parts.reduce((sum, part) => sum + part, 0)).toBeCloseTo(matrix[i * size + j]!, 12);
    }
  }
  expect([...values].sort((a, b) => b - a)).toEqual([...values]);
});

describe('features as components', () => {
  const animals = ['cat', 'dog', 'fur', 'paw'];
  const weather = ['sun', 'rain', 'wind', 'snow'];
  const random = seededRandom(8);
  const pick = (words: readonly string[]): string => words[Math.floor(random() * words.length)]!;
  const texts = Array.from({ length: 200 }, (_, row) =>
    Array.from({ length: 8 }, () => pick(row % 2 === 0 ? animals : weather)).join(' '),
  );
  const fit = async (featurize: object): Promise<{ features: FittedFeatures; matrix: CsrMatrix }> => {
    const params = need(readFields({ featurize: { ...featurize } }, 'featurize', featurizeFields));
    return need(
      await fitFeatures(
        need(featureOptions(params)),
        texts,
        {},
        { labels: { y: Int32Array.from(texts, (_, i) => i % 2), classes: 2 } },
      ),
    );
  };
  const svd = { n_components: 3 };

  it('tell topics apart, leave texts without a known word empty, and are read back as they were stored', async () => {
    for (const kind of [
      { kind: 'tfidf' },
      { kind: 'bow', select: 'chi2', select_k: 40 },
      { kind: 'hashing', hash_features: 500 },
    ]) {
      const { features, matrix } = await fit({ ...kind, char_ngram_max: 2, svd });
      expect([features.columns, matrix.columns, features.blocks.length]).toEqual([3, 3, 1]);
      const again = featuresFromParts(featuresToParts(features));
      if (typeof again === 'string') throw new Error(again);
      const rows = again.transform(['cat paw', 'dog fur', 'rain snow', '']);
      expect([...rows.indptr]).toEqual([0, 3, 6, 9, 9]);
      const cosine = (a: number, b: number): number => {
        const [one, other] = [a, b].map((row) => [...rows.values.subarray(row * 3, row * 3 + 3)]);
        return dot(one!, other!) / Math.sqrt(dot(one!, one!) * dot(other!, other!));
      };
      expect(cosine(0, 1)).toBeGreaterThan(cosine(0, 2) + 0.3);
      expect(again.transform(texts)).toEqual(features.transform(texts));
      again.transform(texts).values.forEach((value, at) => {
        expect(value).toBeCloseTo(matrix.values[at]!, 12);
      });
    }
  });

  it('know the words of the blocks inside, also without one text', async () => {
    const plain = await fit({ min_df: 2 });
    const projected = await fit({ min_df: 2, svd });
    const ours = wordCoverage(projected.features, [...texts.slice(0, 20), 'new words'], projected.matrix);
    expect(ours).toEqual(wordCoverage(plain.features, [...texts.slice(0, 20), 'new words'], plain.matrix));
  });

  it('broken components, settings and blocks inside are refused', async () => {
    const { features } = await fit({ char_ngram_max: 0, svd });
    const { meta, arrays } = featuresToParts(features);
    const stored = arrays['block0.components'] as Float32Array;
    const wrong = {
      'block0.components': [stored.slice(1), Float64Array.from(stored), stored.map(() => NaN)],
      'block0.singularValues': [new Float64Array(0), new Float64Array(2), new Float64Array(3).fill(Infinity)],
      'block0.varianceRatio': [new Float64Array(4)],
      'block0.of0.ends': [new Int32Array(3)],
    };
    for (const [name, given] of Object.entries(wrong)) {
      for (const array of given)
        expect(typeof featuresFromParts({ meta, arrays: { ...arrays, [name]: array } }), name).toBe('string');
    }
    const [block] = meta['blocks'] as [{ settings: object; of: object[] }];
    for (const changed of [
      { ...block, of: [] },
      { ...block, of: [block] },
      { ...block, of: [{}] },
      { ...block, settings: { n_components: -1 } },
      { ...block, more: 1 },
    ]) {
      expect(typeof featuresFromParts({ meta: asJsonObject({ ...meta, blocks: [changed] }), arrays })).toBe('string');
    }
  });

  it('word vectors are not projected', () => {
    const params = need(readFields({ featurize: { kind: 'word2vec', svd } }, 'featurize', featurizeFields));
    const options = featureOptions(params);
    expect(options.ok ? {} : options.error.detail).toMatchObject({ param: 'featurize.svd' });
  });
});

const python = process.env['MLP_TEST_PYTHON'];
if (python === undefined) {
  process.stderr.write(
    'decompositions are not compared with scipy: MLP_TEST_PYTHON names no Python that has scikit-learn\n',
  );
}

interface Answer {
  readonly values: number[];
  readonly components: number[][];
  readonly variance: number[];
  readonly ratio: number[];
  readonly randomized: number[];
}

it.skipIf(python === undefined)(
  'singular values are those of ARPACK within 1e-6, and components, signs and variances those of scikit-learn',
  { timeout: 60_000 },
  () => {
    const matrices = [sparse(400, 150), sparse(150, 400), sparse(90, 90, 0.6)];
    const input = JSON.stringify(
      matrices.map(({ rows, columns, indptr, indices, values }) => ({
        ...{ rows, columns, components: 5, iterations: settings.n_iter },
        ...{ indptr: [...indptr], indices: [...indices], values: [...values] },
      })),
    );
    const options = { input, encoding: 'utf8', maxBuffer: 2 ** 28 } as const;
    const answers = JSON.parse(execFileSync(python ?? '', ['test/peers/svd_reference.py'], options)) as Answer[];
    const relative = (ours: number, theirs: number): number => Math.abs(ours / theirs - 1);
    for (const [at, x] of matrices.entries()) {
      const found = need(truncatedSvd(x, settings));
      const { values, components, variance, ratio, randomized } = answers[at]!;
      for (let c = 0; c < 5; c++) {
        expect(relative(found.singularValues[c]!, values[c]!)).toBeLessThan(1e-6);
        expect(relative(found.singularValues[c]!, randomized[c]!)).toBeLessThan(1e-6);
        expect(relative(found.explainedVariance[c]!, variance[c]!)).toBeLessThan(1e-5);
        expect(relative(found.explainedVarianceRatio[c]!, ratio[c]!)).toBeLessThan(1e-5);
        const own = component(found, c);
        const apart = components[c]!.reduce((most, value, i) => Math.max(most, Math.abs(value - own[i]!)), 0);
        expect(apart).toBeLessThan(1e-5);
      }
    }
  },
);
