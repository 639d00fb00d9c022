import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { asJsonObject, type JsonObject } from '../../core/json.ts';
import type { ModelInput } from '../columns/column.ts';
import type { FittedClassifier } from '../estimator.ts';
import type { FittedFeatures } from '../features/pipeline.ts';
import { profileToJson } from '../features/profile.ts';
import type { TrainingProfile } from '../features/profile.ts';
import { featuresToParts } from '../features/stored.ts';
import { writeWhole } from '../io/files.ts';
import { packArrays } from '../io/parts.ts';
import { modelCard } from './card.ts';
import { cardFile, descriptionFile, descriptionHash, formatName, joinArrays, sha256, weightsFile } from './format.ts';
import { formatVersion } from './migrations.ts';
import { exampleToJson, knownPart } from '../columns/example.ts';
import { signatureOf } from './signature.ts';
import { predictRows } from './trained-model.ts';
import type { ModelInfo } from './types.ts';

/** All that goes into a package. */
export interface ModelToWrite {
  readonly name: string;
  readonly features: FittedFeatures;
  readonly classifier: FittedClassifier;
  /** Of the estimator, as they were configured. */
  readonly hyperparameters: JsonObject;
  /** A raw text, with its row's other columns where the features take any; the package keeps its prediction, to be reproduced wherever it is loaded. */
  readonly example: ModelInput;
  /** Of the stage that trains; null outside of a pipeline. */
  readonly fingerprint: string | null;
  /** Of the texts it was trained on; null where they are not at hand. */
  readonly profile: TrainingProfile | null;
}

/**
 * Writes a package. The description goes last, so that a folder with one is whole. The same model gives the same bytes:
 * there is no time and no path in them.
 */
export async function writeModelPackage(folder: string, model: ModelToWrite): Promise<ModelInfo> {
  const { info, weights, card, json } = packageFiles(model);
  await mkdir(folder, { recursive: true });
  await writeWhole(join(folder, weightsFile), weights);
  await writeWhole(join(folder, cardFile), card);
  await writeWhole(join(folder, descriptionFile), json);
  return info;
}

/** The content of a package's files. */
export function packageFiles(model: ModelToWrite): {
  info: ModelInfo;
  weights: Uint8Array;
  card: string;
  json: string;
} {
  const features = featuresToParts(model.features);
  const classifier = model.classifier.toParts();
  const { places, bytes } = packArrays(joinArrays(features, classifier));
  const info = describe(model, features.meta);
  const input = knownPart(model.example, model.features.inputs);
  const [prediction] = predictRows(model.features, model.classifier, [input]);
  const description = {
    format: formatName,
    ...info,
    profile: info.profile === null ? null : profileToJson(info.profile),
    classifier: classifier.meta,
    example: { ...exampleToJson(input), prediction },
    weights: { file: weightsFile, bytes: bytes.length, sha256: sha256(bytes), arrays: places },
  };
  const sealed = { ...description, sha256: descriptionHash(asJsonObject(description)) };
  return {
    info,
    weights: bytes,
    card: modelCard(info, { input, label: prediction?.label ?? '' }),
    json: `${JSON.stringify(sealed, null, 2)}\n`,
  };
}

function describe(model: ModelToWrite, features: JsonObject): ModelInfo {
  const { classes, algorithm, metrics } = model.classifier;
  return {
    formatVersion,
    name: model.name,
    algorithm,
    classes,
    createdBy: 'mlp',
    fingerprint: model.fingerprint,
    signature: signatureOf(classes.length, model.features.inputs),
    features,
    hyperparameters: model.hyperparameters,
    metrics,
    profile: model.profile,
  };
}
