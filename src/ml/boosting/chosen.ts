import { keepSlot, type TouchedSlots } from './histogram.ts';
import type { KernelMemory } from './kernel/memory.ts';
import type { Candidates } from './tree-params.ts';

/** Those of the candidates that one node may look at: a list of its own, so that the others are not lost to the nodes below. */
export function chosenCandidates(all: Candidates, chosen: Uint8Array, memory: KernelMemory): Candidates {
  const own = {
    features: memory.copy(all.features.values),
    isOne: memory.copy(all.isOne.values),
    singles: 0,
    length: 0,
  };
  const { values } = own.features;
  for (let at = 0; at < all.length; at++) {
    if (chosen[values[at] ?? 0] !== 1) continue;
    values[own.length++] = values[at] ?? 0;
    if (at < all.singles) own.singles = own.length;
  }
  return own;
}

/** As `chosenCandidates`, of a list of slots. */
export function chosenSlots(
  all: TouchedSlots,
  { featureOf, chosen }: { readonly featureOf: Int32Array; readonly chosen: Uint8Array },
  memory: KernelMemory,
): TouchedSlots {
  const own = { slots: memory.copy(all.slots.values), sums: memory.copy(all.sums.values), singles: 0, length: 0 };
  for (let at = 0; at < all.length; at++) {
    if (chosen[featureOf[own.slots.values[at] ?? 0] ?? 0] !== 1) continue;
    keepSlot(own, at, own.length++);
    if (at < all.singles) own.singles = own.length;
  }
  return own;
}
