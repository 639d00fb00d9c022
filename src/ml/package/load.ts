import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { failure } from '../../core/failure.ts';
import type { Result } from '../../core/result.ts';
import { err, ok } from '../../core/result.ts';
import { classifierFromParts } from '../estimators.ts';
import { featuresFromParts } from '../features/stored.ts';
import { systemProblem } from '../io/files.ts';
import { arraysBelow, unpackArrays } from '../io/parts.ts';
import { parseDescription } from './description.ts';
import type { Description } from './description.ts';
import { descriptionFile, mostDescriptionBytes, mostWeightBytes, sha256, weightsFile } from './format.ts';
import { signatureOf } from './signature.ts';
import { TrainedModel } from './trained-model.ts';
import type { ModelPackage } from './types.ts';

/**
 * Loads a package from its folder alone. Every length, hash, name and number is checked before it is used, and nothing in it is executed:
 * whatever the bytes are, the outcome is a model or a failure that says what is wrong.
 */
export async function loadModelPackage(folder: string): Promise<Result<ModelPackage>> {
  return loadTrainedModel(folder);
}

/** As `loadModelPackage`, with the features and the classifier open to those who explain a model. */
export async function loadTrainedModel(folder: string): Promise<Result<TrainedModel>> {
  const invalid = (problem: string): Result<never> => err(failure('model-package-invalid', { folder, problem }));
  const [text, weights] = await Promise.all([
    readLimited(join(folder, descriptionFile), mostDescriptionBytes),
    readLimited(join(folder, weightsFile), mostWeightBytes),
  ]);
  if (text === 'missing') return err(failure('model-package-missing', { folder }));
  if (typeof text === 'string') return invalid(`${descriptionFile}: ${text}`);
  if (typeof weights === 'string') return invalid(`${weightsFile}: ${weights}`);
  const model = modelFromFiles(text.toString('utf8'), weights);
  return typeof model === 'string' ? invalid(model) : ok(model);
}

/** The model that the content of model.json and weights.bin describes; a text says what is wrong with it. */
export function modelFromFiles(json: string, weights: Buffer): TrainedModel | string {
  const description = parseDescription(json);
  return typeof description === 'string' ? description : assemble(description, weights);
}

function assemble(description: Description, bytes: Buffer): TrainedModel | string {
  const { info, weights } = description;
  if (bytes.length !== weights.bytes) return `${weightsFile} has ${bytes.length} bytes instead of ${weights.bytes}`;
  if (sha256(bytes) !== weights.sha256) return `${weightsFile} was changed after it was written (its SHA-256 differs)`;
  const arrays = unpackArrays(weights.arrays, bytes);
  if (typeof arrays === 'string') return `${weightsFile}: ${arrays}`;
  const features = featuresFromParts({ meta: info.features, arrays: arraysBelow(arrays, 'features.') });
  if (typeof features === 'string') return features;
  const parts = { meta: description.classifier, arrays: arraysBelow(arrays, 'classifier.') };
  const classifier = classifierFromParts(parts, info);
  if (typeof classifier === 'string') return classifier;
  if (classifier.columns !== features.columns) {
    return `its classifier has ${classifier.columns} columns and its features ${features.columns}`;
  }
  const signature = signatureOf(info.classes.length, features.inputs);
  return new TrainedModel({ ...info, signature }, { features, classifier }, description.example);
}

/** Looks at the file before it opens it: a huge one costs nothing, and a pipe or a device would never end. */
async function readLimited(file: string, most: number): Promise<Buffer | string> {
  try {
    const found = await stat(file);
    if (!found.isFile()) return 'it is no file';
    return found.size > most ? `${found.size} bytes are more than the ${most} allowed` : await readFile(file);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'missing' : systemProblem(error);
  }
}
