/** The names most like `typed`, best first, for "did you mean". Empty when nothing is near. */
export function nearestNames(typed: string, names: Iterable<string>, most = 3): string[] {
  const limit = Math.max(1, Math.floor(typed.length / 3) + 1);
  const lower = typed.toLowerCase();
  return [...new Set(names)]
    .map((name) => ({ name, distance: distanceTo(lower, name) }))
    .filter(({ distance }) => distance <= limit)
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, most)
    .map(({ name }) => name);
}

function distanceTo(lower: string, name: string): number {
  const candidate = name.toLowerCase();
  if (lower.length >= 3 && candidate.startsWith(lower)) return 1;
  return editDistance(lower, candidate);
}

/** Optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbours cost 1 each. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let best = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, (beforeLast[j - 2] ?? 0) + 1);
      }
      row.push(best);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
