import type { CsrMatrix } from '../sparse/csr.ts';
import type { BinSettings, Distinct } from './bin-bounds.ts';

/** Larger ones would make sets of categories that are mostly holes. */
const mostCategory = 1_000_000;

/** The share of the rows whose categories have bins however many there are. */
const commonShare = Math.fround(0.99);

/** Categories with bins of their own, from bin 1 on; bin 0 has all others. */
export interface CategoryBins {
  readonly categories: readonly number[];
  /** Bin of category 0, which entries that a row does not hold are in. */
  readonly below: number;
}

/** Why these columns do not hold categories, or nothing. */
export function categoryProblem(x: CsrMatrix, columns: readonly number[]): string | undefined {
  const isOne = new Uint8Array(x.columns);
  for (const column of columns) {
    if (!(column < x.columns)) return `there is no column ${column} of categories among ${x.columns}`;
    isOne[column] = 1;
  }
  if (columns.length === 0) return undefined;
  for (let at = 0; at < x.indices.length; at++) {
    const value = x.values[at] ?? 0;
    const column = x.indices[at] ?? 0;
    if (isOne[column] === 0 || Number.isNaN(value)) continue;
    if (!Number.isInteger(value)) return `column ${column} is of categories, but holds ${value}, which is not whole`;
    if (value > mostCategory) return `column ${column} holds the category ${value}; they may go up to ${mostCategory}`;
  }
  return undefined;
}

/** The most frequent categories, as LightGBM's BinMapper::FindBin takes them. `distinct`: without zeros and missing values. */
export function categoryBins(
  { values, counts }: Distinct,
  { rows, missing }: { readonly rows: number; readonly missing: number },
  { maxBin, minDataInBin }: BinSettings,
): CategoryBins {
  const known: { readonly category: number; readonly count: number }[] = [];
  let [negative, positive] = [0, 0];
  values.forEach((category, at) => {
    const count = counts[at] ?? 0;
    if (category < 0) negative += count;
    else {
      positive += count;
      known.push({ category, count });
    }
  });
  const zeros = rows - missing - negative - positive;
  if (zeros > 0) known.push({ category: 0, count: zeros });
  known.sort((a, b) => b.count - a.count || a.category - b.category);
  const common = Math.floor(Math.fround(Math.fround(rows - missing - negative) * commonShare) + 0.5);
  const most = Math.min(known.length + (missing + negative > 0 ? 1 : 0), maxBin);
  const categories: number[] = [];
  let used = 0;
  for (const [at, { category, count }] of known.entries()) {
    if (used >= common && categories.length + 1 >= most) break;
    if (count < minDataInBin && at > 1) break;
    categories.push(category);
    used += count;
  }
  return { categories, below: categories.indexOf(0) + 1 };
}
