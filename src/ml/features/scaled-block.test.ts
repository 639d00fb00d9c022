import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { failureMessage } from '../../core/failure.ts';
import type { JsonObject, JsonValue } from '../../core/json.ts';
import type { Result } from '../../core/result.ts';
import { readFields } from '../fields.ts';
import type { Parts } from '../io/parts.ts';
import type { CsrMatrix } from '../sparse/csr.ts';
import { featureOptions, featurizeFields } from './options.ts';
import { fitFeatures } from './pipeline.ts';
import type { FittedFeatures } from './pipeline.ts';
import { featuresFromParts, featuresToParts } from './stored.ts';

const texts = ['red red red green', 'red blue', 'green blue blue', '', 'blue red'];
const asked = ['red red red red red', 'green yellow', 'nothing'];

function need<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(failureMessage(result.error));
  return result.value;
}

async function fit(given: JsonObject): Promise<{ features: FittedFeatures; matrix: CsrMatrix }> {
  const params = { kind: 'bow', ngram_max: 1, char_ngram_max: 0, ...given };
  return need(await fitFeatures(need(featureOptions(need(readFields({ params }, 'params', featurizeFields)))), texts));
}

function dense({ rows, columns, indptr, indices, values }: CsrMatrix): number[][] {
  return Array.from({ length: rows }, (_, row) => {
    const out = new Array<number>(columns).fill(0);
    for (let at = indptr[row]!; at < indptr[row + 1]!; at++) out[indices[at]!] = values[at]!;
    return out;
  });
}

describe('columns of terms scaled by their largest absolute value', () => {
  it('are at most 1 in training, and keep their zeros', async () => {
    const { features, matrix } = await fit({ scaling: 'maxabs' });
    expect(dense(matrix)).toEqual([
      [0, 1, 1],
      [0.5, 0, 1 / 3],
      [1, 1, 0],
      [0, 0, 0],
      [0.5, 0, 1 / 3],
    ]);
    expect(dense(features.transform(asked))).toEqual([
      [0, 0, 5 / 3],
      [0, 1, 0],
      [0, 0, 0],
    ]);
    expect(features.transform(asked).indices.length).toBe(2);
    expect(features.term(2)).toEqual({ block: 0, term: 'red' });
  });

  it.each([[{ kind: 'tfidf', char_ngram_max: 3 }], [{ kind: 'hashing' }], [{ svd: { n_components: 2 } }]])(
    'are read back the same: %j',
    async (given) => {
      const { features } = await fit({ ...given, scaling: 'maxabs' });
      const read = featuresFromParts(featuresToParts(features));
      if (typeof read === 'string') throw new Error(read);
      expect(read.transform(asked)).toEqual(features.transform(asked));
    },
  );

  it.each<[string, string, (parts: { meta: { blocks: JsonObject[] }; arrays: Record<string, unknown> }) => void]>([
    ['too few scales', 'do not fit its columns', ({ arrays }) => (arrays['block0.scale'] = new Float64Array(1))],
    ['a scale of zero', 'scales of block0 are broken', ({ arrays }) => (arrays['block0.scale'] = new Float64Array(3))],
    [
      'a scale that is no number',
      'do not fit its',
      ({ arrays }) => (arrays['block0.scale'] = Float64Array.of(1, NaN, 1)),
    ],
    ['nothing to scale', 'has no block to scale', ({ meta }) => (meta.blocks = [{ kind: 'maxabs' }])],
    [
      'itself to scale',
      'has no block to scale',
      ({ meta }) => (meta.blocks = [{ kind: 'maxabs', of: { kind: 'maxabs' } }]),
    ],
    ['another option', 'has no block to scale', ({ meta }) => (meta.blocks = [{ ...meta.blocks[0], more: 1 }])],
  ])('stored with %s are refused', async (_, problem, change) => {
    const { features } = await fit({ scaling: 'maxabs' });
    const parts = featuresToParts(features);
    const forged = {
      meta: structuredClone(parts.meta) as { blocks: JsonObject[] } & JsonObject,
      arrays: { ...parts.arrays },
    };
    change(forged);
    expect(featuresFromParts(forged as unknown as Parts)).toContain(problem);
  });
});

const python = process.env['MLP_TEST_PYTHON'];
if (python === undefined) {
  process.stderr.write(
    'scaled terms are not compared with scikit-learn: MLP_TEST_PYTHON names no Python that has it\n',
  );
}

const script = `
import json, sys
from scipy.sparse import csr_matrix
from sklearn.preprocessing import MaxAbsScaler
train, asked = (csr_matrix(rows) for rows in json.load(sys.stdin))
scaler = MaxAbsScaler().fit(train)
json.dump([scaler.transform(rows).toarray().tolist() for rows in (train, asked)], sys.stdout)
`;

it.skipIf(python === undefined)('scaled weights are those of scikit-learn', async () => {
  const plain = await fit({ kind: 'tfidf', char_ngram_max: 3 });
  const scaled = await fit({ kind: 'tfidf', char_ngram_max: 3, scaling: 'maxabs' });
  const input = JSON.stringify([dense(plain.matrix), dense(plain.features.transform(asked))]);
  const theirs = JSON.parse(execFileSync(python ?? '', ['-c', script], { input, encoding: 'utf8' })) as JsonValue;
  const ours = [dense(scaled.matrix), dense(scaled.features.transform(asked))];
  const flat = (nested: unknown): number[] => (nested as number[][][]).flat(2);
  for (const [at, value] of flat(ours).entries()) expect(value).toBeCloseTo(flat(theirs)[at] ?? NaN, 12);
});
