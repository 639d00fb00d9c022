import { failure } from '../../core/failure.ts';
import { isJsonObject } from '../../core/json.ts';
import type { JsonValue } from '../../core/json.ts';
import type { Result } from '../../core/result.ts';
import { err, ok } from '../../core/result.ts';
import type { ModelInput } from '../columns/column.ts';
import type { TrainingSet } from '../estimator.ts';
import { readParts, writeParts } from '../io/artifact-file.ts';
import { arrayOf } from '../io/parts.ts';
import { csrProblem } from '../sparse/csr.ts';
import { exampleFromJson, exampleToJson } from '../columns/example.ts';
import type { FittedFeatures } from './pipeline.ts';
import { profileFromJson, profileToJson } from './profile.ts';
import type { TrainingProfile } from './profile.ts';
import { featuresFromParts, featuresToParts } from './stored.ts';

/** What featurising leaves for training: how to make rows, the rows themselves, and one raw text or row to show. */
export interface FeatureArtifact {
  readonly features: FittedFeatures;
  readonly data: TrainingSet;
  readonly example: ModelInput;
  /** Of the texts behind the rows. */
  readonly profile: TrainingProfile;
}

const featuresFile = (folder: string): string => `${folder}/features.bin`;
const trainFile = (folder: string): string => `${folder}/train.bin`;

export async function writeFeatureArtifact(folder: string, artifact: FeatureArtifact): Promise<void> {
  const { x, y, classes } = artifact.data;
  const profile = profileToJson(artifact.profile);
  await writeParts(featuresFile(folder), featuresToParts(artifact.features));
  await writeParts(trainFile(folder), {
    meta: { rows: x.rows, columns: x.columns, classes: [...classes], example: exampleMeta(artifact.example), profile },
    arrays: { indptr: x.indptr, indices: x.indices, values: x.values, y },
  });
}

export async function readFeatureArtifact(folder: string): Promise<Result<FeatureArtifact>> {
  const stored = await readParts(featuresFile(folder));
  if (!stored.ok) return stored;
  const features = featuresFromParts(stored.value);
  if (typeof features === 'string') return invalid(featuresFile(folder), features);
  const train = await readParts(trainFile(folder));
  if (!train.ok) return train;
  const { meta, arrays } = train.value;
  const indptr = arrayOf(arrays, 'indptr', 'i32');
  const indices = arrayOf(arrays, 'indices', 'i32');
  const values = arrayOf(arrays, 'values', 'f64');
  const y = arrayOf(arrays, 'y', 'i32');
  const { rows, columns, classes } = meta;
  const example = exampleOf(meta['example']);
  if (indptr === undefined || indices === undefined || values === undefined || y === undefined) {
    return invalid(trainFile(folder), 'an array is missing');
  }
  if (typeof rows !== 'number' || columns !== features.columns || example === undefined || !isNames(classes)) {
    return invalid(trainFile(folder), 'its header does not fit the features');
  }
  const profile = profileFromJson(meta['profile'], classes.length);
  if (profile === undefined) return invalid(trainFile(folder), 'its profile is broken');
  const x = { rows, columns, indptr, indices, values };
  const problem = csrProblem(x);
  return problem === undefined
    ? ok({ features, data: { x, y, classes }, example, profile })
    : invalid(trainFile(folder), problem);
}

/** A text stays a text. */
const exampleMeta = (example: ModelInput): JsonValue =>
  typeof example === 'string' ? example : exampleToJson(example);

const exampleOf = (given: JsonValue | undefined): ModelInput | undefined =>
  typeof given === 'string' ? given : isJsonObject(given) ? exampleFromJson(given) : undefined;

const isNames = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((name) => typeof name === 'string');

const invalid = (path: string, problem: string): Result<never> =>
  err(failure('learning-artifact-invalid', { path, problem }));
