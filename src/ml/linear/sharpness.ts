import { outputsOf, softmaxOfScores } from './linear-classifier.ts';

/** Beyond it, held-out scores part the classes all but perfectly, and more would only feign certainty. */
const largestSharpness = 1000;

/**
 * The factor on scores whose softmax fits the labels best (least log loss): temperature scaling, Guo, Pleiss, Sun and Weinberger,
 * "On calibration of modern neural networks" (ICML 2017). It turns margins into probabilities and leaves the order of classes,
 * hence every predicted label, as it was. Labels are believed up to 1 / (rows + 2), as Platt's targets are, so that it stays finite.
 * `scores` are [rows, outputs] of rows the model has not seen.
 */
export function fitSharpness(scores: Float64Array, y: Int32Array, classes: number): number {
  let low = 0;
  let high = largestSharpness;
  let sharpness = 1;
  for (let step = 0; step < 100; step++) {
    const { slope, curvature } = derivatives(scores, y, classes, sharpness);
    if (Math.abs(slope) < 1e-10) break;
    if (slope > 0) high = sharpness;
    else low = sharpness;
    const newton = sharpness - slope / Math.max(curvature, 1e-300);
    const next = newton > low && newton < high ? newton : (low + high) / 2;
    if (Math.abs(next - sharpness) < 1e-10 * sharpness) break;
    sharpness = next;
  }
  return Math.max(sharpness, 1e-6);
}

/** Of the mean log loss: the mean over rows of E[s] - s(target), and of Var[s], under the present probabilities. */
function derivatives(
  scores: Float64Array,
  y: Int32Array,
  classes: number,
  sharpness: number,
): { readonly slope: number; readonly curvature: number } {
  const probabilities = softmaxOfScores(scores, classes, sharpness);
  const outputs = outputsOf(classes);
  const first = classes - outputs;
  const doubt = 1 / (y.length + 2);
  let slope = 0;
  let curvature = 0;
  for (let row = 0; row < y.length; row++) {
    let mean = 0;
    let square = 0;
    let target = 0;
    for (let c = first; c < classes; c++) {
      const score = scores[row * outputs + c - first] ?? 0;
      const probability = probabilities[row * classes + c] ?? 0;
      mean += probability * score;
      square += probability * score * score;
      target += score * (c === y[row] ? 1 - doubt : doubt / (classes - 1));
    }
    slope += mean - target;
    curvature += square - mean * mean;
  }
  return { slope: slope / y.length, curvature: curvature / y.length };
}
