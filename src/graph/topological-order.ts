/** Who must come before whom, by index. `before[i]` and `after[i]` mirror each other and hold no index twice. */
export interface Edges {
  readonly before: readonly (readonly number[])[];
  readonly after: readonly (readonly number[])[];
}

/**
 * The order in which each index comes after all before it, the smallest index first wherever there is a choice
 * (Kahn 1962, with a heap for the choice). Shorter than the input when there is a cycle: what is in one, or after one, is missing.
 */
export function topologicalOrder({ before, after }: Edges): number[] {
  const waiting = before.map((others) => others.length);
  const ready: number[] = [];
  waiting.forEach((count, index) => {
    if (count === 0) ready.push(index);
  });
  const order: number[] = [];
  for (let next = takeSmallest(ready); next !== undefined; next = takeSmallest(ready)) {
    order.push(next);
    for (const follower of after[next] ?? []) {
      const left = (waiting[follower] ?? 0) - 1;
      waiting[follower] = left;
      if (left === 0) insert(ready, follower);
    }
  }
  return order;
}

/**
 * One cycle, each index before the next and the last before the first; it begins with its smallest index. Undefined when there is none.
 * Walks from the smallest index that cannot be ordered to whatever blocks it, until it meets itself.
 */
export function findCycle(edges: Edges): number[] | undefined {
  const blocked = new Set(edges.before.keys());
  for (const index of topologicalOrder(edges)) blocked.delete(index);
  const visited = new Map<number, number>();
  const path: number[] = [];
  let [at] = blocked;
  while (at !== undefined && !visited.has(at)) {
    visited.set(at, path.length);
    path.push(at);
    at = (edges.before[at] ?? []).find((other) => blocked.has(other));
  }
  if (at === undefined) return undefined;
  const cycle = path.slice(visited.get(at)).reverse();
  const smallest = cycle.reduce((least, index, place) => (index < (cycle[least] ?? 0) ? place : least), 0);
  return [...cycle.slice(smallest), ...cycle.slice(0, smallest)];
}

/** Binary heap, smallest on top. */
function insert(heap: number[], value: number): void {
  let place = heap.length;
  heap.push(value);
  while (place > 0) {
    const parent = (place - 1) >> 1;
    const above = heap[parent] ?? 0;
    if (above <= value) break;
    heap[place] = above;
    place = parent;
  }
  heap[place] = value;
}

function takeSmallest(heap: number[]): number | undefined {
  const smallest = heap[0];
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return smallest;
  let place = 0;
  for (;;) {
    let child = 2 * place + 1;
    if (child >= heap.length) break;
    if ((heap[child + 1] ?? Infinity) < (heap[child] ?? Infinity)) child++;
    const below = heap[child] ?? Infinity;
    if (below >= last) break;
    heap[place] = below;
    place = child;
  }
  heap[place] = last;
  return smallest;
}
