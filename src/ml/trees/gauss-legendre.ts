/** Points inside of (0, 1) and their weights. */
export interface Quadrature {
  readonly at: Float64Array;
  readonly weight: Float64Array;
}

/** The integral from 0 to 1 of every polynomial below degree 2 `points`, exactly: Gauss-Legendre, its roots by Newton's method (Numerical Recipes, 4.6). */
export function gaussLegendre(points: number): Quadrature {
  const at = new Float64Array(points);
  const weight = new Float64Array(points);
  for (let i = 0; i < points; i++) {
    let x = Math.cos((Math.PI * (i + 0.75)) / (points + 0.5));
    let slope = 1;
    for (let step = 0; step < 100; step++) {
      const [value, before] = legendre(points, x);
      slope = (points * (x * value - before)) / (x * x - 1);
      const move = value / slope;
      x -= move;
      if (Math.abs(move) < 1e-15) break;
    }
    at[i] = (1 - x) / 2;
    weight[i] = 1 / ((1 - x * x) * slope * slope);
  }
  return { at, weight };
}

/** The Legendre polynomials of degree n and n - 1. */
function legendre(n: number, x: number): [number, number] {
  let [value, before] = [1, 0];
  for (let k = 1; k <= n; k++) [value, before] = [((2 * k - 1) * x * value - (k - 1) * before) / k, value];
  return [value, before];
}
