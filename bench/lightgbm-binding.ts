// LightGBM on Reddit comments with one thread, on the same matrix in turns: through our binding, and from Python; medians and ratios. Then one
// text through Python's model, in TypeScript and by the library. `mlp engine install lightgbm` must have been run.
//   MLP_BENCH_VENV=VENV MLP_BENCH_REDDIT=Reddit_Data.csv node --import tsx bench/lightgbm-binding.ts [A|C] [RUNS]
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { largestOfRows } from '../src/ml/estimator.ts';
import { trainField } from '../src/ml/estimators.ts';
import { readField } from '../src/ml/fields.ts';
import { classificationScores } from '../src/ml/metrics/classification.ts';
import { median } from './alternate.ts';
import { boostingCase } from './boosting-cases.ts';
import { readPart } from './matrix-files.ts';
import { oneText } from './one-text.ts';
import { peerEnvironment } from './projects.ts';
import { need } from './reddit-split.ts';

interface Outcome {
  readonly seconds: number;
  readonly accuracy: number;
  readonly macroF1: number;
}

const [name = 'A', runs = '1'] = process.argv.slice(2);
const chosen = boostingCase(name, Infinity);
const folder = mkdtempSync(join(tmpdir(), 'mlp-lightgbm-'));
await chosen.write(folder);
const meta = JSON.parse(readFileSync(join(folder, 'meta.json'), 'utf8')) as { columns: number; classes: number };
const [train, test] = [readPart(folder, 'train', meta.columns), readPart(folder, 'test', meta.columns)];
const classes = Array.from({ length: meta.classes }, (_, c) => String(c));

async function binding(): Promise<Outcome> {
  const params = { ...chosen.params, algorithm: 'lightgbm', num_threads: 1, class_weight: 'balanced' };
  const { estimator } = need(readField({ train: params }, 'train', trainField));
  const start = performance.now();
  const model = need(await estimator.fit({ ...train, classes }));
  const seconds = (performance.now() - start) / 1000;
  const predicted = largestOfRows(model.probabilities(test.x), classes.length);
  return { seconds, ...classificationScores(test.y, predicted, classes.length) };
}

const python = (): Outcome =>
  JSON.parse(
    execFileSync(join(peerEnvironment(), 'bin', 'python'), ['bench/boosting.py', folder, '1'], { encoding: 'utf8' }),
  ) as Outcome;

const found: Record<'binding' | 'python', Outcome[]> = { binding: [], python: [] };
for (let run = 0; run < Number(runs); run++) {
  found.binding.push(await binding());
  found.python.push(python());
}
const seconds = (outcomes: readonly Outcome[]): number => median(outcomes.map((outcome) => outcome.seconds));
for (const [who, outcomes] of Object.entries(found)) {
  const { accuracy, macroF1 } = outcomes[0]!;
  console.log(
    `${who}: ${seconds(outcomes).toFixed(2)} s, accuracy ${accuracy.toFixed(4)}, macro-F1 ${macroF1.toFixed(4)}`,
  );
}
console.log(`binding: ${(seconds(found.binding) / seconds(found.python)).toFixed(2)} of Python's time`);
const { ours, library, apart } = await oneText(join(folder, 'model.txt'), classes, test.x);
console.log(
  `one text: ${ours.toFixed(0)} us here, ${library.toFixed(0)} us by the library, apart ${apart.toExponential(1)}`,
);
rmSync(folder, { recursive: true });
