// The learning toolbox beside scikit-learn, as one table in Markdown: features, linear models, neighbours, the whole pipeline, loading, memory.
//   MLP_BENCH_VENV=/path/to/venv node --import tsx bench/toolbox.ts [RUNS] [--large]
// Each run is a process of its own, ours and theirs in turn; the seconds are those of the work alone, without start and reading, and the table has the medians.
// --large adds the pipeline on a table ten times as long. Trees have scripts of their own: forest.ts and boosting.ts.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultVectorizer, fitVectorizer } from '../src/ml/features/vectorizer.ts';
import { alternate, median, type Contestant } from './alternate.ts';
import { writeTenfold } from './tenfold.ts';
import { logisticObjective, svmObjective } from './linear-objectives.ts';
import { readPart, writePart } from './matrix-files.ts';
import { repository } from './projects.ts';
import { redditPipelines } from './reddit-pipeline.ts';
import { need, redditSplit } from './reddit-split.ts';

const words = process.argv.slice(2);
const runs = Number(words.find((word) => /^\d+$/u.test(word)) ?? 5);
const environment = process.env['MLP_BENCH_VENV'];
if (environment === undefined)
  throw new Error('MLP_BENCH_VENV must name a virtual environment with scikit-learn and dvc');
const python = join(environment, 'bin', 'python');
const folder = mkdtempSync(join(tmpdir(), 'mlp-bench-toolbox-'));
type Figures = Readonly<Record<string, number>>;
const script = (name: string): string => join(repository, 'bench', name);

/** The same texts for both, and the matrix that ours makes of them. */
async function prepare(): Promise<void> {
  const { train, test } = await redditSplit();
  writeFileSync(join(folder, 'texts.json'), JSON.stringify({ train: train.texts, test: test.texts }));
  const options = { ...defaultVectorizer, limits: { minDf: 1, maxDf: 1, maxFeatures: 10_000 } };
  const { matrix, vectorizer } = need(fitVectorizer(options, train.texts));
  writePart(folder, 'train', matrix, train.y);
  writePart(folder, 'test', vectorizer.transform(test.texts), test.y);
}

/** Medians of both sides' figures. One thread of OpenBLAS: with two, scikit-learn's linear models take three times as long, and more on a busy machine. */
function compare(works: string): { readonly ours: Figures; readonly theirs: Figures } {
  const all: Record<'ours' | 'theirs', Figures[]> = { ours: [], theirs: [] };
  const commands = {
    ours: [process.execPath, '--import', 'tsx', script('toolbox-work.ts')],
    theirs: [python, script('toolbox-reference.py')],
  } as const;
  for (let run = 0; run < runs; run++) {
    for (const side of ['ours', 'theirs'] as const) {
      const [command, ...args] = commands[side];
      const options = {
        encoding: 'utf8' as const,
        cwd: repository,
        env: { ...process.env, OPENBLAS_NUM_THREADS: '1' },
      };
      const output = execFileSync(command, [...args, folder, works], options);
      all[side].push(JSON.parse(output) as Figures);
    }
  }
  const middle = (figures: readonly Figures[]): Figures =>
    Object.fromEntries(
      Object.keys(figures[0] ?? {}).map((name) => [name, median(figures.map((each) => each[name] ?? NaN))]),
    );
  return { ours: middle(all.ours), theirs: middle(all.theirs) };
}

/** Peak memory in MB of the largest process of a command, and its seconds. */
function peakOf({ command, args, cwd, env, before }: Contestant): {
  readonly megabytes: number;
  readonly seconds: number;
} {
  before?.();
  const startedAt = performance.now();
  const options = { cwd, env: { ...process.env, ...env }, encoding: 'utf8' as const };
  const ended = spawnSync(python, [script('peak.py'), command, ...args], options);
  if (ended.status !== 0) throw new Error(ended.stderr);
  return { megabytes: Number(ended.stdout.trim()), seconds: (performance.now() - startedAt) / 1000 };
}

const line = (...cells: readonly string[]): void => {
  console.log(`| ${cells.join(' | ')} |`);
};
const timed = (work: string, ours: number, theirs: number, target: string): void => {
  line(work, `${ours.toFixed(3)} s`, `${theirs.toFixed(3)} s`, `${(theirs / ours).toFixed(2)} times faster`, target);
};

function printFeatures(): void {
  const { ours, theirs } = compare('features');
  const row = (work: string, name: string, target: string): void => {
    timed(work, ours[name] ?? NaN, theirs[name] ?? NaN, target);
  };
  row('TF-IDF, 10,000 1-grams, fit on 29,435 texts', 'words', '>= 2.5');
  row('TF-IDF, 10,000 1- to 3-grams', 'phrases', '>= 3');
  row('transform of 7,359 texts', 'transform', '>= 2.5');
}

function printLinear(): void {
  const { ours, theirs } = compare('linear');
  const time = (name: string): [number, number] => [ours[name] ?? NaN, theirs[name] ?? NaN];
  const svm = time('svm');
  timed('linear SVM, fit without probabilities', ours['svm alone'] ?? NaN, svm[1], '> 1');
  timed('linear SVM, fit with probabilities (two folds), which LinearSVC has not', ...svm, '> 1');
  timed('logistic regression, fit', ...time('logistic'), '> 1');
  const train = readPart(folder, 'train', 10_000);
  for (const [name, objective] of Object.entries({ svm: svmObjective, logistic: logisticObjective })) {
    const value = (side: string): number => {
      const weights = new Float64Array(Uint8Array.from(readFileSync(join(folder, `${side}.${name}`))).buffer);
      return objective({ ...train, classes: 3, weights });
    };
    const [own, their] = [value('mlp'), value('scikit-learn')];
    const difference = ((own - their) / their).toExponential(1);
    line(`objective of ${name}`, own.toFixed(2), their.toFixed(2), `${difference} of it more`, '< 1e-3');
  }
}

function printNeighbours(): void {
  const { ours, theirs } = compare('neighbours');
  timed('kNN, 7,359 queries on 29,435 rows, cosine', ours['neighbours'] ?? NaN, theirs['neighbours'] ?? NaN, '>= 3');
  const accuracy = (side: Figures): string => (side['accuracy'] ?? NaN).toFixed(4);
  line('accuracy of kNN', accuracy(ours), accuracy(theirs), '', 'the same');
}

async function printPipeline(): Promise<void> {
  const { ours, peer } = redditPipelines();
  const [own, their] = alternate([ours, peer], runs);
  timed('whole pipeline, linear SVM', own?.median ?? NaN, their?.median ?? NaN, '>= 3');
  const [peak, theirPeak] = [peakOf(ours), peakOf(peer).megabytes];
  line('its largest process', `${peak.megabytes.toFixed(0)} MB`, `${theirPeak.toFixed(0)} MB`, '', '< 400 MB');
  if (words.includes('--large')) {
    await writeTenfold(join(ours.cwd, 'data', 'reddit.csv'));
    const { megabytes, seconds } = peakOf(ours);
    const growth = `${(megabytes / peak.megabytes).toFixed(1)} times the memory, ${(seconds / peak.seconds).toFixed(1)} times the time`;
    line(
      'the same, ten times as many rows',
      `${megabytes.toFixed(0)} MB, ${seconds.toFixed(1)} s`,
      '',
      growth,
      'linear',
    );
  }
  rmSync(ours.cwd, { recursive: true });
  rmSync(peer.cwd, { recursive: true });
}

function printLoading(): void {
  const first = execFileSync(process.execPath, ['--import', 'tsx', script('package.ts'), '--first'], {
    encoding: 'utf8',
  });
  line('load of a linear model, 10,000 features x 3', `${Number(first).toFixed(1)} ms`, '', '', '< 15 ms');
}

await prepare();
line(`work (medians of ${runs})`, 'ours', 'scikit-learn', 'ratio', 'target');
line('---', '---:', '---:', '---:', '---');
printFeatures();
printLinear();
printNeighbours();
await printPipeline();
printLoading();
rmSync(folder, { recursive: true });
