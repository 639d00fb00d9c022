import { nodeFlags } from '../trees/ensemble.ts';
import type { TreeEnsemble } from '../trees/ensemble.ts';
import { attribute, cast, node, tensor } from './graph.ts';
import type { Scoring } from './scoring.ts';

/** Nodes of all trees as TreeEnsembleRegressor wants them: lists of equal length, leaves among the nodes. */
interface Lists {
  readonly tree: number[];
  readonly id: number[];
  readonly feature: number[];
  readonly mode: string[];
  readonly limit: number[];
  readonly yes: number[];
  readonly no: number[];
  readonly missingYes: number[];
  /** Of each leaf: its tree, number, margin and value. */
  readonly leafTree: number[];
  readonly leafId: number[];
  readonly target: number[];
  readonly weight: number[];
}

/**
 * Trees as the operator TreeEnsembleRegressor of ai.onnx.ml 3, whose sums become scores. XGBoost's compare in float32, as the library does. The operator has no sets of
 * categories and no zeros that count as missing: such trees are refused.
 */
export function treeNodes(trees: TreeEnsemble): Scoring | string {
  const { flags, rules, outputs, base, divisor, sharpness } = trees;
  if (flags.some((own) => (own & nodeFlags.categorical) !== 0)) return 'its trees ask for categories';
  if (flags.some((own) => (own & nodeFlags.zeroMissing) !== 0)) return 'its trees take zeros for missing values';
  const lists: Lists = {
    ...{ tree: [], id: [], feature: [], mode: [], limit: [], yes: [], no: [], missingYes: [] },
    ...{ leafTree: [], leafId: [], target: [], weight: [] },
  };
  for (let tree = 0; tree < trees.roots.length; tree++) listTree(trees, tree, lists);
  const single = rules === 'xgboost';
  return {
    nodes: [
      ...(single ? [cast('features', 'values', 'float')] : []),
      node({
        op: 'TreeEnsembleRegressor',
        domain: 'ai.onnx.ml',
        inputs: [single ? 'values' : 'features'],
        output: 'sums',
        attributes: attributesOf(lists, outputs, single),
      }),
      cast('sums', 'sums64', 'double'),
      node({ op: 'Add', inputs: ['sums64', 'base'], output: 'margins' }),
      node({ op: 'Div', inputs: ['margins', 'divisor'], output: 'scores' }),
    ],
    constants: [tensor('base', [outputs], base), tensor('divisor', [1], Float64Array.of(divisor))],
    outputs,
    sharpness,
    absent: single ? 'NaN' : '0',
  };
}

/** Numbers a tree's nodes and leaves from its root on, without recursion: trees may be as deep as they have nodes. */
function listTree(trees: TreeEnsemble, tree: number, lists: Lists): void {
  const { feature, threshold, left, right, flags, leaves, roots, outputOf } = trees;
  const found = [roots[tree] ?? -1];
  for (let id = 0; id < found.length; id++) {
    const at = found[id] ?? -1;
    const isLeaf = at < 0;
    lists.tree.push(tree);
    lists.id.push(id);
    lists.mode.push(isLeaf ? 'LEAF' : 'BRANCH_LEQ');
    lists.feature.push(isLeaf ? 0 : (feature[at] ?? 0));
    lists.limit.push(isLeaf ? 0 : (threshold[at] ?? 0));
    lists.missingYes.push(isLeaf ? 0 : (flags[at] ?? 0) & nodeFlags.nanLeft);
    lists.yes.push(isLeaf ? 0 : found.length);
    lists.no.push(isLeaf ? 0 : found.length + 1);
    if (!isLeaf) found.push(left[at] ?? -1, right[at] ?? -1);
    else {
      lists.leafTree.push(tree);
      lists.leafId.push(id);
      lists.target.push(outputOf[tree] ?? 0);
      lists.weight.push(leaves[~at] ?? 0);
    }
  }
}

function attributesOf(lists: Lists, outputs: number, single: boolean): Uint8Array[] {
  const reals = (name: string, values: readonly number[]): Uint8Array =>
    attribute.tensor(
      `${name}_as_tensor`,
      tensor('', [values.length], single ? Float32Array.from(values) : Float64Array.from(values)),
    );
  return [
    attribute.number('n_targets', outputs),
    attribute.text('aggregate_function', 'SUM'),
    attribute.text('post_transform', 'NONE'),
    attribute.numbers('nodes_treeids', lists.tree),
    attribute.numbers('nodes_nodeids', lists.id),
    attribute.numbers('nodes_featureids', lists.feature),
    attribute.texts('nodes_modes', lists.mode),
    reals('nodes_values', lists.limit),
    attribute.numbers('nodes_truenodeids', lists.yes),
    attribute.numbers('nodes_falsenodeids', lists.no),
    attribute.numbers('nodes_missing_value_tracks_true', lists.missingYes),
    attribute.numbers('target_treeids', lists.leafTree),
    attribute.numbers('target_nodeids', lists.leafId),
    attribute.numbers('target_ids', lists.target),
    reals('target_weights', lists.weight),
  ];
}
