import type { TreeEnsemble } from './ensemble.ts';
import { flattenTrees, type StoredTree } from './flatten.ts';
import { storedTree } from './xgboost-tree.ts';

/** Sizes of the structures in C++, as they are written to the file. */
const size = { learner: 136, booster: 160, tree: 148, node: 20, statistics: 16 };

/** Bytes end where a structure should begin. */
class Truncated extends Error {}

/**
 * Reads the binary models that XGBoost wrote until 3.0, as version 0.7 (2018) lays them out: LearnerModelParam, names of objective and booster,
 * GBTreeModelParam, then of each tree its TreeParam, nodes and statistics (`src/learner.cc`, `src/gbm/gbtree.cc`, `include/xgboost/tree_model.h` of that
 * version). Only what it was trained on says what an absent column means: here the rows were full, so that one which a sparse row does not hold is zero.
 * A text says what is wrong with it.
 */
export function treesFromXgboostBinary(bytes: Uint8Array): TreeEnsemble | string {
  try {
    return readModel(new Reader(bytes));
  } catch (error) {
    if (error instanceof Truncated) return 'it ends too early';
    throw error;
  }
}

/** Takes structure after structure, each inside of the bytes. */
class Reader {
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** The next `length` bytes. */
  take(length: number): DataView {
    if (length > this.#view.byteLength - this.#at) throw new Truncated();
    const taken = new DataView(this.#view.buffer, this.#view.byteOffset + this.#at, length);
    this.#at += length;
    return taken;
  }

  /** A text behind its length, a 64-bit number. */
  text(): string {
    const length = Number(this.take(8).getBigUint64(0, true));
    return new TextDecoder().decode(this.take(length));
  }
}

function readModel(reader: Reader): TreeEnsemble | string {
  const learner = reader.take(size.learner);
  const [score, columns, classes] = [
    learner.getFloat32(0, true),
    learner.getUint32(4, true),
    learner.getInt32(8, true),
  ];
  const [objective, kind] = [reader.text(), reader.text()];
  if (objective !== 'binary:logistic' && objective !== 'multi:softprob')
    return `its objective "${objective}" is neither binary:logistic nor multi:softprob`;
  if (kind !== 'gbtree') return `its booster "${kind}" is not gbtree`;
  const outputs = objective === 'binary:logistic' ? 1 : classes;
  if (outputs < 1 || outputs > 10_000) return 'its number of classes is broken';
  const count = reader.take(size.booster).getInt32(0, true);
  if (count < 0) return 'its number of trees is broken';
  const trees: StoredTree[] = [];
  for (let number = 0; number < count; number++) {
    const tree = readTree(reader);
    if (typeof tree === 'string') return `tree ${number}: ${tree}`;
    trees.push(tree);
  }
  const outputOf = reader.take(count * 4);
  const sorted = trees.map((tree, number) => ({ ...tree, output: outputOf.getInt32(number * 4, true) }));
  // Kept as a margin, also where there are two classes. Minus zero is what a half gives there.
  const base = new Float64Array(outputs).fill(score === 0 ? 0 : score);
  const none = new Int32Array(0);
  const rest = { columns, outputs, base, divisor: 1, sharpness: 1, categoryEnds: none, categories: none };
  return flattenTrees(sorted, { rules: 'xgboost', ...rest });
}

/** One tree, whose output stands behind all trees. */
function readTree(reader: Reader): StoredTree | string {
  const header = reader.take(size.tree);
  const [roots, nodes, leafVector] = [header.getInt32(0, true), header.getInt32(4, true), header.getInt32(20, true)];
  if (roots !== 1 || nodes < 1) return 'it has no root, or several';
  if (leafVector !== 0) return 'leaves of several numbers are not supported';
  const own = reader.take(nodes * size.node);
  const statistics = reader.take(nodes * size.statistics);
  const listOf = (read: (node: number) => number): number[] => Array.from({ length: nodes }, (_, node) => read(node));
  const limits = listOf((node) => own.getFloat32(node * size.node + 16, true));
  const lists = {
    left: listOf((node) => own.getInt32(node * size.node + 4, true)),
    right: listOf((node) => own.getInt32(node * size.node + 8, true)),
    // The highest bit says where missing values go, of which there were none.
    feature: listOf((node) => own.getUint32(node * size.node + 12, true) & 0x7fff_ffff),
    limits,
    isMissingLeft: limits.map((limit) => limit > 0),
    gain: listOf((node) => statistics.getFloat32(node * size.statistics, true)),
    hessians: listOf((node) => statistics.getFloat32(node * size.statistics + 4, true)),
  };
  return storedTree(lists, { output: 0, weight: 1 });
}
