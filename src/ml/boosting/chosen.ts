import type { TouchedSlots } from './histogram.ts';
import type { Candidates } from './tree-params.ts';

/** Those of the candidates that one node may look at: a list of its own, so that the others are not lost to the nodes below. */
export function chosenCandidates(all: Candidates, chosen: Uint8Array): Candidates {
  const features = all.features.subarray(0, all.length).filter((feature) => chosen[feature] === 1);
  return { features, isOne: all.isOne.slice(), length: features.length };
}

/** As `chosenCandidates`, of a list of slots. */
export function chosenSlots(
  { slots, sums, length }: TouchedSlots,
  featureOf: Int32Array,
  chosen: Uint8Array,
): TouchedSlots {
  const own = { slots: new Int32Array(length), sums: new Int32Array(length << 1), length: 0 };
  for (let at = 0; at < length; at++) {
    const slot = slots[at] ?? 0;
    if (chosen[featureOf[slot] ?? 0] !== 1) continue;
    own.sums[own.length << 1] = sums[at << 1] ?? 0;
    own.sums[(own.length << 1) + 1] = sums[(at << 1) + 1] ?? 0;
    own.slots[own.length++] = slot;
  }
  return own;
}
