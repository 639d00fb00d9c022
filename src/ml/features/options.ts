import { failure } from '../../core/failure.ts';
import type { Result } from '../../core/result.ts';
import { err, ok } from '../../core/result.ts';
import type { ColumnInput } from '../columns/column.ts';
import { columnBlocks, columnFields } from '../columns/settings.ts';
import { flag, group, oneOf, orNull, real, whole } from '../fields.ts';
import type { ValuesOf } from '../fields.ts';
import { svdFields } from '../svd/settings.ts';
import { word2vecFields } from '../word2vec/settings.ts';
import { accentHandling } from '../text/accents.ts';
import { cleanText } from '../text/clean.ts';
import type { CleaningOptions } from '../text/clean.ts';
import type { AnalyzerOptions } from '../text/grams.ts';
import { modifierChoices } from '../text/modifiers.ts';
import { stemmerChoices } from '../text/stem.ts';
import type { BlockOptions } from './block-kinds.ts';
import { mostHashFeatures } from './hashing.ts';
import type { FeatureOptions } from './pipeline.ts';
import { emojiHandling, handling, mostGrams, norms, stopWordsField, tokenKinds } from './stored-options.ts';
import type { VocabularyLimits } from './vocabulary.ts';

/** What params.yaml may say under `featurize`, with the defaults. */
export const featurizeFields = {
  kind: oneOf(['tfidf', 'bow', 'hashing', 'word2vec'], 'tfidf'),
  lowercase: flag(true),
  urls: oneOf(handling, 'token'),
  mentions: oneOf(handling, 'token'),
  time_marks: oneOf(handling, 'token'),
  emoji: oneOf(emojiHandling, 'unify'),
  accents: oneOf(accentHandling, 'keep'),
  stop_words: stopWordsField('none'),
  stemmer: oneOf(stemmerChoices, 'none'),
  modifiers: oneOf(modifierChoices, 'none'),
  tokens: oneOf(tokenKinds, 'rich'),
  token_min_length: whole({ min: 1, max: 100 }, 1),
  ngram_min: whole({ min: 1, max: mostGrams }, 1),
  ngram_max: whole({ min: 0, max: mostGrams }, 2),
  min_df: real({ above: 0 }, 1),
  max_df: real({ above: 0 }, 1),
  max_features: orNull(whole({ min: 1 }), null),
  char_analyzer: oneOf(['char_wb', 'char'], 'char_wb'),
  char_ngram_min: whole({ min: 1, max: mostGrams }, 2),
  char_ngram_max: whole({ min: 0, max: mostGrams }, 5),
  char_min_df: real({ above: 0 }, 1),
  char_max_features: orNull(whole({ min: 1 }), null),
  binary: flag(false),
  sublinear: flag(true),
  smooth_idf: flag(true),
  norm: oneOf(norms, 'l2'),
  hash_features: whole({ min: 1, max: mostHashFeatures }, 2 ** 20),
  alternate_sign: flag(true),
  select: oneOf(['none', 'chi2', 'mutual_info'], 'none'),
  select_k: whole({ min: 1 }, 10_000),
  svd: group(svdFields),
  word2vec: group(word2vecFields),
  ...columnFields,
};

export type FeaturizeParams = ValuesOf<typeof featurizeFields>;

/**
 * One block for word n-grams and one for characters; `ngram_max` or `char_ngram_max` 0 leaves that block out. Word vectors are one block of single words.
 * Of other columns, those of numbers are one block, and each of categories is one.
 */
export function featureOptions(params: FeaturizeParams, columns: readonly ColumnInput[] = []): Result<FeatureOptions> {
  const problem = gramProblem(params, columns.length > 0) ?? vectorProblem(params);
  if (problem !== undefined) return err(failure('learning-param', { ...problem, near: [] }));
  return ok({
    cleaning: cleaningOf(params),
    blocks: [...textBlocks(params), ...columnBlocks(params, columns)],
    ...selectionOf(params),
    ...(params.svd.n_components === 0 ? {} : { svd: params.svd }),
  });
}

function textBlocks(params: FeaturizeParams): BlockOptions[] {
  if (params.kind === 'word2vec') return [vectorBlock(params)];
  const blocks = [wordBlock(params, params.kind), characterBlock(params, params.kind)];
  return blocks.filter(({ analyzer }) => analyzer.ngramMax > 0);
}

/** Counts are categories that mutual information can be asked about; weights are not, but for whether there is one. */
function selectionOf({ kind, select, select_k: columns }: FeaturizeParams): Pick<FeatureOptions, 'selection'> {
  if (select === 'none') return {};
  return { selection: { by: select === 'chi2' || kind === 'bow' ? select : 'presence', columns } };
}

type GramKind = Exclude<FeaturizeParams['kind'], 'word2vec'>;
type GramBlock = Exclude<BlockOptions, { kind: 'word2vec' | 'numeric' | 'categorical' }>;

const cleaningOf = (params: FeaturizeParams): CleaningOptions => ({
  lowercase: params.lowercase,
  urls: params.urls,
  mentions: params.mentions,
  timeMarks: params.time_marks,
  emoji: params.emoji,
  accents: params.accents,
});

/** Stop words of one's own are cleaned as the texts are, so that they meet the words there. */
const wordAnalyzer = (params: FeaturizeParams): AnalyzerOptions & { unit: 'words' } => ({
  unit: 'words',
  tokens: params.tokens,
  minLength: params.token_min_length,
  stopWords:
    typeof params.stop_words === 'string'
      ? params.stop_words
      : params.stop_words.map((word) => cleanText(word, cleaningOf(params)).trim()),
  stemmer: params.stemmer,
  modifiers: params.modifiers,
  ngramMin: params.ngram_min,
  ngramMax: params.ngram_max,
});

const vectorBlock = (params: FeaturizeParams): BlockOptions => ({
  kind: 'word2vec',
  analyzer: { ...wordAnalyzer(params), modifiers: 'none', ngramMin: 1, ngramMax: 1 },
  norm: params.norm,
  settings: params.word2vec,
});

const wordBlock = (params: FeaturizeParams, kind: GramKind): GramBlock =>
  gramBlock({ ...params, kind }, wordAnalyzer(params), {
    minDf: params.min_df,
    maxDf: params.max_df,
    maxFeatures: params.max_features,
  });

const characterBlock = (params: FeaturizeParams, kind: GramKind): GramBlock =>
  gramBlock(
    { ...params, kind },
    { unit: params.char_analyzer, ngramMin: params.char_ngram_min, ngramMax: params.char_ngram_max },
    { minDf: params.char_min_df, maxDf: params.max_df, maxFeatures: params.char_max_features },
  );

function gramBlock(
  params: FeaturizeParams & { readonly kind: GramKind },
  analyzer: AnalyzerOptions,
  limits: VocabularyLimits,
): GramBlock {
  const { kind, binary, norm } = params;
  if (kind === 'hashing') {
    return { kind, analyzer, features: params.hash_features, alternateSign: params.alternate_sign, binary, norm };
  }
  const { sublinear, smooth_idf: smoothIdf } = params;
  return { analyzer, limits, weighting: { kind, binary, sublinear, smoothIdf, norm } };
}

function vectorProblem({ kind, select, svd }: FeaturizeParams): ParamProblem | undefined {
  if (kind !== 'word2vec') return undefined;
  if (select !== 'none') {
    return { param: 'featurize.select', problem: `is ${select}, but word vectors have no terms to choose from` };
  }
  if (svd.n_components === 0) return undefined;
  return { param: 'featurize.svd', problem: 'is for columns of terms, and word vectors are few dimensions already' };
}

interface ParamProblem {
  readonly param: string;
  readonly problem: string;
}

function gramProblem(params: FeaturizeParams, hasColumns: boolean): ParamProblem | undefined {
  for (const [low, high] of [
    ['ngram_min', 'ngram_max'],
    ['char_ngram_min', 'char_ngram_max'],
  ] as const) {
    if (params[high] > 0 && params[low] > params[high]) {
      return { param: `featurize.${low}`, problem: `is ${params[low]}, above ${high}, which is ${params[high]}` };
    }
  }
  if (hasColumns || params.ngram_max > 0 || params.char_ngram_max > 0) return undefined;
  return { param: 'featurize.ngram_max', problem: 'and char_ngram_max are both 0, which leaves no features' };
}
