import { zeroThreshold } from '../trees/ensemble.ts';

export interface BinSettings {
  /** Most bins of a feature, the bin of zero among them. */
  readonly maxBin: number;
  /** Fewest rows of a bin. */
  readonly minDataInBin: number;
}

/** Distinct values in ascending order with how many rows have each; rows of zero are not among them. */
export interface Distinct {
  readonly values: Float64Array;
  readonly counts: Int32Array;
}

/** Upper bounds of a feature's bins but the last one's; bin `below` is the one that holds zero. */
export interface Bins {
  readonly bounds: readonly number[];
  readonly below: number;
}

/**
 * Bins of about equal numbers of rows on either side of zero, which has one of its own: what LightGBM's BinMapper finds for numerical
 * features without missing values (FindBinWithZeroAsOneBin and GreedyFindBin in its src/io/bin.cpp, version 4).
 */
export function findBins(distinct: Distinct, rows: number, settings: BinSettings): Bins {
  const { values } = distinct;
  let negative = 0;
  while (negative < values.length && (values[negative] ?? 0) <= -zeroThreshold) negative++;
  const left = part(distinct, 0, negative);
  const right = part(distinct, negative, values.length);
  const present = left.total + right.total;
  const bounds: number[] = [];
  if (left.total > 0 && settings.maxBin > 1) {
    const share = Math.floor((left.total / Math.max(present, 1)) * (settings.maxBin - 1));
    bounds.push(...greedyBounds(left, Math.max(1, share), settings.minDataInBin), -zeroThreshold);
  }
  const below = bounds.length;
  const room = settings.maxBin - 1 - (left.total > 0 ? bounds.length : 0);
  if (right.total > 0 && room > 0) {
    bounds.push(zeroThreshold, ...greedyBounds(right, room, settings.minDataInBin));
  }
  return rows > 0 ? { bounds, below } : { bounds: [], below: 0 };
}

interface Part extends Distinct {
  readonly total: number;
}

function part({ values, counts }: Distinct, from: number, to: number): Part {
  const own = counts.subarray(from, to);
  return { values: values.subarray(from, to), counts: own, total: own.reduce((sum, count) => sum + count, 0) };
}

/** Bounds between bins; the last bin, which reaches to infinity or to zero, has none. */
function greedyBounds(given: Part, maxBin: number, minDataInBin: number): number[] {
  const { values, counts } = given;
  return values.length <= maxBin
    ? boundsOfFew(values, counts, minDataInBin)
    : boundsOfMany(given, maxBin, minDataInBin);
}

function boundsOfFew(values: Float64Array, counts: Int32Array, minDataInBin: number): number[] {
  const bounds: number[] = [];
  let rows = 0;
  for (let i = 0; i + 1 < values.length; i++) {
    rows += counts[i] ?? 0;
    if (rows < minDataInBin) continue;
    const bound = between(values[i] ?? 0, values[i + 1] ?? 0);
    if (pushed(bounds, bound)) rows = 0;
  }
  return bounds;
}

function boundsOfMany({ values, counts, total }: Part, most: number, minDataInBin: number): number[] {
  const maxBin = minDataInBin > 0 ? Math.min(most, Math.max(1, Math.floor(total / minDataInBin))) : most;
  let mean = total / maxBin;
  const isBig = Uint8Array.from(counts, (count) => (count >= mean ? 1 : 0));
  let restBins = maxBin;
  let restRows = total;
  counts.forEach((count, i) => {
    if (isBig[i] !== 1) return;
    restBins--;
    restRows -= count;
  });
  mean = restRows / restBins;
  const uppers: number[] = [];
  const lowers: number[] = [];
  let rows = 0;
  for (let i = 0; i + 1 < values.length; i++) {
    const big = isBig[i] === 1;
    if (!big) restRows -= counts[i] ?? 0;
    rows += counts[i] ?? 0;
    if (!big && rows < mean && !(isBig[i + 1] === 1 && rows >= Math.max(1, mean * 0.5))) continue;
    uppers.push(values[i] ?? 0);
    lowers.push(values[i + 1] ?? 0);
    if (uppers.length >= maxBin - 1) break;
    rows = 0;
    if (!big) {
      restBins--;
      mean = restRows / restBins;
    }
  }
  const bounds: number[] = [];
  uppers.forEach((upper, i) => pushed(bounds, between(upper, lowers[i] ?? 0)));
  return bounds;
}

/** False where the bound is the same as the one before, up to the last digit. */
function pushed(bounds: number[], bound: number): boolean {
  const last = bounds.at(-1);
  if (last !== undefined && bound <= nextAfter(last)) return false;
  bounds.push(bound);
  return true;
}

const between = (low: number, high: number): number => nextAfter((low + high) / 2);

const bits = new DataView(new ArrayBuffer(8));

/** The next larger number. */
function nextAfter(value: number): number {
  if (value === 0) return Number.MIN_VALUE;
  bits.setFloat64(0, value);
  bits.setBigInt64(0, bits.getBigInt64(0) + (value > 0 ? 1n : -1n));
  return bits.getFloat64(0);
}
