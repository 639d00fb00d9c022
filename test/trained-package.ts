import { failureMessage } from '../src/core/failure.ts';
import type { Result } from '../src/core/result.ts';
import { encodeLabels, readLabelledTexts } from '../src/ml/data/labelled-texts.ts';
import { createEstimator, trainFields } from '../src/ml/estimators.ts';
import { featureOptions, featurizeFields } from '../src/ml/features/options.ts';
import { fitFeatures } from '../src/ml/features/pipeline.ts';
import { readFields } from '../src/ml/fields.ts';
import { writeModelPackage } from '../src/ml/package/write.ts';

function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(failureMessage(result.error));
  return result.value;
}

/** Trains on the first rows of this repository's comments and writes the package. `c` tells one model from another. */
export async function trainPackage(folder: string, { c, rows }: { c: number; rows?: number }): Promise<void> {
  const source = { path: 'data/comments.csv', textColumn: 'text', labelColumn: 'sentiment', labels: null };
  const all = valueOf(await readLabelledTexts(source));
  const data = { texts: all.texts.slice(0, rows), labels: all.labels.slice(0, rows) };
  const options = valueOf(featureOptions(valueOf(readFields({}, 'featurize', featurizeFields))));
  const { features, matrix } = valueOf(fitFeatures(options, data.texts));
  const estimator = createEstimator(valueOf(readFields({ train: { c, name: 'sentiment' } }, 'train', trainFields)));
  const classifier = valueOf(await estimator.fit({ x: matrix, ...encodeLabels(data.labels) }));
  await writeModelPackage(folder, {
    name: 'sentiment',
    features,
    classifier,
    hyperparameters: estimator.params,
    example: data.texts[0] ?? '',
    fingerprint: null,
  });
}
