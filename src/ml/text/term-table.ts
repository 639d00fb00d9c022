import { IntBuffer, UnitBuffer, textOf } from './units.ts';

export const emptyHash = 0x811c9dc5 | 0;
const hashPrime = 0x01000193;

/** FNV-1a over code units (Fowler, Noll and Vo): one step, so that the hash of a longer n-gram goes on from the shorter one's. */
export const extendHash = (hash: number, unit: number): number => Math.imul(hash ^ unit, hashPrime);

export function hashRange(units: Uint16Array, start: number, end: number): number {
  let hash = emptyHash;
  for (let at = start; at < end; at++) hash = extendHash(hash, units[at] ?? 0);
  return hash;
}

/** FNV's low bits are weak; the table takes its slot from these. */
const spread = (hash: number): number => {
  const mixed = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return mixed ^ (mixed >>> 13);
};

/**
 * Terms and their numbers, 0 upwards in order of first sight. Looks up ranges of code units without making strings,
 * which is what counting hundreds of n-grams a text costs otherwise. Open addressing with linear steps, at most half full.
 */
export class TermTable {
  readonly #pool = new UnitBuffer();
  /** Term i is the pool's range [ends[i], ends[i + 1]). */
  readonly #ends = new IntBuffer();
  readonly #hashes = new IntBuffer();
  /** Pairs of a term's hash and its number + 1, where 0 is a free slot: side by side, a miss touches one line of the cache. */
  #slots = new Int32Array(4096);

  constructor() {
    this.#ends.push(0);
  }

  /**
   * A table with terms laid end to end: term i is the range up to `ends[i]`. Undefined when a range is wrong or a term repeats. Takes all at once,
   * in two plain loops over arrays of their final size: loading a model spends most of its time here, before any of it is compiled.
   */
  static fromUnits(units: Uint16Array, ends: Int32Array): TermTable | undefined {
    const hashes = hashesOfRanges(units, ends);
    if (hashes === undefined) return undefined;
    const table = new TermTable();
    table.#pool.append(units);
    table.#ends.append(ends);
    table.#hashes.append(hashes);
    let length = table.#slots.length;
    while (ends.length * 4 > length) length *= 2;
    table.#slots = new Int32Array(length);
    return table.#placeAll() ? table : undefined;
  }

  static of(terms: readonly string[]): TermTable {
    const table = new TermTable();
    const scratch = new UnitBuffer();
    for (const term of terms) {
      scratch.clear();
      scratch.appendString(term);
      table.intern(scratch.units, 0, term.length, hashRange(scratch.units, 0, term.length));
    }
    return table;
  }

  get size(): number {
    return this.#hashes.length;
  }

  /** The number of a term, or -1. `hash` is that of the range. */
  find(units: Uint16Array, start: number, end: number, hash: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    for (let slot = (spread(hash) << 1) & mask; ; slot = (slot + 2) & mask) {
      const id = (slots[slot + 1] ?? 0) - 1;
      if (id < 0 || (slots[slot] === hash && this.#equals(id, units, start, end))) return id;
    }
  }

  /** The number of a term, which is added when it is new. */
  intern(units: Uint16Array, start: number, end: number, hash: number): number {
    const found = this.find(units, start, end, hash);
    return found < 0 ? this.add(units, start, end, hash) : found;
  }

  /** Adds a term that `find` did not find, and gives its number. */
  add(units: Uint16Array, start: number, end: number, hash: number): number {
    const id = this.size;
    this.#pool.appendRange(units, start, end);
    this.#ends.push(this.#pool.length);
    this.#hashes.push(hash);
    if (this.size * 4 > this.#slots.length) this.#rebuild(this.#slots.length * (this.size < 2 ** 17 ? 4 : 2));
    else this.#place(id);
    return id;
  }

  /** The form that `fromUnits` reads. */
  toUnits(): { readonly units: Uint16Array; readonly ends: Int32Array } {
    return {
      units: this.#pool.units.slice(0, this.#pool.length),
      ends: this.#ends.values.slice(1, this.#ends.length),
    };
  }

  term(id: number): string {
    return textOf(this.#pool.units, this.#ends.values[id] ?? 0, this.#ends.values[id + 1] ?? 0);
  }

  /** The number that a term of this table has in another, or -1. */
  findIn(other: TermTable, id: number): number {
    const ends = this.#ends.values;
    return other.find(this.#pool.units, ends[id] ?? 0, ends[id + 1] ?? 0, this.#hashes.values[id] ?? 0);
  }

  /** Order by code points, as Python sorts strings. Units alone would put U+FF01 after an emoji. */
  compare(a: number, b: number): number {
    const { units } = this.#pool;
    const ends = this.#ends.values;
    const startA = ends[a] ?? 0;
    const startB = ends[b] ?? 0;
    const lengthA = (ends[a + 1] ?? 0) - startA;
    const lengthB = (ends[b + 1] ?? 0) - startB;
    const common = Math.min(lengthA, lengthB);
    for (let i = 0; i < common; i++) {
      const unitA = units[startA + i] ?? 0;
      const unitB = units[startB + i] ?? 0;
      if (unitA !== unitB) return codePointRank(unitA) - codePointRank(unitB);
    }
    return lengthA - lengthB;
  }

  /** The given terms sorted as `compare` does, by numbers made of their first six units where those tell them apart. */
  inOrder(ids: Int32Array): Int32Array {
    const first = new Float64Array(ids.length);
    const second = new Float64Array(ids.length);
    for (let i = 0; i < ids.length; i++) {
      first[i] = this.#sortKey(ids[i] ?? 0, 0);
      second[i] = this.#sortKey(ids[i] ?? 0, 3);
    }
    const order = Int32Array.from(ids.keys()).sort((a, b) => {
      const difference = (first[a] ?? 0) - (first[b] ?? 0) || (second[a] ?? 0) - (second[b] ?? 0);
      return difference || this.compare(ids[a] ?? 0, ids[b] ?? 0);
    });
    return order.map((i) => ids[i] ?? 0);
  }

  /** Three units of a term in one number of 51 bits; a term that ends before comes first. */
  #sortKey(id: number, skipped: number): number {
    const { units } = this.#pool;
    const end = this.#ends.values[id + 1] ?? 0;
    let key = 0;
    for (let at = (this.#ends.values[id] ?? 0) + skipped, i = 0; i < 3; i++, at++) {
      key = key * 0x20000 + (at < end ? codePointRank(units[at] ?? 0) + 1 : 0);
    }
    return key;
  }

  /** The given terms in a table of their own, numbered in that order. */
  pick(ids: Int32Array): TermTable {
    const picked = new TermTable();
    const ends = this.#ends.values;
    for (const id of ids) {
      picked.intern(this.#pool.units, ends[id] ?? 0, ends[id + 1] ?? 0, this.#hashes.values[id] ?? 0);
    }
    return picked;
  }

  #equals(id: number, units: Uint16Array, start: number, end: number): boolean {
    const from = this.#ends.values[id] ?? 0;
    const length = end - start;
    if ((this.#ends.values[id + 1] ?? 0) - from !== length) return false;
    const pool = this.#pool.units;
    for (let i = 0; i < length; i++) if (pool[from + i] !== units[start + i]) return false;
    return true;
  }

  #place(id: number): void {
    const slots = this.#slots;
    const mask = slots.length - 1;
    const hash = this.#hashes.values[id] ?? 0;
    let slot = (spread(hash) << 1) & mask;
    while (slots[slot + 1] !== 0) slot = (slot + 2) & mask;
    slots[slot] = hash;
    slots[slot + 1] = id + 1;
  }

  /** Puts every term into the empty slots; false when one is there twice. */
  #placeAll(): boolean {
    const slots = this.#slots;
    const mask = slots.length - 1;
    const hashes = this.#hashes.values;
    const ends = this.#ends.values;
    const { units } = this.#pool;
    for (let id = 0; id < this.size; id++) {
      const hash = hashes[id] ?? 0;
      let slot = (spread(hash) << 1) & mask;
      for (; slots[slot + 1] !== 0; slot = (slot + 2) & mask) {
        if (slots[slot] !== hash) continue;
        if (this.#equals((slots[slot + 1] ?? 0) - 1, units, ends[id] ?? 0, ends[id + 1] ?? 0)) return false;
      }
      slots[slot] = hash;
      slots[slot + 1] = id + 1;
    }
    return true;
  }

  #rebuild(length: number): void {
    this.#slots = new Int32Array(length);
    for (let id = 0; id < this.size; id++) this.#place(id);
  }
}

/** The hash of each range up to `ends[i]` from the one before; undefined unless they cover all units in order. */
function hashesOfRanges(units: Uint16Array, ends: Int32Array): Int32Array | undefined {
  const hashes = new Int32Array(ends.length);
  let at = 0;
  for (let id = 0; id < ends.length; id++) {
    const end = ends[id] ?? 0;
    if (end < at || end > units.length) return undefined;
    let hash = emptyHash;
    // As extendHash, without the call.
    for (; at < end; at++) hash = Math.imul(hash ^ (units[at] ?? 0), hashPrime);
    hashes[id] = hash;
  }
  return at === units.length ? hashes : undefined;
}

/** Surrogates stand for the code points above all others. */
const codePointRank = (unit: number): number => (unit >= 0xd800 && unit < 0xe000 ? unit + 0x10000 : unit);
