import { isJsonObject } from '../../core/json.ts';
import type { JsonObject, JsonValue } from '../../core/json.ts';
import { profileFromJson } from '../features/profile.ts';
import { asWeightsRecord, descriptionHash, formatName } from './format.ts';
import type { WeightsRecord } from './format.ts';
import { formatVersion, isReadableVersion, migrate } from './migrations.ts';
import { exampleFromJson } from '../columns/example.ts';
import { signatureOf } from './signature.ts';
import type { Example } from './trained-model.ts';
import type { ModelInfo } from './types.ts';

/** model.json, checked as far as it can be without the weights. */
export interface Description {
  readonly info: ModelInfo;
  readonly classifier: JsonObject;
  readonly example: Example;
  readonly weights: WeightsRecord;
}

/** Levels of lists and maps in model.json; descriptions have about six. */
const mostNesting = 64;

/** More classes than any model here has; keeps hostile counts small. */
const mostClasses = 10_000;

/** Reads model.json's text; a text given back says what is wrong with it. */
export function parseDescription(json: string): Description | string {
  let given: JsonValue;
  try {
    given = JSON.parse(json) as JsonValue;
  } catch {
    return 'model.json is not JSON';
  }
  if (!isJsonObject(given) || given['format'] !== formatName) return 'model.json does not describe a model package';
  if (isDeep(given)) return 'model.json is nested deeper than any description';
  const { formatVersion: version } = given;
  if (!isReadableVersion(version)) {
    return `its format version is ${JSON.stringify(version)}; this program reads versions 1 to ${formatVersion}`;
  }
  if (given['sha256'] !== descriptionHash(given))
    return 'model.json was changed after it was written (its SHA-256 differs)';
  return parseCurrent(migrate(given, version), version);
}

/** Walks without recursion, which deep nesting would exhaust; what comes after recurses. */
function isDeep(value: JsonValue): boolean {
  let level: readonly JsonValue[] = [value];
  for (let depth = 0; depth < mostNesting; depth++) {
    level = level.flatMap((each) => (typeof each === 'object' && each !== null ? Object.values<JsonValue>(each) : []));
    if (level.length === 0) return false;
  }
  return true;
}

/** `version` is the one that stands in the file. */
function parseCurrent(given: JsonObject, version: number): Description | string {
  const info = parseInfo(given, version);
  if (typeof info === 'string') return info;
  const weights = asWeightsRecord(given['weights']);
  if (weights === undefined) return 'model.json does not describe its weights';
  if (!isJsonObject(given['classifier'])) return 'model.json does not describe its classifier';
  const example = parseExample(given['example'], info.classes);
  if (example === undefined) return 'its example is broken';
  return { info, classifier: given['classifier'], example, weights };
}

function parseInfo(given: JsonObject, version: number): ModelInfo | string {
  const { name, algorithm, classes, createdBy, fingerprint, features, hyperparameters, metrics } = given;

  if (typeof name !== 'string' || typeof algorithm !== 'string' || typeof createdBy !== 'string') {
    return 'its name, algorithm or maker is missing';
  }
  if (!isNames(classes) || classes.length < 2 || classes.length > mostClasses) return 'its classes are broken';
  if (new Set(classes).size !== classes.length) return 'a class is named twice';
  if (fingerprint !== null && typeof fingerprint !== 'string') return 'its fingerprint is broken';
  if (!isJsonObject(features) || !isJsonObject(hyperparameters)) return 'its features or hyperparameters are missing';
  if (!isJsonObject(metrics) || !Object.values(metrics).every((value) => Number.isFinite(value))) {
    return 'its metrics are broken';
  }
  const profile = given['profile'] === null ? null : profileFromJson(given['profile'], classes.length);
  if (profile === undefined) return 'the profile of its training data is broken';
  return {
    formatVersion: version,
    name,
    algorithm,
    classes,
    createdBy,
    fingerprint,
    // Which columns it takes beside the text is known by its features.
    signature: signatureOf(classes.length, []),
    features,
    hyperparameters,
    metrics: metrics as Readonly<Record<string, number>>,
    profile,
  };
}

function parseExample(given: JsonValue | undefined, classes: readonly string[]): Example | undefined {
  if (!isJsonObject(given) || !isJsonObject(given['prediction'])) return undefined;
  const input = exampleFromJson(given);
  if (input === undefined) return undefined;
  const { label, probabilities } = given['prediction'];
  if (typeof label !== 'string' || !classes.includes(label)) return undefined;
  if (!Array.isArray(probabilities) || probabilities.length !== classes.length) return undefined;
  if (!probabilities.every((value) => Number.isFinite(value))) return undefined;
  return { input, prediction: { label, probabilities: probabilities as readonly number[] } };
}

const isNames = (value: JsonValue | undefined): value is readonly string[] =>
  Array.isArray(value) && value.every((name) => typeof name === 'string' && name !== '');
