import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { failureMessage } from '../../core/failure.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Result } from '../../core/result.ts';
import { featureOptions, featurizeFields } from '../features/options.ts';
import { fitFeatures } from '../features/pipeline.ts';
import { readFields } from '../fields.ts';

const python = process.env['MLP_TEST_PYTHON'];
if (python === undefined) {
  process.stderr.write('tokens are not compared with scikit-learn: MLP_TEST_PYTHON names no Python that has it\n');
}

const need = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(failureMessage(result.error));
  return result.value;
};

/** What params.yaml says, and the arguments of CountVectorizer that say the same. */
const cases: readonly (readonly [JsonObject, JsonObject])[] = [
  [{ lowercase: false }, { lowercase: false }],
  [{ token_min_length: 1 }, { token_pattern: '(?u)\\b\\w+\\b' }],
  [{ token_min_length: 4 }, { token_pattern: '(?u)\\b\\w{4,}\\b' }],
  [{ stop_words: ['the', 'film', 'été', 'not'] }, { stop_words: ['the', 'film', 'été', 'not'] }],
  [{ stop_words: ['The', 'FILM', 'NOT'] }, { stop_words: ['the', 'film', 'not'] }],
  [
    { stop_words: ['The', 'is'], lowercase: false, ngram_max: 3 },
    { stop_words: ['The', 'is'], lowercase: false, ngram_range: [1, 3] },
  ],
  [
    { stop_words: ['Café', 'naïve'], accents: 'unicode', ngram_max: 2 },
    { stop_words: ['cafe', 'naive'], strip_accents: 'unicode', ngram_range: [1, 2] },
  ],
];

it.skipIf(python === undefined)(
  'case, shortest words, stop words of one’s own and accents cut texts as scikit-learn does',
  { timeout: 60_000 },
  async () => {
    const { question } = JSON.parse(readFileSync('test/peers/fixture.json', 'utf8')) as {
      question: { texts: string[] };
    };
    const texts = [...question.texts, ...readFileSync('data/comments.csv', 'utf8').split('\n').slice(0, 400)];
    const input = JSON.stringify({ texts, cases: cases.map(([, args]) => args) });
    const answers = JSON.parse(
      execFileSync(python ?? '', ['test/peers/tokens_reference.py'], { input, encoding: 'utf8', maxBuffer: 2 ** 28 }),
    ) as { terms: string[]; indptr: number[]; indices: number[]; values: number[] }[];
    const plain = { urls: 'keep', mentions: 'keep', time_marks: 'keep', emoji: 'keep', tokens: 'word' };
    for (const [at, [changes, args]] of cases.entries()) {
      const featurize = { ...plain, kind: 'bow', char_ngram_max: 0, token_min_length: 2, ngram_max: 1, ...changes };
      const params = need(readFields({ featurize }, 'featurize', featurizeFields));
      const { features, matrix } = need(await fitFeatures(need(featureOptions(params)), texts));
      const terms = Array.from({ length: features.columns }, (_, column) => features.term(column).term);
      const { values, indices, indptr } = matrix;
      const name = JSON.stringify(args);
      expect({ terms, indptr: [...indptr], indices: [...indices], values: [...values] }, name).toEqual(answers[at]);
    }
  },
);
