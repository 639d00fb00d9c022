import { seededRandom, type Random } from '../../core/random.ts';

/** What of rows and columns trees see; names and meaning are LightGBM's. */
export interface SamplingParams {
  /** Share of the features that each tree may use. */
  readonly featureFraction: number;
  /** Share of those that each node of a tree may use. */
  readonly featureFractionByNode: number;
  /** Share of the rows that trees are grown on. */
  readonly baggingFraction: number;
  /** Other rows are drawn every so many iterations; 0: all rows are taken. */
  readonly baggingFreq: number;
  readonly seed: number;
  /** Of the rows alone; null: from `seed`. */
  readonly baggingSeed: number | null;
  /** Of the features alone; null: from `seed`. */
  readonly featureFractionSeed: number | null;
}

/** Each kind of draw has numbers of its own, and each of its draws too: what is drawn hangs on nothing that was drawn before. */
const streams = { rows: 1, tree: 2, node: 3 } as const;

/**
 * Draws by the numbers of iterations (from 1) and outputs, so that trees can grow in any order, and a training that goes on from an earlier
 * one draws what the one in one piece would.
 */
export class Sampler {
  readonly #params: SamplingParams;

  constructor(params: SamplingParams) {
    this.#params = params;
  }

  /** Whether anything is left to chance. */
  get draws(): boolean {
    const { featureFraction, featureFractionByNode } = this.#params;
    return featureFraction < 1 || featureFractionByNode < 1 || this.bagNumber(1) !== undefined;
  }

  /** Rows, ascending, that trees of an iteration are grown on; undefined for all. Equal as long as `bagNumber` is. */
  rows(iteration: number, rows: number): Int32Array | undefined {
    const { baggingFraction, baggingSeed, seed } = this.#params;
    const number = this.bagNumber(iteration);
    if (number === undefined) return undefined;
    const count = Math.max(1, Math.floor(rows * baggingFraction));
    return choose(rows, count, stream(baggingSeed ?? seed, streams.rows, number));
  }

  /** Undefined where no rows are drawn. */
  bagNumber(iteration: number): number | undefined {
    const { baggingFraction, baggingFreq } = this.#params;
    return baggingFreq > 0 && baggingFraction < 1 ? Math.floor((iteration - 1) / baggingFreq) : undefined;
  }

  /** How the features that a tree may use are drawn; `tree` counts through all iterations and outputs. */
  featureDraw(tree: number, features: number): Draw {
    const { featureFraction, featureFractionSeed, seed } = this.#params;
    const state = streamSeed(featureFractionSeed ?? seed, streams.tree, tree);
    return { seed: state, all: features, count: shareOf(features, featureFraction) };
  }

  /** Those features, ascending. */
  features(tree: number, features: number): Int32Array {
    const { seed, all, count } = this.featureDraw(tree, features);
    return choose(all, count, seededRandom(seed));
  }

  /** Chooses for node after node of a tree which of its features to look at, a 1 for each; undefined where it is all of them. */
  byNode(tree: number, features: number): (() => Uint8Array) | undefined {
    const { featureFractionByNode, featureFractionSeed, seed } = this.#params;
    if (featureFractionByNode >= 1) return undefined;
    const used = this.features(tree, features);
    const random = stream(featureFractionSeed ?? seed, streams.node, tree);
    return () => {
      const isOne = new Uint8Array(features);
      const chosen = choose(used.length, shareOf(used.length, featureFractionByNode), random);
      for (const at of chosen) isOne[used[at] ?? 0] = 1;
      return isOne;
    };
  }
}

const shareOf = (features: number, fraction: number): number =>
  Math.max(Math.min(1, features), Math.round(features * fraction));

const streamSeed = (seed: number, kind: number, number: number): number =>
  seed ^ Math.imul(kind, 0x85ebca6b) ^ Math.imul(number + 1, 0x9e3779b1);

const stream = (seed: number, kind: number, number: number): Random => seededRandom(streamSeed(seed, kind, number));

/** So many numbers below `all`, which `choose` draws with a random stream of this seed. */
export interface Draw {
  readonly seed: number;
  readonly all: number;
  readonly count: number;
}

/** Ascending; by selection sampling (Knuth, The Art of Computer Programming, volume 2, algorithm S). */
export function choose(all: number, count: number, random: Random): Int32Array {
  if (count >= all) return Int32Array.from({ length: all }, (_, at) => at);
  const chosen = new Int32Array(count);
  let taken = 0;
  for (let at = 0; taken < count; at++) {
    if (random() * (all - at) < count - taken) chosen[taken++] = at;
  }
  return chosen;
}
