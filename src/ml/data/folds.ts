import { failure } from '../../core/failure.ts';
import { seededRandom, shuffle } from '../../core/random.ts';
import type { Result } from '../../core/result.ts';
import { err, ok } from '../../core/result.ts';
import type { Split } from './split.ts';

/** Which of `folds` parts each row is tested in. */
export interface Folds {
  readonly foldOf: Int32Array;
  readonly folds: number;
}

/** How rows are dealt: in blocks of their order without a seed, at random with one. */
interface Dealing {
  readonly folds: number;
  readonly seed?: number;
}

/** The parts one after the other: each in turn is the test part, the rest trains. */
export function* splitsOf({ foldOf, folds }: Folds): Generator<Split> {
  const all = Int32Array.from(foldOf, (_, row) => row);
  for (let fold = 0; fold < folds; fold++) {
    yield { train: all.filter((row) => foldOf[row] !== fold), test: all.filter((row) => foldOf[row] === fold) };
  }
}

/**
 * Folds with the same share of every class, as near as whole rows allow. Without a seed they are those of scikit-learn's StratifiedKFold:
 * classes are counted round robin in order of their first rows, and each class's rows go to the folds in blocks. A class needs as
 * many rows as there are folds.
 */
export function stratifiedKFold(y: Int32Array, classes: readonly string[], dealing: Dealing): Result<Folds> {
  const problem = tooFew(y, classes, dealing.folds);
  if (problem !== undefined) return err(problem);
  return ok({ foldOf: dealStratified(y, classes.length, dealing), folds: dealing.folds });
}

/** Stratified folds again and again, each time dealt anew: the scores of all tell how much dealing alone moves them. */
export function* repeatedStratifiedKFold(
  y: Int32Array,
  classes: number,
  options: { readonly folds: number; readonly repeats: number; readonly seed: number },
): Generator<Folds> {
  const random = seededRandom(options.seed);
  for (let repeat = 0; repeat < options.repeats; repeat++) {
    const seed = Math.floor(random() * 2 ** 32);
    yield { foldOf: dealStratified(y, classes, { folds: options.folds, seed }), folds: options.folds };
  }
}

function tooFew(y: Int32Array, classes: readonly string[], folds: number): ReturnType<typeof failure> | undefined {
  const rows = new Int32Array(classes.length);
  for (const c of y) rows[c] = (rows[c] ?? 0) + 1;
  const short = rows.findIndex((count) => count < folds);
  if (short < 0) return undefined;
  const detail = { what: `a split into ${folds} folds`, label: classes[short] ?? '', needed: folds };
  return failure('class-too-small', { ...detail, rows: rows[short] ?? 0 });
}

function dealStratified(y: Int32Array, classes: number, { folds, seed }: Dealing): Int32Array {
  const order = classesByFirstRow(y, classes);
  const counts = new Int32Array(classes);
  for (const c of y) counts[c] = (counts[c] ?? 0) + 1;
  const random = seed === undefined ? undefined : seededRandom(seed);
  const queues: Int32Array[] = [];
  let dealt = 0;
  for (const c of order) {
    const queue = new Int32Array(counts[c] ?? 0);
    const sizes = new Int32Array(folds);
    for (let i = 0; i < queue.length; i++, dealt++) sizes[dealt % folds] = (sizes[dealt % folds] ?? 0) + 1;
    let at = 0;
    sizes.forEach((size, fold) => queue.fill(fold, at, (at += size)));
    if (random !== undefined) shuffle(queue, random);
    queues[c] = queue;
  }
  const next = new Int32Array(classes);
  return Int32Array.from(y, (c) => {
    const at = next[c] ?? 0;
    next[c] = at + 1;
    return queues[c]?.[at] ?? 0;
  });
}

function classesByFirstRow(y: Int32Array, classes: number): number[] {
  const first = new Int32Array(classes).fill(y.length);
  for (let row = y.length - 1; row >= 0; row--) first[y[row] ?? 0] = row;
  return Array.from(first, (_, c) => c).sort((a, b) => (first[a] ?? 0) - (first[b] ?? 0));
}
