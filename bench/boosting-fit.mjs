// A process of its own, so that its memory can be told: fits what bench/boosting.ts wrote with the built package, and prints the outcome as JSON.
//   node bench/boosting-fit.mjs FOLDER THREADS
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { boostedRegression, boostedTrees, classificationScores } from '../dist/ml.js';

const [folder = '', threads = '1'] = process.argv.slice(2);
const meta = JSON.parse(readFileSync(join(folder, 'meta.json'), 'utf8'));
const read = (name, Kind) => {
  const { buffer, byteOffset, byteLength } = readFileSync(join(folder, name));
  return new Kind(buffer.slice(byteOffset, byteOffset + byteLength));
};
const part = (name) => ({
  x: {
    rows: meta[name].rows,
    columns: meta.columns,
    indptr: read(`${name}.indptr`, Int32Array),
    indices: read(`${name}.indices`, Int32Array),
    values: read(`${name}.values`, Float64Array),
  },
  y: read(`${name}.y`, meta.classes === 0 ? Float64Array : Int32Array),
});
const camelCase = (name) => name.replace(/_(.)/g, (_, letter) => letter.toUpperCase());
const params = Object.fromEntries(Object.entries(meta.params).map(([name, value]) => [camelCase(name), value]));
const numThreads = Number(threads);
const train = part('train');
const classes = Array.from({ length: meta.classes }, (_, c) => String(c));
const estimator =
  meta.classes === 0
    ? boostedRegression({ ...params, numThreads })
    : boostedTrees({ ...params, numThreads, classWeight: 'balanced', seed: 42 });

const start = performance.now();
const fitted = await estimator.fit({ ...train, classes });
const seconds = (performance.now() - start) / 1000;
if (!fitted.ok) throw new Error(fitted.error.reason);
const { user, system } = process.cpuUsage();
const megabytes = process.resourceUsage().maxRSS / 1024;

const test = part('test');
const scores = () => {
  if (meta.classes === 0) {
    const predicted = fitted.value.predict(test.x);
    const error = test.y.reduce((sum, y, row) => sum + (y - predicted[row]) ** 2, 0) / test.y.length;
    return { rmse: Math.sqrt(error) };
  }
  const probabilities = fitted.value.probabilities(test.x);
  const predicted = Int32Array.from(test.y, (_, row) => {
    const own = probabilities.subarray(row * meta.classes, (row + 1) * meta.classes);
    return own.indexOf(Math.max(...own));
  });
  const { accuracy, macroF1 } = classificationScores(test.y, predicted, meta.classes);
  return { accuracy, macroF1 };
};
console.log(JSON.stringify({ seconds, cpu: (user + system) / 1e6, megabytes, ...scores() }));
