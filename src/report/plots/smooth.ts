import type { Point } from './scale.ts';

const span = 0.3;
const mostEvaluated = 120;
const mostUsed = 2000;

/** Local linear regression with tricube weights over the nearest 30 % of the points (Cleveland 1979, without robustness steps). */
export function smoothed(points: readonly Point[]): Point[] {
  const every = Math.max(1, Math.ceil(points.length / mostUsed));
  const sorted = points.filter((_, index) => index % every === 0).sort((a, b) => a.x - b.x);
  const near = Math.max(3, Math.ceil(sorted.length * span));
  if (sorted.length < 4) return sorted;
  const step = Math.max(1, Math.floor(sorted.length / mostEvaluated));
  const result: Point[] = [];
  let from = 0;
  for (let index = 0; index < sorted.length; index += step) {
    const at = sorted[index];
    if (at === undefined) continue;
    while (from + near < sorted.length && (sorted[from + near]?.x ?? 0) - at.x < at.x - (sorted[from]?.x ?? 0)) from++;
    result.push({ ...at, y: fitAt(at.x, sorted.slice(from, from + near)) });
  }
  return result;
}

function fitAt(x: number, window: readonly Point[]): number {
  const reach = Math.max(...window.map((point) => Math.abs(point.x - x))) || 1;
  let [weights, sumX, sumY, sumXX, sumXY] = [0, 0, 0, 0, 0];
  for (const point of window) {
    const distance = Math.abs(point.x - x) / (reach * 1.0001);
    const weight = (1 - distance ** 3) ** 3;
    const shifted = point.x - x;
    weights += weight;
    sumX += weight * shifted;
    sumY += weight * point.y;
    sumXX += weight * shifted * shifted;
    sumXY += weight * shifted * point.y;
  }
  const spread = weights * sumXX - sumX * sumX;
  return Math.abs(spread) < 1e-12 * weights * sumXX ? sumY / weights : (sumXX * sumY - sumX * sumXY) / spread;
}
