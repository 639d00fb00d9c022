import { quantile } from '../../core/bootstrap.ts';
import type { FittedFeatures } from '../features/pipeline.ts';
import { wordCoverage } from '../features/word-coverage.ts';
import { classificationScores } from '../metrics/classification.ts';
import { hasEmoji, scriptOf } from '../text/script.ts';
import type { Evaluation } from './evaluate.ts';

/** How well a model does on a part of the rows. */
export interface Slice {
  /** What the rows were told apart by. */
  readonly by: 'length' | 'unknown words' | 'script' | 'emoji';
  readonly name: string;
  readonly rows: number;
  readonly accuracy: number;
  /** 95 % interval of the accuracy (Wilson 1927), which is wide where there are few rows. */
  readonly interval: readonly [number, number];
  readonly macroF1: number;
}

/** Where the mistakes are: by length of text, share of unknown words, script, and emoji. Parts without rows are left out. */
export function errorSlices(evaluation: Evaluation, texts: readonly string[], features: FittedFeatures): Slice[] {
  const unknown = byUnknownWords(features, texts);
  return [
    ...slice(evaluation, 'length', byLength(texts)),
    ...(unknown === null ? [] : slice(evaluation, 'unknown words', unknown)),
    ...slice(evaluation, 'script', named(texts.map(scriptOf))),
    ...slice(evaluation, 'emoji', {
      names: ['with emoji', 'without emoji'],
      of: texts.map((text) => (hasEmoji(text) ? 0 : 1)),
    }),
  ];
}

/** Parts by name, and the part of each row. */
interface Parts {
  readonly names: readonly string[];
  readonly of: readonly number[];
}

/** Four parts of about as many rows. */
function byLength(texts: readonly string[]): Parts {
  const lengths = texts.map((text) => text.length);
  const sorted = Float64Array.from(lengths).sort();
  const edges = [...new Set([0.25, 0.5, 0.75].map((q) => Math.floor(quantile(sorted, q))))];
  const bounds = [0, ...edges.map((edge) => edge + 1)];
  const names = bounds.map((from, part) =>
    part < edges.length ? `${from} to ${edges[part] ?? 0} characters` : `from ${from} characters`,
  );
  return { names, of: lengths.map((length) => bounds.findLastIndex((from) => from <= length)) };
}

/** Upper bounds of shares, and what a part up to there is called. */
const shares = [
  [0, 'all words known'],
  [0.1, 'up to 10 % unknown'],
  [0.25, '10 to 25 % unknown'],
  [0.5, '25 to 50 % unknown'],
  [1, 'more than half unknown'],
] as const;

function byUnknownWords(features: FittedFeatures, texts: readonly string[]): Parts | null {
  const coverage = wordCoverage(features, texts);
  if (coverage === null) return null;
  const { words, unknown } = coverage;
  const of = texts.map((_, row) => {
    if (words[row] === 0) return shares.length;
    const share = (unknown[row] ?? 0) / (words[row] ?? 1);
    return shares.findIndex(([most]) => share <= most);
  });
  return { names: [...shares.map(([, name]) => name), 'without words'], of };
}

/** The most frequent first. */
function named(values: readonly string[]): Parts {
  const rows = new Map<string, number>();
  for (const value of values) rows.set(value, (rows.get(value) ?? 0) + 1);
  const names = [...rows.keys()].sort((a, b) => (rows.get(b) ?? 0) - (rows.get(a) ?? 0) || (a < b ? -1 : 1));
  return { names, of: values.map((value) => names.indexOf(value)) };
}

function slice({ judged, predicted }: Evaluation, by: Slice['by'], { names, of }: Parts): Slice[] {
  return names.flatMap((name, part) => {
    const isIn = (_: number, row: number): boolean => of[row] === part;
    const truth = judged.truth.filter(isIn);
    if (truth.length === 0) return [];
    const { accuracy, macroF1 } = classificationScores(truth, predicted.filter(isIn), judged.classes);
    return [{ by, name, rows: truth.length, accuracy, interval: wilson(accuracy, truth.length), macroF1 }];
  });
}

/** Of a share among rows, at 95 %. */
function wilson(share: number, rows: number): readonly [number, number] {
  const z = 1.959963984540054;
  const middle = share + (z * z) / (2 * rows);
  const half = z * Math.sqrt((share * (1 - share)) / rows + (z * z) / (4 * rows * rows));
  const whole = 1 + (z * z) / rows;
  return [Math.max(0, (middle - half) / whole), Math.min(1, (middle + half) / whole)];
}
