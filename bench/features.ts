// How fast are TF-IDF fits and transforms, beside scikit-learn on the same Reddit texts?
//   MLP_BENCH_PYTHON=/path/to/python node --import tsx bench/features.ts [runs]
// That Python needs scikit-learn. Every run is a process of its own, started in turn; the seconds are those of the work alone, without start and reading.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dropRepeated, encodeLabels, readLabelledTexts } from '../src/ml/data/labelled-texts.ts';
import { stratifiedSplit } from '../src/ml/data/split.ts';
import { defaultVectorizer, fitVectorizer } from '../src/ml/features/vectorizer.ts';
import { cleanText, plainCleaning } from '../src/ml/text/clean.ts';
import { median } from './alternate.ts';
import { redditFile, repository } from './projects.ts';

interface Parts {
  readonly train: readonly string[];
  readonly test: readonly string[];
}
type Seconds = Readonly<Record<string, number>>;

/** Training and test texts, cleaned of blanks and repeats, 80 to 20. */
async function redditParts(): Promise<Parts> {
  const source = { path: redditFile, textColumn: 'clean_comment', labelColumn: 'category', labels: null };
  const all = await readLabelledTexts(source);
  if (!all.ok) throw new Error(`${redditFile}: ${all.error.reason}`);
  const { texts, labels } = dropRepeated(all.value);
  const { y, classes } = encodeLabels(labels);
  const split = stratifiedSplit(y, classes, { testSize: 0.2, seed: 42 });
  if (!split.ok) throw new Error(split.error.reason);
  const pick = (rows: Int32Array): string[] => Array.from(rows, (row) => texts[row] ?? '');
  return { train: pick(split.value.train), test: pick(split.value.test) };
}

/** What our side does in its own process. */
function ours({ train, test }: Parts): Seconds {
  const seconds: Record<string, number> = {};
  const timed = <T>(name: string, work: () => T): T => {
    const startedAt = performance.now();
    const value = work();
    seconds[name] = (performance.now() - startedAt) / 1000;
    return value;
  };
  const clean = (texts: readonly string[]): string[] => texts.map((text) => cleanText(text, plainCleaning));
  const fit = (ngramMax: number) => {
    const analyzer = { ...defaultVectorizer.analyzer, ngramMax };
    const fitted = fitVectorizer(
      { ...defaultVectorizer, analyzer, limits: { minDf: 1, maxDf: 1, maxFeatures: 10_000 } },
      clean(train),
    );
    if (!fitted.ok) throw new Error(fitted.error.reason);
    return fitted.value.vectorizer;
  };
  const words = timed('fit 1-grams', () => fit(1));
  timed('transform', () => words.transform(clean(test)));
  timed('fit 1-3-grams', () => fit(3));
  seconds['peak MB'] = process.resourceUsage().maxRSS / 1024;
  return seconds;
}

function compare(file: string, runs: number): void {
  const python = process.env['MLP_BENCH_PYTHON'] ?? 'python3';
  const commands = {
    mlp: [process.execPath, ['--import', 'tsx', fileURLToPath(import.meta.url), '--texts', file]],
    'scikit-learn': [python, [join(repository, 'bench', 'features-reference.py'), file]],
  } as const;
  const all: Record<keyof typeof commands, Seconds[]> = { mlp: [], 'scikit-learn': [] };
  for (let run = 0; run < runs; run++) {
    for (const side of ['mlp', 'scikit-learn'] as const) {
      const [command, args] = commands[side];
      const output = execFileSync(command, args, { encoding: 'utf8', cwd: repository });
      all[side].push(JSON.parse(output) as Seconds);
    }
  }
  for (const name of Object.keys(all.mlp[0] ?? {})) {
    const middle = (side: keyof typeof commands): number => median(all[side].map((seconds) => seconds[name] ?? NaN));
    const [mine, theirs] = [middle('mlp'), middle('scikit-learn')];
    const digits = `${mine.toFixed(3).padStart(9)}   scikit-learn ${theirs.toFixed(3).padStart(9)}`;
    console.log(`${name.padEnd(16)} mlp ${digits}   ratio ${(theirs / mine).toFixed(2)}`);
  }
}

const [flag = '5', given = ''] = process.argv.slice(2);
if (flag === '--texts') {
  console.log(JSON.stringify(ours(JSON.parse(readFileSync(given, 'utf8')) as Parts)));
} else {
  const folder = mkdtempSync(join(tmpdir(), 'mlp-bench-features-'));
  const file = join(folder, 'texts.json');
  const parts = await redditParts();
  writeFileSync(file, JSON.stringify(parts));
  console.log(`${parts.train.length} training texts, ${parts.test.length} test texts, medians of ${flag} runs in turn`);
  compare(file, Number(flag));
  rmSync(folder, { recursive: true });
}
