import { codePointAt } from '../text/characters.ts';

const rotateLeft = (value: number, by: number): number => (value << by) | (value >>> (32 - by));

const scramble = (block: number): number => Math.imul(rotateLeft(Math.imul(block, 0xcc9e2d51), 15), 0x1b873593);

/** MurmurHash3_x86_32 of the first `length` bytes with seed 0 (Austin Appleby 2011, public domain), as a signed number. */
export function murmurHash3(bytes: Uint8Array, length: number): number {
  let hash = 0;
  const whole = length & ~3;
  for (let at = 0; at < whole; at += 4) {
    const block =
      (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24);
    hash = (Math.imul(rotateLeft(hash ^ scramble(block), 13), 5) + 0xe6546b64) | 0;
  }
  let tail = 0;
  for (let at = length - 1; at >= whole; at--) tail = (tail << 8) | (bytes[at] ?? 0);
  hash ^= scramble(tail) ^ length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

/** Hashes text as UTF-8, in a buffer that is made once. */
export class Utf8Hasher {
  #bytes = new Uint8Array(1024);

  /** MurmurHash3 of a range of UTF-16 units. A lone surrogate, which UTF-8 cannot say, counts as U+FFFD. */
  hash(units: Uint16Array, start: number, end: number): number {
    const most = (end - start) * 3;
    if (most > this.#bytes.length) this.#bytes = new Uint8Array(most * 2);
    const bytes = this.#bytes;
    let length = 0;
    for (let at = start; at < end; at++) {
      const unit = units[at] ?? 0;
      if (unit < 0x80) {
        bytes[length++] = unit;
        continue;
      }
      const found = codePointAt(units, at, end);
      const point = found >= 0xd800 && found < 0xe000 ? 0xfffd : found;
      if (point < 0x800) {
        bytes[length++] = 0xc0 | (point >> 6);
      } else {
        if (point < 0x10000) {
          bytes[length++] = 0xe0 | (point >> 12);
        } else {
          at++;
          bytes[length++] = 0xf0 | (point >> 18);
          bytes[length++] = 0x80 | ((point >> 12) & 0x3f);
        }
        bytes[length++] = 0x80 | ((point >> 6) & 0x3f);
      }
      bytes[length++] = 0x80 | (point & 0x3f);
    }
    return murmurHash3(bytes, length);
  }
}
