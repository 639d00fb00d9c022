import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { seededRandom } from '../src/core/random.ts';
import { featureOptions, featurizeFields } from '../src/ml/features/options.ts';
import { fitFeatures } from '../src/ml/features/pipeline.ts';
import { readFields } from '../src/ml/fields.ts';
import { selectRows, type CsrMatrix } from '../src/ml/sparse/csr.ts';
import { writePart } from './matrix-files.ts';
import { need, redditSplit } from './reddit-split.ts';

/** Training rows and test rows as files in a folder, and the parameters of both sides. */
export interface BoostingCase {
  readonly name: string;
  readonly about: string;
  readonly params: Readonly<Record<string, number>>;
  /** Writes the rows, where they are not there yet. */
  write(folder: string): Promise<void>;
}

interface Part {
  readonly x: CsrMatrix;
  readonly y: Int32Array | Float64Array;
}

interface Parts {
  readonly train: Part;
  readonly test: Part;
}

const paramsOf = {
  A: { num_iterations: 800, lambda_l2: 0.1, min_data_in_leaf: 5, feature_fraction: 0.5 },
  B: {
    num_iterations: 1500,
    num_leaves: 15,
    learning_rate: 0.15,
    lambda_l2: 0.1,
    min_data_in_leaf: 3,
    feature_fraction: 0.3,
  },
  C: { num_iterations: 367, learning_rate: 0.09, max_depth: 20, lambda_l1: 0.1, lambda_l2: 0.1 },
  dense: { num_iterations: 100 },
} as const;

const featuresOf = {
  counts: { kind: 'bow', binary: true, max_features: 20_000 },
  tfidf: { kind: 'tfidf', sublinear: false, max_features: 10_000, tokens: 'word', token_min_length: 2 },
} as const;

const known = new Map<string, Promise<Parts>>();

/** The same matrix is made once. */
const reddit = (kind: keyof typeof featuresOf): Promise<Parts> => {
  const made = known.get(kind) ?? makeReddit(kind);
  known.set(kind, made);
  return made;
};

async function makeReddit(kind: keyof typeof featuresOf): Promise<Parts> {
  const { train, test } = await redditSplit();
  const featurize = { ngram_max: 1, char_ngram_max: 0, ...featuresOf[kind] };
  const options = need(featureOptions(need(readFields({ featurize }, 'featurize', featurizeFields))));
  const { features, matrix } = need(await fitFeatures(options, train.texts));
  return { train: { x: matrix, y: train.y }, test: { x: features.transform(test.texts), y: test.y } };
}

const firstRows = ({ train, test }: Parts, count: number): Parts => {
  const rows = Int32Array.from({ length: count }, (_, row) => row);
  return { train: { x: selectRows(train.x, rows), y: train.y.slice(0, count) }, test };
};

/** All rows so many times; each repeat lacks one entry in fifty, so that no two are quite equal. */
function repeated({ train, test }: Parts, times: number): Parts {
  const { x, y } = train;
  const random = seededRandom(times);
  const rows = Int32Array.from({ length: x.rows * times }, (_, row) => row % x.rows);
  const all = selectRows(x, rows);
  const indptr = new Int32Array(all.rows + 1);
  const keeps = Uint8Array.from(all.indices, (_, at) => (at < x.indices.length || random() >= 0.02 ? 1 : 0));
  for (let row = 0; row < all.rows; row++) {
    indptr[row + 1] = indptr[row]!;
    for (let at = all.indptr[row]!; at < all.indptr[row + 1]!; at++) indptr[row + 1]! += keeps[at]!;
  }
  const indices = all.indices.filter((_, at) => keeps[at] === 1);
  const values = all.values.filter((_, at) => keeps[at] === 1);
  return { train: { x: { ...all, indptr, indices, values }, y: Int32Array.from(rows, (row) => y[row]!) }, test };
}

/** 10,000 rows of 100 normal columns, of which the sum, a product and a step say the number. */
function dense(): Promise<Parts> {
  const random = seededRandom(1);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const part = (rows: number): Part => {
    const columns = 100;
    const values = Float64Array.from({ length: rows * columns }, normal);
    const y = Float64Array.from({ length: rows }, (_, row) => {
      const [a, b, c, d] = values.subarray(row * columns);
      return a! + b! * c! + (d! > 0 ? 2 : 0) + 0.3 * normal();
    });
    const indptr = Int32Array.from({ length: rows + 1 }, (_, row) => row * columns);
    const indices = Int32Array.from(values, (_, at) => at % columns);
    return { x: { rows, columns, indptr, indices, values }, y };
  };
  return Promise.resolve({ train: part(10_000), test: part(2_000) });
}

interface Made {
  readonly about: string;
  readonly params: Readonly<Record<string, number>>;
  readonly parts: () => Promise<Parts>;
}

const made: Readonly<Record<string, Made>> = {
  A: { about: 'binary counts 20,000; 800 x 3 trees', params: paramsOf.A, parts: () => reddit('counts') },
  B: { about: 'binary counts 20,000; 1,500 x 3 trees', params: paramsOf.B, parts: () => reddit('counts') },
  C: { about: 'TF-IDF 10,000, 255 bins; 367 x 3 trees', params: paramsOf.C, parts: () => reddit('tfidf') },
  C63: { about: 'C with 63 bins', params: { ...paramsOf.C, max_bin: 63 }, parts: () => reddit('tfidf') },
  'A-2000': {
    about: 'A with 2,000 rows',
    params: paramsOf.A,
    parts: async () => firstRows(await reddit('counts'), 2000),
  },
  'C-2000': {
    about: 'C with 2,000 rows',
    params: paramsOf.C,
    parts: async () => firstRows(await reddit('tfidf'), 2000),
  },
  ...Object.fromEntries(
    [1, 2, 4, 8].map((times): [string, Made] => [
      `rows-x${times}`,
      {
        about: `A, rows x ${times}, 100 x 3 trees`,
        params: { ...paramsOf.A, num_iterations: 100 },
        parts: async () => repeated(await reddit('counts'), times),
      },
    ]),
  ),
  dense: { about: 'dense 10,000 x 100, regression, 100 trees', params: paramsOf.dense, parts: dense },
};

export const caseNames = Object.keys(made);

/** `iterations`: at most so many. */
export function boostingCase(name: string, iterations: number): BoostingCase {
  const found = made[name];
  if (found === undefined) throw new Error(`there is no case ${name}; there are ${caseNames.join(', ')}`);
  const { about, parts } = found;
  const params = { ...found.params, num_iterations: Math.min(found.params['num_iterations']!, iterations) };
  return {
    name,
    about,
    params,
    write: async (folder) => {
      mkdirSync(folder, { recursive: true });
      const { train, test } = await parts();
      writePart(folder, 'train', train.x, train.y);
      writePart(folder, 'test', test.x, test.y);
      const classes = train.y instanceof Int32Array ? Math.max(...new Set(train.y)) + 1 : 0;
      const rows = { train: { rows: train.x.rows }, test: { rows: test.x.rows } };
      writeFileSync(join(folder, 'meta.json'), JSON.stringify({ ...rows, columns: train.x.columns, classes, params }));
    },
  };
}
