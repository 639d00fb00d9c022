import { failureMessage } from '../src/core/failure.ts';
import type { JsonObject } from '../src/core/json.ts';
import type { Result } from '../src/core/result.ts';
import { encodeLabels, readLabelledTexts } from '../src/ml/data/labelled-texts.ts';
import { trainField } from '../src/ml/estimators.ts';
import { featureOptions, featurizeFields } from '../src/ml/features/options.ts';
import { fitFeatures } from '../src/ml/features/pipeline.ts';
import { profileOf } from '../src/ml/features/profile.ts';
import { writeFeatureArtifact } from '../src/ml/features/training-file.ts';
import { readField, readFields } from '../src/ml/fields.ts';
import { writeModelPackage } from '../src/ml/package/write.ts';

function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(failureMessage(result.error));
  return result.value;
}

interface Trained {
  /** What stands under `train` and `featurize` in params.yaml. */
  readonly train: JsonObject;
  readonly featurize?: JsonObject;
  /** The first ones of this repository's comments; all without it. */
  readonly rows?: number | undefined;
}

/** Trains on comments of this repository and writes the package. */
export async function trainWith(folder: string, { train, featurize = {}, rows }: Trained): Promise<void> {
  const source = { path: 'data/comments.csv', textColumn: 'text', labelColumn: 'sentiment', labels: null };
  const all = valueOf(await readLabelledTexts(source));
  const data = { texts: all.texts.slice(0, rows), labels: all.labels.slice(0, rows) };
  const options = valueOf(featureOptions(valueOf(readFields({ featurize }, 'featurize', featurizeFields))));
  const { features, matrix } = valueOf(await fitFeatures(options, data.texts));
  const { estimator } = valueOf(readField({ train: { ...train, name: 'sentiment' } }, 'train', trainField));
  const classifier = valueOf(await estimator.fit({ x: matrix, ...encodeLabels(data.labels) }));
  await writeModelPackage(folder, {
    name: 'sentiment',
    features,
    classifier,
    hyperparameters: estimator.params,
    example: data.texts[0] ?? '',
    fingerprint: null,
    profile: null,
  });
}

/** The same with the params of `train` beside the number of rows; `c` tells one model from another. */
export const trainPackage = async (
  folder: string,
  { rows, ...train }: { readonly rows?: number } & JsonObject,
): Promise<void> => trainWith(folder, { train, rows });

/** What the featurize stage would leave of the first comments, with words alone as columns. */
export async function writeFeatures(
  folder: string,
  { rows, columns }: { readonly rows: number; readonly columns: number },
): Promise<void> {
  const source = { path: 'data/comments.csv', textColumn: 'text', labelColumn: 'sentiment', labels: null };
  const all = valueOf(await readLabelledTexts(source));
  const texts = all.texts.slice(0, rows);
  const featurize = { max_features: columns, ngram_max: 1, char_ngram_max: 0 };
  const options = valueOf(featureOptions(valueOf(readFields({ featurize }, 'featurize', featurizeFields))));
  const { features, matrix } = valueOf(await fitFeatures(options, texts));
  const data = { x: matrix, ...encodeLabels(all.labels.slice(0, rows)) };
  const profile = profileOf(features, data, texts);
  await writeFeatureArtifact(folder, { features, data, example: texts[0] ?? '', profile });
}
