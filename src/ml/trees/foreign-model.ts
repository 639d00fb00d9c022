import { failure } from '../../core/failure.ts';
import type { Result } from '../../core/result.ts';
import { err, ok } from '../../core/result.ts';
import { readBytes } from '../io/files.ts';
import { treesFromLightgbm } from './lightgbm-model.ts';
import { treeClassifier, type TreeClassifier } from './tree-classifier.ts';
import { treesFromXgboost } from './xgboost-model.ts';

/**
 * Reads a model that LightGBM saved as text or XGBoost as JSON or UBJSON, wherever it was trained. `classes` are the names of its labels 0, 1, ... in
 * that order.
 */
export async function readTreeModel(file: string, classes: readonly string[]): Promise<Result<TreeClassifier>> {
  const bytes = await readBytes(file);
  if (!bytes.ok) return bytes;
  const invalid = (problem: string): Result<never> => err(failure('tree-model-invalid', { file, problem }));
  const isLightgbm = bytes.value.subarray(0, 4).toString() === 'tree';
  const trees = isLightgbm ? treesFromLightgbm(bytes.value.toString()) : treesFromXgboost(bytes.value);
  if (typeof trees === 'string') return invalid(trees);
  const metrics = { trees: trees.roots.length, leaves: trees.leaves.length };
  const classifier = treeClassifier({ algorithm: trees.rules, classes, metrics }, trees);
  return typeof classifier === 'string' ? invalid(classifier) : ok(classifier);
}
