// Boosted trees beside LightGBM on the same matrices, one thread and two, in turns, each fit in a process of its own; the table as Markdown.
// Outcomes of single fits go to stderr as they come. REFERENCE 0 leaves LightGBM out; ITERATIONS cuts all cases short.
//   MLP_BENCH_VENV=VENV MLP_BENCH_REDDIT=Reddit_Data.csv node --import tsx bench/boosting.ts [CASES|all] [RUNS] [REFERENCE] [ITERATIONS]
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median } from './alternate.ts';
import { boostingCase, caseNames, type BoostingCase } from './boosting-cases.ts';
import { peerEnvironment, repository } from './projects.ts';

interface Outcome {
  readonly seconds: number;
  /** Seconds of processors, with starting and reading. */
  readonly cpu: number;
  /** Most that the process had in memory. */
  readonly megabytes: number;
  readonly accuracy?: number;
  readonly macroF1?: number;
  readonly rmse?: number;
}

const [names = 'all', runs = '1', referenceRuns = runs, iterations = 'Infinity'] = process.argv.slice(2);
const sides = ['mlp 1', 'mlp 2', 'LightGBM 1', 'LightGBM 2'] as const;
type Side = (typeof sides)[number];

function fit(side: Side, folder: string): Outcome {
  const [who, threads] = side.split(' ') as [string, string];
  const [command, script] =
    who === 'mlp'
      ? [process.execPath, join(repository, 'bench', 'boosting-fit.mjs')]
      : [join(peerEnvironment(), 'bin', 'python'), join(repository, 'bench', 'boosting.py')];
  const text = execFileSync(command, [script, folder, threads], { encoding: 'utf8' });
  console.error(side, text.trim());
  return JSON.parse(text) as Outcome;
}

function measure(folder: string): Record<Side, Outcome[]> {
  const found: Record<Side, Outcome[]> = { 'mlp 1': [], 'mlp 2': [], 'LightGBM 1': [], 'LightGBM 2': [] };
  for (let run = 0; run < Math.max(Number(runs), Number(referenceRuns)); run++) {
    for (const side of sides) {
      if (run < Number(side.startsWith('mlp') ? runs : referenceRuns)) found[side].push(fit(side, folder));
    }
  }
  return found;
}

const middle = (outcomes: readonly Outcome[], of: 'seconds' | 'megabytes'): number =>
  outcomes.length === 0 ? NaN : median(outcomes.map((outcome) => outcome[of]));
const shown = (value: number, digits: number): string => (Number.isNaN(value) ? '-' : value.toFixed(digits));
const scoresOf = ([first]: readonly Outcome[]): string => {
  if (first?.rmse !== undefined) return `RMSE ${first.rmse.toFixed(4)}`;
  return first === undefined ? '-' : `${shown(first.accuracy ?? NaN, 4)} / ${shown(first.macroF1 ?? NaN, 4)}`;
};

function row({ name, about }: BoostingCase, found: Record<Side, Outcome[]>): string {
  const seconds = sides.map((side) => middle(found[side], 'seconds'));
  const [one = NaN, two = NaN, theirOne = NaN, theirTwo = NaN] = seconds;
  const ratios = [theirOne / one, theirTwo / one, theirTwo / two].map((ratio) => `${shown(ratio, 1)}x`);
  const memory = sides.map((side) => shown(middle(found[side], 'megabytes'), 0)).join(' / ');
  const cells = [...seconds.map((value) => `${shown(value, 2)} s`), ...ratios, memory];
  return `| ${[`${name}: ${about}`, ...cells, scoresOf(found['mlp 1']), scoresOf(found['LightGBM 1'])].join(' | ')} |`;
}

execFileSync(process.execPath, [join(repository, 'scripts', 'build.mjs')], { cwd: repository, stdio: 'ignore' });
const folder = mkdtempSync(join(tmpdir(), 'mlp-boosting-'));
const lines: string[] = [];
for (const name of names === 'all' ? caseNames : names.split(',')) {
  const chosen = boostingCase(name, Number(iterations));
  const own = join(folder, name);
  await chosen.write(own);
  console.error(`${name}: ${chosen.about}`);
  lines.push(row(chosen, measure(own)));
  rmSync(own, { recursive: true });
}
rmSync(folder, { recursive: true });
const limit = Number.isFinite(Number(iterations)) ? `, at most ${iterations} iterations` : '';
const head = [
  'case',
  ...sides,
  '1 against 1',
  '1 against 2',
  '2 against 2',
  `MB: ${sides.join(' / ')}`,
  'scores: mlp',
  'LightGBM',
];
console.log(
  `Fits, medians of ${runs} runs (LightGBM: ${referenceRuns}) in turns${limit}; the ratios say how many times faster mlp is.\n`,
);
console.log([`| ${head.join(' | ')} |`, `| ${head.map(() => '---').join(' | ')} |`, ...lines].join('\n'));
