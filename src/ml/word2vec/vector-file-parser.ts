import { TermTable, hashRange } from '../text/term-table.ts';
import { UnitBuffer } from '../text/units.ts';

/** Numbers that a vector has at most, and bytes that a word or line takes at most: hostile files ask for no more memory than that. */
const mostNumbers = 10_000;
const mostWordBytes = 4096;
export const mostRecordBytes = 1 << 20;

const newline = 10;
const space = 32;

/** What the first line says; `words` is null where there is no such line (GloVe). */
interface Shape {
  readonly words: number | null;
  readonly size: number;
  readonly isBinary: boolean;
}

/**
 * Reads the formats of the word2vec program, piece by piece. The first line is "words size". Text: a line a word, with its numbers behind it. Binary: the
 * word, a space, and its numbers as 32-bit floats, little endian; a line break may follow. The text format without a first line is GloVe's. Of a word that
 * is there twice the first vector counts, as in gensim.
 */
export class VectorFileParser {
  readonly terms = new TermTable();
  #values = new Float32Array(0);
  #shape: Shape | undefined;
  #words = 0;
  #line = 1;
  /** Bytes of the file before the piece at hand. */
  #offset = 0;
  readonly #only: TermTable | undefined;
  readonly #scratch = new UnitBuffer();

  /** Of the words in the file only those in `only`, where it is given. */
  constructor(only?: TermTable) {
    this.#only = only;
  }

  get size(): number {
    return this.#shape?.size ?? 0;
  }

  /** Words in the file, so far. */
  get words(): number {
    return this.#words;
  }

  /** One row of `size` a term. */
  values(): Float32Array {
    return this.#values.slice(0, this.terms.size * this.size);
  }

  /** Takes what is whole at the beginning of a piece: how many bytes that is, or a text that says what is wrong. */
  take(piece: Buffer, isLast: boolean): number | string {
    let at = 0;
    if (this.#shape === undefined) {
      const end = piece.indexOf(newline);
      if (end < 0) return isLast ? 'it has no first line' : 0;
      const shape = shapeOf(piece.toString('utf8', 0, Math.min(end, mostRecordBytes)), piece.subarray(end + 1));
      if (typeof shape === 'string') return shape;
      this.#shape = shape;
      if (shape.words !== null) {
        at = end + 1;
        this.#line = 2;
      }
    }
    const next = this.#shape.isBinary ? this.#takeBinary(piece, at) : this.#takeText(piece, at, isLast);
    if (typeof next === 'number') this.#offset += next;
    return next;
  }

  /** What is wrong with a file that ends here, with so many bytes left over. */
  endProblem(left: number): string | undefined {
    const { words = null } = this.#shape ?? {};
    if (words !== null && this.#words < words) {
      return `it ends at byte ${this.#offset + left} with ${this.#words} words, but its first line says ${words}`;
    }
    if (left > 0) return `byte ${this.#offset} and what follows belong to no word`;
    return this.#words === 0 ? 'it holds no words' : undefined;
  }

  #isFull(): boolean {
    const { words = null } = this.#shape ?? {};
    return words !== null && this.#words === words;
  }

  #takeBinary(piece: Buffer, from: number): number | string {
    let at = from;
    for (;;) {
      while (piece[at] === newline) at++;
      if (this.#isFull()) return at;
      const end = piece.subarray(at, at + mostWordBytes).indexOf(space);
      if (end < 0) {
        if (piece.length - at < mostWordBytes) return at;
        return `no word ends within ${mostWordBytes} bytes of byte ${this.#offset + at}`;
      }
      const start = at + end + 1;
      if (start + this.size * 4 > piece.length) return at;
      const slot = this.#slotFor(piece.toString('utf8', at, at + end));
      for (let i = 0; i < this.size; i++) {
        const value = piece.readFloatLE(start + i * 4);
        if (!Number.isFinite(value)) {
          return `number ${i + 1} of word ${this.#words} at byte ${this.#offset + at} is not finite`;
        }
        if (slot >= 0) this.#values[slot + i] = value;
      }
      at = start + this.size * 4;
    }
  }

  #takeText(piece: Buffer, from: number, isLast: boolean): number | string {
    let at = from;
    while (at < piece.length) {
      const found = piece.indexOf(newline, at);
      if (found < 0 && !isLast) break;
      const end = found < 0 ? piece.length : found;
      const problem = this.#takeLine(piece.toString('utf8', at, end).trimEnd());
      if (problem !== undefined) return `line ${this.#line} ${problem}`;
      this.#line++;
      at = Math.min(piece.length, end + 1);
    }
    return at;
  }

  #takeLine(line: string): string | undefined {
    if (this.#isFull()) return line === '' ? undefined : `is one more than the ${this.#words} words of the first line`;
    if (line === '') return this.#shape?.words === null ? undefined : 'is empty';
    const fields = line.split(' ');
    if (fields.length - 1 !== this.size) return `has ${fields.length - 1} numbers, not ${this.size}`;
    const slot = this.#slotFor(fields[0] ?? '');
    if (slot < 0) return undefined;
    for (let i = 0; i < this.size; i++) {
      const field = fields[i + 1] ?? '';
      const value = Math.fround(Number(field));
      if (field === '' || !Number.isFinite(value)) return `has "${field.slice(0, 40)}" where a number should be`;
      this.#values[slot + i] = value;
    }
    return undefined;
  }

  /** Where a word's numbers go; -1 when it is not wanted, or there already. */
  #slotFor(word: string): number {
    this.#words++;
    const scratch = this.#scratch;
    scratch.clear();
    scratch.appendString(word);
    const hash = hashRange(scratch.units, 0, word.length);
    if (this.#only !== undefined && this.#only.find(scratch.units, 0, word.length, hash) < 0) return -1;
    const term = this.terms.size;
    if (this.terms.intern(scratch.units, 0, word.length, hash) !== term) return -1;
    const needed = (term + 1) * this.size;
    if (needed > this.#values.length) {
      const grown = new Float32Array(Math.max(needed, this.#values.length * 2, 1024));
      grown.set(this.#values);
      this.#values = grown;
    }
    return term * this.size;
  }
}

/** What the first line says, and whether text or floats follow: those hold bytes that no text does. */
function shapeOf(first: string, rest: Buffer): Shape | string {
  const fields = first.trimEnd().split(' ');
  const announced = fields.length === 2 && fields.every((field) => /^\d{1,15}$/u.test(field));
  const size = announced ? Number(fields[1]) : fields.length - 1;
  if (!announced && fields.length < 3) return 'its first line is neither "words size" nor a word with its numbers';
  if (size < 1 || size > mostNumbers) return `it has vectors of ${size} numbers; 1 to ${mostNumbers} can be read`;
  if (!announced) return { words: null, size, isBinary: false };
  const isBinary = rest.subarray(0, 4096).some((byte) => byte < 9 || (byte > 13 && byte < 32));
  return { words: Number(fields[0]), size, isBinary };
}
