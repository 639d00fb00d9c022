import { hash as hashOnce } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Artifact } from '../core/artifact.ts';
import type { ContentHash } from '../core/brands.ts';
import { failure } from '../core/failure.ts';
import { err, ok, type Result } from '../core/result.ts';
import { hashFile } from './hash-file.ts';
import { identityOf, sameIdentity, statOf, youthMs, type FileIdentity } from './identity.ts';
import { manifestHash, type Manifest, type ManifestFile } from './manifest.ts';
import type { StateDb } from './state-db.ts';
import { systemProblem } from './system-problem.ts';
import { resolveEntry, walkFolder, type Walked, type WalkedFile } from './walk.ts';

/** Files at least this large wait out their youth before they are hashed, so that they need not be hashed again next time. */
const worthWaitingBytes = 4 << 20;
/** How long a loop over many small files may hold the event loop. */
const sliceMs = 40;

/** Hears the path of the file or directory being hashed, and its bytes done and in all. */
export type HashProgress = (path: string, done: number, total: number) => void;

/** Hashes files and directories of one workspace, and remembers what it hashed. */
export class Hasher {
  readonly #root: string;
  readonly #state: StateDb;
  readonly #onProgress: HashProgress;
  #realRoot: string | undefined;
  /** Manifests made by this process, by the hash of the directory: storing it needs them again. */
  readonly #manifests = new Map<ContentHash, Manifest>();

  constructor(options: { readonly root: string; readonly state: StateDb; readonly onProgress?: HashProgress }) {
    this.#root = options.root;
    this.#state = options.state;
    this.#onProgress = options.onProgress ?? (() => undefined);
  }

  /** What stands at a workspace-relative path now; undefined when nothing does. */
  async artifact(path: string): Promise<Result<Artifact | undefined>> {
    // A dep may be absolute.
    const absolute = resolve(this.#root, path);
    try {
      const stats = statOf(absolute);
      if (stats === undefined) return ok(undefined);
      const found = stats.isFile() || stats.isDirectory() ? stats : resolveEntry(absolute, this.#workspaceRealPath());
      if (found === undefined) return ok(undefined);
      if (typeof found === 'string') return err(failure('untrackable-file', { path, why: found }));
      return found.isDirectory()
        ? await this.#folder(path, absolute)
        : ok(await this.#file(path, absolute, identityOf(found)));
    } catch (error) {
      return err(systemProblem(error, { what: 'read', path }));
    }
  }

  /**
   * The manifest of a directory that was hashed: as it was then, when this process hashed it, else as it is now.
   * Undefined when there is no directory.
   */
  async manifest(artifact: Artifact): Promise<Result<Manifest | undefined>> {
    const known = this.#manifests.get(artifact.hash);
    if (known !== undefined) return ok(known);
    const absolute = resolve(this.#root, artifact.path);
    try {
      if (statOf(absolute)?.isDirectory() !== true) return ok(undefined);
      const walked = walkFolder(this.#root, absolute);
      return walked.ok ? ok(await this.#manifestOf(artifact.path, walked.value)) : walked;
    } catch (error) {
      return err(systemProblem(error, { what: 'read', path: artifact.path }));
    }
  }

  #workspaceRealPath(): string {
    this.#realRoot ??= realpathSync(this.#root);
    return this.#realRoot;
  }

  async #file(path: string, absolute: string, identity: FileIdentity): Promise<Artifact> {
    const known = this.#state.fileHash(path, identity);
    const hash = known ?? (await this.#hashAndRemember(path, absolute, identity));
    return { path, hash, size: identity.size, ...(isExecutable(identity) ? { executable: true } : {}) };
  }

  async #folder(path: string, absolute: string): Promise<Result<Artifact>> {
    const startedAt = Date.now();
    const walked = walkFolder(this.#root, absolute);
    if (!walked.ok) return walked;
    const signature = signatureOf(walked.value);
    const known = this.#state.folder(path, signature);
    if (known !== undefined) return ok({ path, ...known });
    const manifest = await this.#manifestOf(path, walked.value);
    const found = {
      hash: manifestHash(manifest),
      size: manifest.files.reduce((sum, file) => sum + file.size, 0),
      files: manifest.files.length,
    };
    this.#manifests.set(found.hash, manifest);
    const settled = walked.value.files.every((file) => youthMs(file.identity, startedAt) === 0);
    if (settled) this.#state.rememberFolder(path, signature, found);
    return ok({ path, ...found });
  }

  async #manifestOf(path: string, walked: Walked): Promise<Manifest> {
    const total = walked.files.reduce((sum, file) => sum + file.identity.size, 0);
    const files: ManifestFile[] = [];
    let done = 0;
    let sliceStart = performance.now();
    for (const file of walked.files) {
      files.push(await this.#manifestFile(path, file));
      done += file.identity.size;
      if (performance.now() - sliceStart > sliceMs) {
        this.#onProgress(path, done, total);
        await sleep(0);
        sliceStart = performance.now();
      }
    }
    return { files, emptyFolders: walked.emptyFolders };
  }

  async #manifestFile(folder: string, file: WalkedFile): Promise<ManifestFile> {
    const path = `${folder}/${file.path}`;
    const hash =
      this.#state.fileHash(path, file.identity) ?? (await this.#hashAndRemember(path, file.absolute, file.identity));
    return { path: file.path, hash, size: file.identity.size, executable: isExecutable(file.identity) };
  }

  async #hashAndRemember(path: string, absolute: string, identity: FileIdentity): Promise<ContentHash> {
    const young = youthMs(identity, Date.now());
    // Timers and clocks count whole milliseconds, so a little more than the youth.
    if (young > 0 && young < 1000 && identity.size >= worthWaitingBytes) await sleep(Math.ceil(young) + 2);
    const startedAt = Date.now();
    const hash = await hashFile(absolute, identity.size, (done) => {
      this.#onProgress(path, done, identity.size);
    });
    // A file that changed while it was read, or may still change within its clock tick, is not remembered.
    const after = statOf(absolute);
    const isLink = after?.isSymbolicLink() === true;
    if (
      after !== undefined &&
      !isLink &&
      sameIdentity(identityOf(after), identity) &&
      youthMs(identity, startedAt) === 0
    ) {
      this.#state.rememberFile(path, identity, hash);
    }
    return hash;
  }
}

const isExecutable = (identity: FileIdentity): boolean => process.platform !== 'win32' && (identity.mode & 0o100) !== 0;

/** Sums up names and identities of all files of a directory, so that one comparison tells that none changed. */
function signatureOf(walked: Walked): string {
  const lines = walked.files.map(
    ({ path, identity: i }) => `${path}\0${i.size}\0${i.mtimeMs}\0${i.ctimeMs}\0${i.ino}\0${i.mode}`,
  );
  return hashOnce('sha256', JSON.stringify([lines, walked.emptyFolders]), 'hex');
}
