import { nodeFlags, type TreeEnsemble } from './ensemble.ts';
import { flattenTrees, type StoredTree } from './flatten.ts';

/**
 * Reads a LightGBM text model (`save_model`, version v3 or v4) of one of the objectives `binary` and `multiclass`, of any boosting.
 * Follows Tree::ToString and GBDT::LoadModelFromString of LightGBM 4. A text says what is wrong with it.
 */
export function treesFromLightgbm(text: string): TreeEnsemble | string {
  const blocks = blocksOf(text);
  const head = blocks[0] ?? new Map<string, string>();
  if (!text.startsWith('tree\n') && !text.startsWith('tree\r\n')) return 'it does not begin as a LightGBM text model';
  const columns = Number(head.get('max_feature_idx') ?? NaN) + 1;
  const outputs = Number(head.get('num_tree_per_iteration') ?? NaN);
  if (!Number.isSafeInteger(columns) || columns < 1) return 'its max_feature_idx is missing';
  const objective = readObjective(head.get('objective') ?? '', outputs);
  if (typeof objective === 'string') return objective;
  const sets = { ends: [] as number[], bits: [] as number[] };
  const trees: StoredTree[] = [];
  for (const block of blocks.slice(1)) {
    const tree = readTree(block, trees.length % outputs, sets);
    if (typeof tree === 'string') return `tree ${trees.length}: ${tree}`;
    trees.push(tree);
  }
  if (trees.length === 0 || trees.length % outputs !== 0) return `it has ${trees.length} trees for ${outputs} classes`;
  return flattenTrees(trees, {
    rules: 'lightgbm',
    columns,
    outputs,
    base: new Float64Array(outputs),
    divisor: head.has('average_output') ? trees.length / outputs : 1,
    sharpness: objective.sharpness,
    categoryEnds: Int32Array.from(sets.ends),
    categories: Int32Array.from(sets.bits),
  });
}

type Block = ReadonlyMap<string, string>;

/** The head, then one block a tree: lines `name=value`. */
function blocksOf(text: string): Block[] {
  const end = text.indexOf('\nend of trees');
  const body = end < 0 ? text : text.slice(0, end);
  return body.split(/^Tree=/m).map((block) => {
    const lines = block.split('\n').map((line) => line.trim());
    return new Map(
      lines.map((line) => {
        const at = line.indexOf('=');
        return at < 0 ? [line, ''] : [line.slice(0, at), line.slice(at + 1)];
      }),
    );
  });
}

function readObjective(objective: string, outputs: number): { readonly sharpness: number } | string {
  const [name = '', ...options] = objective.split(' ');
  if (name === 'multiclass' && Number.isSafeInteger(outputs) && outputs >= 2) return { sharpness: 1 };
  if (name !== 'binary' || outputs !== 1) return `its objective "${objective}" is neither binary nor multiclass`;
  const sigmoid = options.find((option) => option.startsWith('sigmoid:'));
  return { sharpness: sigmoid === undefined ? 1 : Number(sigmoid.slice('sigmoid:'.length)) };
}

interface Sets {
  readonly ends: number[];
  readonly bits: number[];
}

function readTree(block: Block, output: number, sets: Sets): StoredTree | string {
  const count = Number(block.get('num_leaves') ?? NaN);
  if (!Number.isSafeInteger(count) || count < 1) return 'its num_leaves is missing';
  if ((block.get('is_linear') ?? '0') !== '0') return 'linear trees (linear_tree) are not supported';
  const numbers = (name: string): number[] => listOf(block.get(name));
  const leaves = numbers('leaf_value');
  const nodes = count - 1;
  const feature = nodes === 0 ? [] : numbers('split_feature');
  const threshold = nodes === 0 ? [] : numbers('threshold');
  const decisions = nodes === 0 ? [] : numbers('decision_type');
  const left = nodes === 0 ? [] : numbers('left_child');
  const right = nodes === 0 ? [] : numbers('right_child');
  const gain = nodes === 0 ? [] : numbers('split_gain');
  if (leaves.length !== count) return `it has ${leaves.length} leaf values for ${count} leaves`;
  const lists = [feature, threshold, decisions, left, right, gain];
  if (lists.some((list) => list.length !== nodes)) return `its lists do not have ${nodes} entries`;
  const firstSet = sets.ends.length;
  const problem = readSets(block, sets);
  if (problem !== undefined) return problem;
  return {
    output,
    root: nodes === 0 ? ~0 : 0,
    feature: Int32Array.from(feature),
    threshold: Float64Array.from(threshold, (limit, node) =>
      isCategorical(decisions[node] ?? 0) ? limit + firstSet : limit,
    ),
    left: Int32Array.from(left),
    right: Int32Array.from(right),
    flags: Uint8Array.from(decisions, (decision, node) => flagsOf(decision, threshold[node] ?? 0)),
    // A split may have gained more than a number holds: LightGBM writes it as inf.
    gain: Float32Array.from(gain, (value) => (Number.isFinite(value) ? value : 0)),
    leaves: Float64Array.from(leaves),
    cover: Float32Array.from(count === 1 ? [1] : numbers('leaf_count')),
  };
}

const listOf = (line: string | undefined): number[] =>
  line === undefined || line === '' ? [] : line.split(' ').map(numberOf);

/** C++ writes infinity in a way of its own. */
const numberOf = (text: string): number => (text === 'inf' ? Infinity : text === '-inf' ? -Infinity : Number(text));

const isCategorical = (decision: number): boolean => (decision & 1) !== 0;

/** A decision's bits: 0 categorical, 1 missing goes left, 2 and 3 what is missing (0 nothing, so that NaN is 0; 1 zero; 2 NaN). */
function flagsOf(decision: number, limit: number): number {
  if (isCategorical(decision)) return nodeFlags.categorical;
  const missingLeft = (decision & 2) !== 0;
  const missing = (decision >> 2) & 3;
  if (missing === 0) return limit >= 0 ? nodeFlags.nanLeft : 0;
  const nan = missingLeft ? nodeFlags.nanLeft : 0;
  if (missing === 2) return nan;
  return nan | nodeFlags.zeroMissing | (missingLeft ? nodeFlags.zeroLeft : 0);
}

/** Puts the tree's sets of categories behind those of the trees before. */
function readSets(block: Block, sets: Sets): string | undefined {
  if (Number(block.get('num_cat') ?? 0) === 0) return undefined;
  const bounds = listOf(block.get('cat_boundaries'));
  const words = listOf(block.get('cat_threshold'));
  const first = sets.bits.length;
  if (bounds[0] !== 0 || bounds.at(-1) !== words.length) return 'its sets of categories are broken';
  for (const end of bounds.slice(1)) sets.ends.push(first + end);
  for (const word of words) sets.bits.push(word | 0);
  return undefined;
}
