import { isJsonObject, type JsonObject, type JsonValue } from '../../core/json.ts';
import type { TreeEnsemble } from './ensemble.ts';
import { flattenTrees, type StoredTree } from './flatten.ts';
import { parseUbjson } from './ubjson.ts';
import { storedTree } from './xgboost-tree.ts';

/**
 * Reads an XGBoost model (`save_model` as JSON or UBJSON, from 1.3 to 3.x): boosters gbtree and dart, objectives binary:logistic, multi:softprob
 * and multi:softmax, numerical splits. All of its trees count, as in `Booster.predict`, or those of the first iterations. A text says what is wrong with it.
 */
export function treesFromXgboost(bytes: Uint8Array, iterations = Infinity): TreeEnsemble | string {
  const model = parseModel(bytes);
  if (typeof model === 'string') return model;
  const learner = below(model, 'learner');
  const booster = below(learner, 'gradient_booster');
  const params = below(learner, 'learner_model_param');
  const dart = booster?.['name'] === 'dart' ? booster : undefined;
  const boosted = below(dart === undefined ? booster : below(dart, 'gbtree'), 'model');
  if (learner === undefined || params === undefined || boosted === undefined)
    return 'it does not hold trees of XGBoost';
  const columns = Number(params['num_feature']);
  const link = readLink(below(learner, 'objective')?.['name'], params);
  if (typeof link === 'string') return link;
  const trees = readTrees(boosted, dart?.['weight_drop']);
  if (typeof trees === 'string') return trees;
  const none = new Int32Array(0);
  const { base } = link;
  const rest = { columns, outputs: base.length, base, divisor: 1, sharpness: 1, categoryEnds: none, categories: none };
  const ends = boosted['iteration_indptr'];
  const kept = isNumbers(ends) && iterations < ends.length ? trees.slice(0, ends[iterations]) : trees;
  return flattenTrees(kept, { rules: 'xgboost', ...rest });
}

function parseModel(bytes: Uint8Array): JsonObject | string {
  const [first, second] = bytes;
  // UBJSON writes the length of a key right behind the brace, JSON a quote or white space.
  const isText = first === 0x7b && (second === 0x22 || second === 0x20 || second === 0x0a || second === 0x0d);
  try {
    const value = isText ? (JSON.parse(new TextDecoder().decode(bytes)) as JsonValue) : parseUbjson(bytes);
    return typeof value === 'string' ? value : isJsonObject(value) ? value : 'it is no XGBoost model';
  } catch {
    return 'it is neither JSON nor UBJSON';
  }
}

const below = (value: JsonObject | undefined, name: string): JsonObject | undefined => {
  const found = value !== undefined && Object.hasOwn(value, name) ? value[name] : undefined;
  return isJsonObject(found) ? found : undefined;
};

/** Where each margin's sum begins, in float32; XGBoost keeps it as a probability where there are two classes. */
function readLink(objective: JsonValue | undefined, params: JsonObject): { readonly base: Float64Array } | string {
  const scores = readBaseScore(params['base_score']);
  if (scores === undefined) return 'its base_score is broken';
  const [first = 0.5] = scores;
  if (objective === 'binary:logistic') {
    return { base: Float64Array.of(Math.fround(-Math.log(1 / Math.fround(first) - 1))) };
  }
  if (objective !== 'multi:softprob' && objective !== 'multi:softmax') {
    return `its objective ${JSON.stringify(objective)} is none of binary:logistic, multi:softprob and multi:softmax`;
  }
  const classes = Number(params['num_class']);
  if (!Number.isSafeInteger(classes) || classes < 2 || classes > 10_000) return 'its number of classes is broken';
  if (scores.length !== 1 && scores.length !== classes) return 'its base_score does not fit its classes';
  return { base: Float64Array.from({ length: classes }, (_, c) => Math.fround(scores[c] ?? first)) };
}

/** One number before XGBoost 3.1 (`5E-1`), since then a list of them (`[3E-1,-2E-2]`), as text. */
function readBaseScore(given: JsonValue | undefined): readonly number[] | undefined {
  if (typeof given !== 'string') return undefined;
  const scores = given
    .replace(/^\[|\]$/g, '')
    .split(',')
    .map(Number);
  return scores.every(Number.isFinite) ? scores : undefined;
}

function readTrees(model: JsonObject, dropped: JsonValue | undefined): StoredTree[] | string {
  const { trees: given, tree_info: outputs } = model;
  if (!Array.isArray(given) || !isNumbers(outputs) || given.length !== outputs.length) return 'its trees are missing';
  const trees: StoredTree[] = [];
  for (const [number, tree] of (given as readonly JsonValue[]).entries()) {
    const weight = isNumbers(dropped) ? (dropped[number] ?? 1) : 1;
    const read = isJsonObject(tree) ? readTree(tree, outputs[number] ?? 0, weight) : 'it is none';
    if (typeof read === 'string') return `tree ${number}: ${read}`;
    trees.push(read);
  }
  return trees;
}

const isNumbers = (value: JsonValue | undefined): value is readonly number[] =>
  Array.isArray(value) && (value as readonly JsonValue[]).every((item) => typeof item === 'number');

function readTree(tree: JsonObject, output: number, weight: number): StoredTree | string {
  const { left_children: left, right_children: right, split_indices: feature, split_conditions: limits } = tree;
  const { default_left: defaults, loss_changes: gain, split_type: types, sum_hessian: hessians } = tree;
  if (!isNumbers(left) || !isNumbers(right) || !isNumbers(feature) || !isNumbers(limits)) return 'a list is missing';
  const missingLeft = Array.isArray(defaults) ? (defaults as readonly JsonValue[]) : [];
  const lists = [right, feature, limits, missingLeft];
  if (lists.some((list) => list.length !== left.length) || left.length === 0) return 'its lists differ in length';
  if (isNumbers(types) && types.some((type) => type !== 0)) return 'splits by category are not supported';
  if (Number(below(tree, 'tree_param')?.['size_leaf_vector'] ?? 1) > 1)
    return 'leaves of several numbers are not supported';
  const isMissingLeft = missingLeft.map((value) => value === true || value === 1);
  const known = { gain: isNumbers(gain) ? gain : [], hessians: isNumbers(hessians) ? hessians : [] };
  return storedTree({ left, right, feature, limits, isMissingLeft, ...known }, { output, weight });
}
