import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ContentHash } from '../core/brands.ts';
import { temporaryBeside } from '../fs/atomic-write.ts';
import { hashBytes, hashFile } from '../fs/hash-file.ts';
import { identityOf, sameIdentity, statOf, youthMs } from '../fs/identity.ts';
import { linkOrCopy, modeOf, onlyCopies, placeFile, type LinkKind, type Placing } from '../fs/link.ts';
import type { ManifestFile } from '../fs/manifest.ts';
import type { StateDb } from '../fs/state-db.ts';
import type { FileToPlace, PlaceOutcome } from './place-many.ts';

/** Up to here a file is read once, and the same bytes are checked and stored. */
export const wholeFileLimit = 8 << 20;

/** What `put` met when the bytes it found were not those that were hashed. */
export class ContentChanged extends Error {}

/**
 * Files by the SHA-256 of their bytes, under `sha256/ab/cdef...`, read-only. An object appears at its name at once and whole: it is
 * written in `tmp/`, where what a killed process leaves is found and removed.
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

  /**
   * Stores content whose hash is not known before: `write` makes the file that it is given the name of, and gives its hash, or undefined
   * when it is not to be kept.
   */
  async adopt(write: (temporary: string) => Promise<ContentHash | undefined>): Promise<void> {
    const temporary = temporaryBeside(join(this.#folder, 'tmp', 'adopted'));
    mkdirSync(dirname(temporary), { recursive: true });
    try {
      const hash = await write(temporary);
      if (hash === undefined || this.has(hash)) return;
      mkdirSync(dirname(this.pathOf(hash)), { recursive: true });
      this.#finish(hash, temporary);
    } finally {
      rmSync(temporary, { force: true });
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
  async place(hash: ContentHash, to: string, how: Placing): Promise<PlaceOutcome> {
    const object = this.pathOf(hash);
    if (!this.has(hash)) return 'missing';
    if (!(await this.#isSound(hash))) {
      this.setAside(hash);
      return 'corrupt';
    }
    await placeFile(object, to, how);
    return 'placed';
  }

  /** Whether files of this store can be had in that folder as copies only, as far as those that were placed before have told. */
  copiesInto(folder: string, kinds: readonly LinkKind[]): boolean {
    return onlyCopies(kinds, statSync(this.#folder).dev, folder);
  }

  /**
   * Copies many small objects to where `files` have them below `target` (absolute): their names are free, their folders are there, and
   * nobody looks into `target` meanwhile. On all cores.
   * `onFile` hears of each. Of those that are missing or damaged, one, and which of the two; undefined when all are placed.
   */
  async copyMany(
    files: readonly ManifestFile[],
    target: string,
    onFile: (file: ManifestFile) => void,
  ): Promise<{ readonly hash: ContentHash; readonly outcome: 'missing' | 'corrupt' } | undefined> {
    const { placeManyFiles } = await import('./place-many.ts');
    const objectOf = this.pathOf.bind(this);
    const tasks = function* (): Generator<FileToPlace> {
      for (const { path, hash, size, executable } of files) {
        yield { path: join(target, path), object: objectOf(hash), hash, size, mode: modeOf(executable) };
      }
    };
    let bad: { hash: ContentHash; outcome: 'missing' | 'corrupt' } | undefined;
    await placeManyFiles(tasks(), (index, outcome) => {
      const file = files[index];
      if (file === undefined) return;
      if (outcome === 'placed') onFile(file);
      else bad ??= { hash: file.hash, outcome };
    });
    if (bad?.outcome === 'corrupt') this.setAside(bad.hash);
    return bad;
  }

  /** Moves a damaged object out of the way, so that a good one can take its name and the bad one can be looked at. */
  setAside(hash: ContentHash): void {
    if (!this.has(hash)) return;
    const quarantine = join(this.#folder, 'quarantine');
    mkdirSync(quarantine, { recursive: true });
    renameSync(this.pathOf(hash), join(quarantine, `${hash}-${randomBytes(4).toString('hex')}`));
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
    mkdirSync(dirname(this.pathOf(hash)), { recursive: true });
    const temporary = temporaryBeside(join(this.#folder, 'tmp', hash));
    mkdirSync(dirname(temporary), { recursive: true });
    return temporary;
  }

  #finish(hash: ContentHash, temporary: string): void {
    chmodSync(temporary, 0o444);
    renameSync(temporary, this.pathOf(hash));
  }
}
