import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ContentHash } from '../core/brands.ts';
import { temporaryBeside } from '../fs/atomic-write.ts';
import { hashBytes, hashFile } from '../fs/hash-file.ts';
import { identityOf, sameIdentity, statOf, youthMs } from '../fs/identity.ts';
import { linkOrCopy, placeFile, type Placing } from '../fs/link.ts';
import type { StateDb } from '../fs/state-db.ts';

/** Up to here a file is read once, and the same bytes are checked and stored. */
export const wholeFileLimit = 8 << 20;

/** What `put` met when the bytes it found were not those that were hashed. */
export class ContentChanged extends Error {}

/**
 * Files by the SHA-256 of their bytes, under `sha256/ab/cdef...`, read-only. An object appears at its name at once and whole.
 * What is taken out is checked against its name, so that a damaged object is never handed on.
 * Methods throw the system's errors; the callers in this folder turn them into failures.
 */
export class ObjectStore {
  readonly #folder: string;
  readonly #state: StateDb;

  constructor(options: { readonly folder: string; readonly state: StateDb }) {
    this.#folder = options.folder;
    this.#state = options.state;
  }

  pathOf(hash: ContentHash): string {
    return join(this.#folder, 'sha256', hash.slice(0, 2), hash.slice(2));
  }

  /** Whether there is an object of that name; its bytes are checked when it is used. */
  has(hash: ContentHash): boolean {
    return statOf(this.pathOf(hash)) !== undefined;
  }

  /**
   * Stores a file that was hashed before. Throws ContentChanged when it is not what was hashed any more; of a file above
   * `wholeFileLimit` only when it changes while it is stored. `onBytes` hears how much of a large one is done.
   */
  async put(file: string, hash: ContentHash, onBytes: (done: number) => void = () => undefined): Promise<void> {
    if (this.has(hash)) return;
    const before = statOf(file);
    if (before === undefined) throw new ContentChanged(file);
    if (before.size <= wholeFileLimit) {
      const bytes = readFileSync(file);
      if (hashBytes(bytes) !== hash) throw new ContentChanged(file);
      this.putBytes(bytes, hash);
      return;
    }
    await this.#install(hash, async (temporary) => {
      await linkOrCopy(file, temporary, { kinds: ['reflink'], onBytes });
      const after = statOf(file);
      if (after === undefined || !sameIdentity(identityOf(before), identityOf(after))) throw new ContentChanged(file);
    });
  }

  putBytes(bytes: Uint8Array | string, hash: ContentHash): void {
    if (this.has(hash)) return;
    const temporary = this.#temporaryFor(hash);
    try {
      writeFileSync(temporary, bytes, { flag: 'wx' });
      this.#finish(hash, temporary);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
  }

  /** The bytes of a small object, checked; undefined when it is missing or was damaged (then it is set aside). */
  read(hash: ContentHash): Buffer | undefined {
    if (!this.has(hash)) return undefined;
    const bytes = readFileSync(this.pathOf(hash));
    if (hashBytes(bytes) === hash) return bytes;
    this.setAside(hash);
    return undefined;
  }

  /** Makes `to` a file with the object's bytes. */
  async place(hash: ContentHash, to: string, how: Placing): Promise<'placed' | 'missing' | 'corrupt'> {
    const object = this.pathOf(hash);
    if (!this.has(hash)) return 'missing';
    if (!(await this.#isSound(hash))) {
      this.setAside(hash);
      return 'corrupt';
    }
    await placeFile(object, to, how);
    return 'placed';
  }

  /** Moves a damaged object out of the way, so that a good one can take its name and the bad one can be looked at. */
  setAside(hash: ContentHash): void {
    if (!this.has(hash)) return;
    const quarantine = join(this.#folder, 'quarantine');
    mkdirSync(quarantine, { recursive: true });
    renameSync(this.pathOf(hash), join(quarantine, `${hash}-${Date.now().toString(36)}`));
  }

  /** Whether the object's bytes still have its name as their hash; remembered by the file's identity. */
  async #isSound(hash: ContentHash): Promise<boolean> {
    const object = this.pathOf(hash);
    const stats = statOf(object);
    if (stats === undefined) return false;
    const identity = identityOf(stats);
    const key = `cache:${hash}`;
    if (this.#state.fileHash(key, identity) === hash) return true;
    const startedAt = Date.now();
    const found = await hashFile(object, identity.size);
    if (found !== hash) return false;
    if (youthMs(identity, startedAt) === 0) this.#state.rememberFile(key, identity, hash);
    return true;
  }

  async #install(hash: ContentHash, write: (temporary: string) => Promise<void>): Promise<void> {
    const temporary = this.#temporaryFor(hash);
    try {
      await write(temporary);
      this.#finish(hash, temporary);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
  }

  #temporaryFor(hash: ContentHash): string {
    const object = this.pathOf(hash);
    mkdirSync(dirname(object), { recursive: true });
    return temporaryBeside(object);
  }

  #finish(hash: ContentHash, temporary: string): void {
    chmodSync(temporary, 0o444);
    renameSync(temporary, this.pathOf(hash));
  }
}
