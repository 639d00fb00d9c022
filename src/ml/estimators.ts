import { isJsonObject, type JsonObject, type JsonValue } from '../core/json.ts';
import { nearestNames } from '../core/nearest.ts';
import { ownName, type Algorithm } from './algorithm.ts';
import { gaussianFromParts } from './bayes/gaussian.ts';
import { naiveBayesAlgorithm } from './bayes/naive-bayes.ts';
import { presenceFromParts } from './bayes/presence-classifier.ts';
import { boostedTreesAlgorithm } from './boosting/algorithm.ts';
import { dummyAlgorithm, dummyFromParts } from './dummy/dummy.ts';
import { lightgbmAlgorithm } from './engines/lightgbm.ts';
import { xgboostAlgorithm } from './engines/xgboost.ts';
import type { ClassifierReader, Estimator } from './estimator.ts';
import { described, readGroup, text, type Field, type FieldOutcome } from './fields.ts';
import { ensembleAlgorithms } from './ensembles/algorithms.ts';
import { calibratedFromParts } from './ensembles/calibrated.ts';
import { stackingFromParts } from './ensembles/stacking.ts';
import { votingFromParts } from './ensembles/voting.ts';
import { extraTreesAlgorithm, randomForestAlgorithm } from './forest/algorithm.ts';
import { forestFromParts } from './forest/forest-classifier.ts';
import { linearSvmAlgorithm, logisticRegressionAlgorithm } from './linear/algorithms.ts';
import { linearFromParts } from './linear/linear-classifier.ts';
import { knnAlgorithm, neighboursFromParts } from './neighbours/knn.ts';
import { mlLogisticRegressionAlgorithm } from './npm-packages/ml-logistic-regression.ts';
import { mlXgboostAlgorithm } from './npm-packages/ml-xgboost.ts';
import { trainSchema } from './train-schema.ts';
import { treesFromParts } from './trees/tree-classifier.ts';

/** An estimator inside of another's hyperparameters: `{algorithm: name, ...}`, where every name must be the algorithm's own. */
const readNested: Field<Estimator> = (given) => {
  if (given === undefined) return { problem: 'is missing' };
  if (!isJsonObject(given)) return notAGroup(given);
  const chosen = chooseAlgorithm(given);
  if (!('value' in chosen)) return chosen;
  const { algorithm, unused } = chosen.value;
  const [stranger] = unused;
  if (stranger === undefined) return readEstimator(chosen.value);
  return { problem: `is no parameter of ${algorithm.name}`, below: stranger };
};

export const estimatorField = described<Estimator>(
  { type: 'object', properties: { algorithm: { type: 'string' } } },
  readNested,
);

/** All there are; the first is what params.yaml gets that names none. */
export const algorithms: readonly Algorithm[] = [
  linearSvmAlgorithm,
  logisticRegressionAlgorithm,
  naiveBayesAlgorithm,
  knnAlgorithm,
  randomForestAlgorithm,
  extraTreesAlgorithm,
  dummyAlgorithm,
  boostedTreesAlgorithm,
  lightgbmAlgorithm,
  xgboostAlgorithm,
  mlXgboostAlgorithm,
  mlLogisticRegressionAlgorithm,
  ...ensembleAlgorithms(estimatorField),
];

const readers: Readonly<Record<string, ClassifierReader>> = {
  linear: linearFromParts,
  trees: treesFromParts,
  forest: forestFromParts,
  presence: presenceFromParts,
  gaussian: gaussianFromParts,
  neighbours: neighboursFromParts,
  dummy: dummyFromParts,
  voting: votingFromParts,
  stacking: stackingFromParts,
  calibrated: calibratedFromParts,
};

/** Models inside of models inside of models: more is nobody's intention. */
const deepest = 4;

const reader =
  (depth: number): ClassifierReader =>
  (parts, known) => {
    const { kind } = parts.meta;
    const read = typeof kind === 'string' && Object.hasOwn(readers, kind) ? readers[kind] : undefined;
    if (read === undefined) return `its kind of model is not known: ${JSON.stringify(kind)}`;
    return depth < deepest ? read(parts, known, reader(depth + 1)) : read(parts, known);
  };

/** Reads back a fitted classifier of any algorithm; a text says what is wrong with its parts. */
export const classifierFromParts: ClassifierReader = reader(1);

/** What params.yaml says under `train`. */
export interface Training {
  /** Of the model. */
  readonly name: string;
  readonly estimator: Estimator;
  /** Names that are given for other algorithms than the one in use, so that changing `algorithm` alone is enough to compare. */
  readonly unused: readonly string[];
}

const nameField = text('model');

const readTraining: Field<Training> = (given = {}) => {
  if (!isJsonObject(given)) return notAGroup(given);
  const { name: givenName, ...rest } = given;
  const name = nameField(givenName);
  if (!('value' in name)) return { ...name, below: 'name' };
  const chosen = chooseAlgorithm(rest);
  if (!('value' in chosen)) return chosen;
  const made = readEstimator(chosen.value);
  if (!('value' in made)) return made;
  return { value: { name: name.value, estimator: made.value, unused: chosen.value.unused } };
};

/** The group `train`: `name`, `algorithm`, and the hyperparameters of that algorithm beside them. */
export const trainField = described<Training>(trainSchema(nameField, algorithms), readTraining);

interface Chosen {
  readonly algorithm: Algorithm;
  /** Its hyperparameters, as they are given, by its own names. */
  readonly own: JsonObject;
  /** Of each of them: the name that it was given by. */
  readonly givenAs: Readonly<Record<string, string>>;
  readonly unused: readonly string[];
}

function chooseAlgorithm(given: JsonObject): FieldOutcome<Chosen> {
  const { algorithm: wanted = algorithms[0]?.name, ...rest } = given;
  const names = algorithms.map(({ name }) => name);
  const found = algorithms.find(({ name }) => name === wanted);
  if (found === undefined) {
    const near = typeof wanted === 'string' ? nearestNames(wanted, names) : [];
    const problem = `must be one of ${names.join(', ')}, not ${JSON.stringify(wanted)}`;
    return { problem, near, below: 'algorithm' };
  }
  const own: Record<string, JsonValue> = {};
  const givenAs: Record<string, string> = {};
  const unused: string[] = [];
  for (const [name, value] of Object.entries(rest)) {
    const field = ownName(found, name);
    if (field !== undefined) {
      const twin = givenAs[field];
      if (twin !== undefined)
        return { problem: `and ${twin} are names of one parameter: give one of them`, below: name };
      own[field] = value;
      givenAs[field] = name;
    } else if (algorithms.some((other) => ownName(other, name) !== undefined)) unused.push(name);
    else {
      const known = ['name', 'algorithm', ...Object.keys(found.fields), ...Object.keys(found.aliases)];
      return { problem: `is no parameter of ${found.name}`, near: nearestNames(name, known), below: name };
    }
  }
  return { value: { algorithm: found, own, givenAs, unused } };
}

/** What is wrong is told of the name that was given. */
function readEstimator({ algorithm, own, givenAs }: Chosen): FieldOutcome<Estimator> {
  const values = readGroup(own, algorithm.fields);
  if ('value' in values) return { value: algorithm.create(values.value) };
  const [first = '', ...rest] = values.below?.split('.') ?? [];
  return { ...values, below: [givenAs[first] ?? first, ...rest].join('.') };
}

const notAGroup = (given: JsonValue): FieldOutcome<never> => ({
  problem: `must be a group of names and values, not ${JSON.stringify(given)}`,
});
