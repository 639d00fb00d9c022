import { nodeFlags } from './ensemble.ts';
import type { StoredTree } from './flatten.ts';

/** One tree as XGBoost lists it: nodes and leaves are numbered together, and a leaf's value stands where a node has its limit. */
export interface NodeLists {
  /** -1 for a leaf. */
  readonly left: readonly number[];
  readonly right: readonly number[];
  readonly feature: readonly number[];
  readonly limits: readonly number[];
  readonly isMissingLeft: readonly boolean[];
  /** Both empty where they are not known. */
  readonly gain: readonly number[];
  readonly hessians: readonly number[];
}

/** The same tree with leaves numbered by themselves; `weight` is what each leaf is multiplied by. */
export function storedTree(lists: NodeLists, { output, weight }: { output: number; weight: number }): StoredTree {
  const { left, right, feature, limits, isMissingLeft, gain, hessians } = lists;
  const leaves: number[] = [];
  const leafOf = limits.map((value, node) => (left[node] === -1 ? leaves.push(leafValue(value, weight)) - 1 : -1));
  const child = (node: number): number => {
    const leaf = leafOf[node] ?? -1;
    return leaf < 0 ? node : ~leaf;
  };
  return {
    output,
    root: child(0),
    feature: Int32Array.from(feature),
    threshold: Float64Array.from(limits, (limit) => floatBelow(limit)),
    left: Int32Array.from(left, (node) => child(node)),
    right: Int32Array.from(right, (node) => child(node)),
    flags: Uint8Array.from(isMissingLeft, (isLeft) => (isLeft ? nodeFlags.nanLeft : 0)),
    gain: Float32Array.from(left, (_, node) => gain[node] ?? 0),
    leaves: Float64Array.from(leaves),
    cover: Float32Array.from(hessians.filter((_, node) => left[node] === -1)),
  };
}

const leafValue = (value: number, weight: number): number => Math.fround(Math.fround(value) * Math.fround(weight));

const float = new DataView(new ArrayBuffer(4));

/** The float32 before a number: XGBoost goes left below its limit, and our walk up to it. */
function floatBelow(limit: number): number {
  float.setFloat32(0, limit);
  const bits = float.getInt32(0);
  if (limit === 0) float.setInt32(0, 0x80000001 | 0);
  else float.setInt32(0, bits + (limit > 0 ? -1 : 1));
  return float.getFloat32(0);
}
