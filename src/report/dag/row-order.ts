import { layRails } from './rails.ts';
import type { RailRules, Rails } from './rails.ts';

/** Above this many nodes the order is taken as it comes: trying all places of all nodes would be felt. */
const mostSifted = 40;
const mostPasses = 3;

/**
 * The drawing of one part of the graph with the rows in a readable order. It starts with each branch followed to its end, then moves
 * one node at a time to the row where the drawing costs least (sifting: Rudell 1993, there for variable orders).
 */
export function arrangeRows(rules: RailRules, nodes: readonly number[]): Rails {
  let best = layRails(rules, branchOrder(rules, nodes));
  if (nodes.length > mostSifted) return best;
  for (let pass = 0; pass < mostPasses; pass++) {
    const before = best.cost;
    for (const node of nodes) best = sifted(rules, best, node);
    if (best.cost >= before) break;
  }
  return best;
}

/** An order in which they can run, that goes on with the node made ready last: branches stay together. */
function branchOrder({ dag }: RailRules, nodes: readonly number[]): number[] {
  const waitsFor = new Map(nodes.map((node) => [node, dag.above[node]?.length ?? 0]));
  const ready = nodes.filter((node) => waitsFor.get(node) === 0).reverse();
  const order: number[] = [];
  for (let node = ready.pop(); node !== undefined; node = ready.pop()) {
    order.push(node);
    for (const next of [...(dag.below[node] ?? [])].reverse()) {
      const left = (waitsFor.get(next) ?? 0) - 1;
      waitsFor.set(next, left);
      if (left === 0) ready.push(next);
    }
  }
  return order;
}

function sifted(rules: RailRules, current: Rails, node: number): Rails {
  const rest = current.order.filter((other) => other !== node);
  const rowIn = new Map(rest.map((other, at) => [other, at]));
  const rows = (others: readonly number[] | undefined): number[] =>
    (others ?? []).map((other) => rowIn.get(other) ?? 0);
  const first = Math.max(-1, ...rows(rules.dag.above[node])) + 1;
  const last = Math.min(rest.length, ...rows(rules.dag.below[node]));
  let best = current;
  for (let at = first; at <= last; at++) {
    const tried = layRails(rules, [...rest.slice(0, at), node, ...rest.slice(at)]);
    if (tried.cost < best.cost) best = tried;
  }
  return best;
}
