/** Chance = 1 / (1 + e^(slope x score + offset)). */
export interface Sigmoid {
  readonly slope: number;
  readonly offset: number;
}

export interface Scored {
  readonly scores: Float64Array;
  /** 1 for rows of the class, else 0. */
  readonly isOwn: Uint8Array;
  readonly weights: Float64Array;
}

const mostIterations = 100;

/**
 * Platt's fit of a sigmoid to scores ("Probabilistic outputs for support vector machines", 1999), whose targets are drawn in from 0 and 1 by the
 * numbers of rows, by Newton's method with backtracking as Lin, Lin and Weng have it ("A note on Platt's probabilistic outputs", 2007).
 */
export function fitSigmoid({ scores, isOwn, weights }: Scored): Sigmoid {
  let own = 0;
  let others = 0;
  isOwn.forEach((flag, row) => {
    if (flag === 1) own += weights[row] ?? 0;
    else others += weights[row] ?? 0;
  });
  const [high, low] = [(own + 1) / (own + 2), 1 / (others + 2)];
  const targets = Float64Array.from(isOwn, (flag) => (flag === 1 ? high : low));
  // Scores of any size: the fit is that of scores divided by their largest.
  const largest = scores.reduce((most, score) => Math.max(most, Math.abs(score)), 0) || 1;
  const scaled = scores.map((score) => score / largest);
  const loss = (slope: number, offset: number): number => {
    let sum = 0;
    for (let row = 0; row < scaled.length; row++) {
      const odds = slope * (scaled[row] ?? 0) + offset;
      const target = targets[row] ?? 0;
      const power = Math.log1p(Math.exp(-Math.abs(odds)));
      sum += (weights[row] ?? 0) * (odds >= 0 ? target * odds + power : (target - 1) * odds + power);
    }
    return sum;
  };
  let [slope, offset] = [0, Math.log((others + 1) / (own + 1))];
  let value = loss(slope, offset);
  for (let iteration = 0; iteration < mostIterations; iteration++) {
    const step = newtonStep({ scores: scaled, targets, weights }, slope, offset);
    if (Math.abs(step.gradientSlope) < 1e-10 && Math.abs(step.gradientOffset) < 1e-10) break;
    let length = 1;
    while (length >= 1e-10) {
      const next = loss(slope + length * step.slope, offset + length * step.offset);
      if (next < value + 1e-4 * length * step.fall) {
        [slope, offset, value] = [slope + length * step.slope, offset + length * step.offset, next];
        break;
      }
      length /= 2;
    }
    if (length < 1e-10) break;
  }
  return { slope: slope / largest, offset };
}

interface Step {
  readonly slope: number;
  readonly offset: number;
  readonly gradientSlope: number;
  readonly gradientOffset: number;
  /** What a whole step changes, to first order. */
  readonly fall: number;
}

function newtonStep(
  { scores, targets, weights }: { scores: Float64Array; targets: Float64Array; weights: Float64Array },
  slope: number,
  offset: number,
): Step {
  let [h11, h22, h21, g1, g2] = [1e-12, 1e-12, 0, 0, 0];
  for (let row = 0; row < scores.length; row++) {
    const score = scores[row] ?? 0;
    const odds = slope * score + offset;
    const chance = odds >= 0 ? Math.exp(-odds) / (1 + Math.exp(-odds)) : 1 / (1 + Math.exp(odds));
    const weight = weights[row] ?? 0;
    const curvature = weight * chance * (1 - chance);
    h11 += score * score * curvature;
    h22 += curvature;
    h21 += score * curvature;
    const residual = weight * ((targets[row] ?? 0) - chance);
    g1 += score * residual;
    g2 += residual;
  }
  const determinant = h11 * h22 - h21 * h21;
  const dSlope = -(h22 * g1 - h21 * g2) / determinant;
  const dOffset = -(-h21 * g1 + h11 * g2) / determinant;
  return { slope: dSlope, offset: dOffset, gradientSlope: g1, gradientOffset: g2, fall: g1 * dSlope + g2 * dOffset };
}

export function applySigmoid({ slope, offset }: Sigmoid, score: number): number {
  const odds = slope * score + offset;
  return odds >= 0 ? Math.exp(-odds) / (1 + Math.exp(-odds)) : 1 / (1 + Math.exp(odds));
}
