import { failure } from '../../core/failure.ts';
import type { Result } from '../../core/result.ts';
import { err, ok } from '../../core/result.ts';
import { algorithm } from '../algorithm.ts';
import type { Estimator, FitControl, FittedClassifier, TrainingSet } from '../estimator.ts';
import { real, whole } from '../fields.ts';
import { seedField } from '../hyperparameters.ts';
import { treeClassifier } from '../trees/tree-classifier.ts';
import { treesFromXgboostBinary } from '../trees/xgboost-binary.ts';
import { findPackage, type FindPackage } from './find-package.ts';
import { fullRows, noClassWeight, rowsOf, timesOfRows } from './full-rows.ts';
import { onOwnThread } from './own-thread.ts';
import { trainXgboost, type XgboostOptions } from './xgboost-thread.ts';

const name = 'ml_xgboost';
const npmPackage = 'ml-xgboost';
const instead = 'xgboost';

/** The package hands rows and labels over through its stack of 5 MB, 4 bytes a number; the rest of the stack is for its own calls. */
const mostNumbers = 1_200_000;

type Params = Readonly<Record<string, number>>;

/** XGBoost 0.7 as the npm package ml-xgboost brings it, with the package's defaults; what it trained predicts without it. */
export const mlXgboostAlgorithm = algorithm(
  name,
  {
    iterations: whole({ min: 1, max: 100_000 }, 200),
    eta: real({ above: 0, max: 1 }, 0.1),
    max_depth: whole({ min: 1, max: 30 }, 5),
    min_child_weight: real({ min: 0 }, 1),
    gamma: real({ min: 0 }, 0),
    max_delta_step: real({ min: 0 }, 0),
    subsample: real({ above: 0, max: 1 }, 0.5),
    colsample_bytree: real({ above: 0, max: 1 }, 1),
    colsample_bylevel: real({ above: 0, max: 1 }, 1),
    lambda: real({ min: 0 }, 1),
    alpha: real({ min: 0 }, 0),
    class_weight: noClassWeight,
    seed: seedField,
  },
  ({ class_weight: _, ...params }) => mlXgboost(params),
);

export function mlXgboost(params: Params, find: FindPackage = findPackage): Estimator {
  return { algorithm: name, params, fit: async (data, control = {}) => fit({ params, find }, data, control) };
}

interface Given {
  readonly params: Params;
  readonly find: FindPackage;
}

async function fit(given: Given, data: TrainingSet, control: FitControl): Promise<Result<FittedClassifier>> {
  const times = timesOfRows(data, npmPackage);
  if (!times.ok) return times;
  const [rows, { columns }] = [rowsOf(times.value), data.x];
  if (rows * (columns + 1) > mostNumbers) {
    const problem = `${rows} rows x ${columns} columns, while ${npmPackage} holds ${mostNumbers} numbers with the labels`;
    return err(failure('npm-package-limit', { algorithm: name, problem, instead }));
  }
  const path = given.find(npmPackage);
  if (path === undefined) return err(failure('npm-package-missing', { algorithm: name, package: npmPackage, instead }));
  const task = { path, ...fullRows(data, times.value), options: optionsOf(given.params, data) };
  const trained = await onOwnThread(trainXgboost, task, control);
  if (trained === undefined) return err(failure('fit-cancelled', { algorithm: name }));
  const model = 'answer' in trained ? classifierOf(trained.answer, data.classes) : trained.problem;
  return typeof model === 'string'
    ? err(failure('npm-package-failed', { package: npmPackage, problem: model }))
    : ok(model);
}

const optionsOf = (params: Params, { classes }: TrainingSet): XgboostOptions => ({
  ...params,
  booster: 'gbtree',
  // So that it says when a tree is done, which is all that can be heard of it.
  silent: 0,
  ...(classes.length === 2
    ? { objective: 'binary:logistic' }
    : { objective: 'multi:softprob', num_class: classes.length }),
});

/** What the package saved, as arrays; a text says what is wrong with it. */
function classifierOf(model: Uint8Array, classes: readonly string[]): FittedClassifier | string {
  const trees = treesFromXgboostBinary(model);
  if (typeof trees === 'string') return trees;
  const metrics = { trees: trees.roots.length };
  return treeClassifier({ algorithm: name, classes, metrics }, trees);
}
