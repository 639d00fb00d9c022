import { failure } from '../../core/failure.ts';
import { seededRandom, shuffle } from '../../core/random.ts';
import type { Result } from '../../core/result.ts';
import { err, ok } from '../../core/result.ts';

/** Row numbers of two parts, each in ascending order. */
export interface Split {
  readonly train: Int32Array;
  readonly test: Int32Array;
}

/**
 * Parts the rows so that each class has the same share in both, as near as whole rows allow (largest remainders).
 * The test part has ceil(testSize x rows) rows. The same seed and labels give the same parts.
 */
export function stratifiedSplit(
  y: Int32Array,
  classes: readonly string[],
  options: { readonly testSize: number; readonly seed: number },
): Result<Split> {
  const members = rowsByClass(y, classes.length);
  for (const [c, rows] of members.entries()) {
    if (rows.length < 2) {
      const detail = { what: 'a stratified split', label: classes[c] ?? '', rows: rows.length, needed: 2 };
      return err(failure('class-too-small', detail));
    }
  }
  const quotas = testQuotas(members, Math.ceil(options.testSize * y.length));
  const random = seededRandom(options.seed);
  const inTest = new Uint8Array(y.length);
  for (const [c, rows] of members.entries()) {
    shuffle(rows, random);
    for (const row of rows.subarray(0, quotas[c] ?? 0)) inTest[row] = 1;
  }
  const all = Int32Array.from(y, (_, row) => row);
  return ok({ train: all.filter((row) => inTest[row] === 0), test: all.filter((row) => inTest[row] === 1) });
}

/** Which of `folds` parts each row is held out in, with every class dealt evenly over them. */
export function stratifiedFolds(y: Int32Array, classes: number, folds: number, seed: number): Uint8Array {
  const random = seededRandom(seed);
  const foldOf = new Uint8Array(y.length);
  let next = 0;
  for (const rows of rowsByClass(y, classes)) {
    shuffle(rows, random);
    // Going on where the last class stopped keeps the folds of equal size.
    for (const row of rows) foldOf[row] = next++ % folds;
  }
  return foldOf;
}

function rowsByClass(y: Int32Array, classes: number): Int32Array[] {
  const sizes = new Int32Array(classes);
  for (const c of y) sizes[c] = (sizes[c] ?? 0) + 1;
  const members = Array.from(sizes, (size) => new Int32Array(size));
  const filled = new Int32Array(classes);
  for (let row = 0; row < y.length; row++) {
    const c = y[row] ?? 0;
    const at = filled[c] ?? 0;
    const rows = members[c];
    if (rows !== undefined) rows[at] = row;
    filled[c] = at + 1;
  }
  return members;
}

/** Rows of each class that go to the test part; every class keeps one on both sides. */
function testQuotas(members: readonly Int32Array[], testRows: number): number[] {
  const rows = members.reduce((sum, list) => sum + list.length, 0);
  const exact = members.map((list) => (list.length * testRows) / rows);
  const quotas = exact.map((share, c) => clamp(Math.floor(share), 1, (members[c]?.length ?? 2) - 1));
  const byRemainder = exact
    .map((share, c) => ({ c, remainder: share - Math.floor(share) }))
    .sort((a, b) => b.remainder - a.remainder || a.c - b.c);
  let missing = testRows - quotas.reduce((sum, quota) => sum + quota, 0);
  for (const { c } of byRemainder) {
    const quota = quotas[c] ?? 0;
    if (missing > 0 && quota < (members[c]?.length ?? 2) - 1) {
      quotas[c] = quota + 1;
      missing--;
    }
  }
  return quotas;
}

const clamp = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high);
