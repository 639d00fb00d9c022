import { hashRange } from '../text/term-table.ts';
import type { TermTable } from '../text/term-table.ts';
import { UnitBuffer } from '../text/units.ts';

/** Words and their vectors. */
export class WordVectors {
  readonly terms: TermTable;
  readonly size: number;
  /** [words, size] by rows. */
  readonly values: Float32Array;
  /** How often each word was seen in training; null where that is not known. */
  readonly counts: Int32Array | null;

  constructor(terms: TermTable, values: Float32Array, counts: Int32Array | null) {
    this.terms = terms;
    this.size = terms.size === 0 ? 0 : values.length / terms.size;
    this.values = values;
    this.counts = counts;
  }

  /** The vector of a word, as a view; undefined for an unknown word. */
  vector(word: string): Float32Array | undefined {
    const scratch = new UnitBuffer();
    scratch.appendString(word);
    const { units } = scratch;
    const id = this.terms.find(units, 0, word.length, hashRange(units, 0, word.length));
    return id < 0 ? undefined : this.values.subarray(id * this.size, (id + 1) * this.size);
  }

  /** The words of the greatest cosine to a vector, the nearest first; words in `without` are passed over. */
  nearest(
    vector: Float32Array,
    most: number,
    without: readonly string[] = [],
  ): { readonly word: string; readonly cosine: number }[] {
    const cosines = new Float64Array(this.terms.size);
    const length = Math.sqrt(dot(vector, vector)) || 1;
    for (let id = 0; id < cosines.length; id++) {
      const own = this.values.subarray(id * this.size, (id + 1) * this.size);
      cosines[id] = dot(own, vector) / (length * (Math.sqrt(dot(own, own)) || 1));
    }
    const order = Int32Array.from(cosines.keys()).sort((a, b) => (cosines[b] ?? 0) - (cosines[a] ?? 0) || a - b);
    const found: { word: string; cosine: number }[] = [];
    for (let at = 0; at < order.length && found.length < most; at++) {
      const id = order[at] ?? 0;
      const word = this.terms.term(id);
      if (!without.includes(word)) found.push({ word, cosine: cosines[id] ?? 0 });
    }
    return found;
  }
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}
