import type { Point } from './scale.ts';

/**
 * At most about `most` points that draw the same line: of each stretch the first, the lowest, the highest and the last, so that no
 * spike is lost (M4: Jugel et al., VLDB 2014). Gaps stay.
 */
export function thinLine(points: readonly (Point | undefined)[], most: number): (Point | undefined)[] {
  if (points.length <= most) return [...points];
  const stretch = Math.ceil((points.length * 4) / most);
  const kept: (Point | undefined)[] = [];
  for (let start = 0; start < points.length; start += stretch) {
    const part = points.slice(start, start + stretch);
    const there = part.filter((point) => point !== undefined);
    let [low] = there;
    let high = low;
    for (const point of there) {
      if (low !== undefined && point.y < low.y) low = point;
      if (high !== undefined && point.y > high.y) high = point;
    }
    const chosen = new Set([there[0], low, high, there.at(-1)].filter((point) => point !== undefined));
    kept.push(...[...chosen].sort((a, b) => a.row - b.row));
    if (there.length < part.length && kept.at(-1) !== undefined) kept.push(undefined);
  }
  return kept;
}

/** One point for each cell of a grid over all points, so that the cloud keeps its shape. */
export function thinCloud(points: readonly Point[], most: number): Point[] {
  if (points.length <= most) return [...points];
  const side = Math.floor(Math.sqrt(most));
  const bounds = { lowX: Infinity, highX: -Infinity, lowY: Infinity, highY: -Infinity };
  for (const { x, y } of points) {
    bounds.lowX = Math.min(bounds.lowX, x);
    bounds.highX = Math.max(bounds.highX, x);
    bounds.lowY = Math.min(bounds.lowY, y);
    bounds.highY = Math.max(bounds.highY, y);
  }
  const cell = (value: number, low: number, high: number): number =>
    high === low ? 0 : Math.min(side - 1, Math.floor(((value - low) / (high - low)) * side));
  const cells = new Map<number, Point>();
  for (const point of points) {
    const key = cell(point.x, bounds.lowX, bounds.highX) * side + cell(point.y, bounds.lowY, bounds.highY);
    if (!cells.has(key)) cells.set(key, point);
  }
  return [...cells.values()];
}
