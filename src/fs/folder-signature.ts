import { createHash } from 'node:crypto';
import type { Stats } from 'node:fs';
import type { FolderFacts } from './walk.ts';

const numbersAFile = 5;
const filesAtOnce = 512;

/**
 * Sums up names and identities of all files of a directory, so that one comparison tells that none changed. Takes them one by one and
 * keeps none: a directory of many files is looked at without an object for each.
 */
export class FolderSignature {
  readonly #hash = createHash('sha256');
  readonly #numbers = new Float64Array(numbersAFile * filesAtOnce);
  #paths = '';
  #waiting = 0;

  readonly add = (path: string, { size, mtimeMs, ctimeMs, ino, mode }: Stats): void => {
    const at = this.#waiting * numbersAFile;
    this.#numbers[at] = size;
    this.#numbers[at + 1] = mtimeMs;
    this.#numbers[at + 2] = ctimeMs;
    this.#numbers[at + 3] = ino;
    this.#numbers[at + 4] = mode;
    this.#paths += `${path}\0`;
    this.#waiting++;
    if (this.#waiting === filesAtOnce) this.#digest();
  };

  /** The signature, in hex; nothing may be added afterwards. */
  end({ emptyFolders, rules }: FolderFacts): string {
    this.#digest();
    return this.#hash.update(JSON.stringify([emptyFolders, rules])).digest('hex');
  }

  /** The numbers have a fixed length each, so where they begin and end is never in doubt. */
  #digest(): void {
    const numbers = new Uint8Array(
      this.#numbers.buffer,
      0,
      this.#waiting * numbersAFile * Float64Array.BYTES_PER_ELEMENT,
    );
    this.#hash.update(`${this.#waiting}\0`).update(this.#paths).update(numbers);
    this.#paths = '';
    this.#waiting = 0;
  }
}
