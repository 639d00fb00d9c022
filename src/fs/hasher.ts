import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Artifact } from '../core/artifact.ts';
import type { ContentHash } from '../core/brands.ts';
import { failure } from '../core/failure.ts';
import { err, ok, type Result } from '../core/result.ts';
import { FolderSignature } from './folder-signature.ts';
import { hashFile } from './hash-file.ts';
import type { FileToHash } from './hash-many.ts';
import { identityOf, sameIdentity, statOf, tickMs, youthMs, type FileIdentity } from './identity.ts';
import { IgnoreRules } from './ignore/ignore-rules.ts';
import { manifestHash, type Manifest, type ManifestFile } from './manifest.ts';
import type { StateDb } from './state-db.ts';
import { systemProblem } from './system-problem.ts';
import { resolveEntry, visitFolder, walkFolder, type Walked, type WalkedFile } from './walk.ts';

/** Files at least this large wait out their youth before they are hashed, so that they need not be hashed again next time. */
const worthWaitingBytes = 4 << 20;
/** From so many files, or so many bytes of several, on, all cores hash: starting workers takes as long as hashing hundreds of files. */
const worthWorkersFiles = 2000;
const worthWorkersBytes = 64 << 20;
/** How long a loop over many small files may hold the event loop. */
const sliceMs = 40;

/** Hears the path of the file or directory being hashed, and its bytes done and in all. */
export type HashProgress = (path: string, done: number, total: number) => void;

/** Hashes files and directories of one workspace, and remembers what it hashed. */
export class Hasher {
  readonly #root: string;
  readonly #state: StateDb;
  readonly #onProgress: HashProgress;
  readonly #ignoreRules: IgnoreRules;
  #realRoot: string | undefined;
  /** Manifests made by this process, by the hash of the directory: storing it needs them again. */
  readonly #manifests = new Map<ContentHash, Manifest>();

  constructor(options: {
    readonly root: string;
    readonly state: StateDb;
    readonly onProgress?: HashProgress;
    readonly ignoreRules?: IgnoreRules;
  }) {
    this.#root = options.root;
    this.#state = options.state;
    this.#ignoreRules = options.ignoreRules ?? new IgnoreRules(options.root);
    this.#onProgress = options.onProgress ?? (() => undefined);
  }

  /** To be called before many paths are looked at in a row; the function that is returned, after it. */
  lookTogether(): () => void {
    return this.#state.readTogether();
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
      const walked = this.#walk(artifact.path, absolute);
      return walked.ok ? ok(await this.#manifestOf(artifact.path, absolute, walked.value)) : walked;
    } catch (error) {
      return err(systemProblem(error, { what: 'read', path: artifact.path }));
    }
  }

  /**
   * Remembers what was just made of known content, `made` (absolute), as that of the path where it will stand, so that it need not be
   * hashed when it is met there. Nobody else may know of `made` yet. What is not as the manifest says, is not remembered.
   */
  async rememberMade(artifact: Artifact, made: string, { files, emptyFolders }: Manifest): Promise<void> {
    // Else the files that were made last would be too young to be told from their next change.
    await sleep(tickMs + 2);
    const startedAt = Date.now();
    if (artifact.files === undefined) {
      const stats = statOf(made);
      if (stats?.isFile() === true && stats.size === artifact.size && youthMs(stats, startedAt) === 0) {
        this.#state.rememberFile(artifact.path, identityOf(stats), artifact.hash);
      }
      return;
    }
    const expected = new Map(files.map((file) => [file.path, file]));
    const signature = new FolderSignature();
    const ignoring = { rules: this.#ignoreRules, folder: artifact.path };
    let met = 0;
    let settled = 0;
    const facts = visitFolder(this.#root, made, ignoring, (path, stats) => {
      met++;
      signature.add(path, stats);
      const file = expected.get(path);
      const identity = identityOf(stats);
      const right = file?.size === identity.size && file.executable === isExecutable(identity);
      if (!right || youthMs(identity, startedAt) > 0) return;
      settled++;
      this.#state.rememberFile(`${artifact.path}/${path}`, identity, file.hash);
    });
    const whole = met === files.length && settled === files.length;
    if (!facts.ok || !whole || facts.value.emptyFolders.length !== emptyFolders.length) return;
    const { hash, size } = artifact;
    this.#state.rememberFolder(artifact.path, signature.end(facts.value), { hash, size, files: met });
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
    const ignoring = { rules: this.#ignoreRules, folder: path };
    const seen = new FolderSignature();
    const facts = visitFolder(this.#root, absolute, ignoring, seen.add);
    if (!facts.ok) return facts;
    const known = this.#state.folder(path, seen.end(facts.value));
    if (known !== undefined) return ok({ path, ...known });
    // Looked at once more, now to be hashed; what is remembered is what this look saw.
    const now = new FolderSignature();
    const walked = walkFolder(this.#root, absolute, { ignoring, onFile: now.add });
    if (!walked.ok) return walked;
    const signature = now.end(walked.value);
    const manifest = await this.#manifestOf(path, absolute, walked.value);
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

  #walk(path: string, absolute: string): Result<Walked> {
    return walkFolder(this.#root, absolute, { ignoring: { rules: this.#ignoreRules, folder: path } });
  }

  async #manifestOf(path: string, absolute: string, walked: Walked): Promise<Manifest> {
    const total = walked.files.reduce((sum, file) => sum + file.identity.size, 0);
    const hashes = await this.#hashTogether(path, absolute, walked.files);
    const files: ManifestFile[] = [];
    let done = 0;
    let sliceStart = performance.now();
    for (const [index, file] of walked.files.entries()) {
      const { identity } = file;
      const hash =
        hashes[index] ?? (await this.#hashAndRemember(`${path}/${file.path}`, `${absolute}/${file.path}`, identity));
      files.push({ path: file.path, hash, size: identity.size, executable: isExecutable(identity) });
      done += file.identity.size;
      if (performance.now() - sliceStart > sliceMs) {
        this.#onProgress(path, done, total);
        await sleep(0);
        sliceStart = performance.now();
      }
    }
    return { files, emptyFolders: walked.emptyFolders };
  }

  /** The hashes of all files that are remembered; of the others too, hashed on all cores, where there is enough to do for that. */
  async #hashTogether(
    path: string,
    absolute: string,
    files: readonly WalkedFile[],
  ): Promise<(ContentHash | undefined)[]> {
    const hashes = files.map((file) => this.#state.fileHash(`${path}/${file.path}`, file.identity));
    const unknown = [...files.keys()].filter((index) => hashes[index] === undefined);
    const sizeOf = (index: number): number => files[index]?.identity.size ?? 0;
    const total = unknown.reduce((sum, index) => sum + sizeOf(index), 0);
    if (unknown.length < worthWorkersFiles && (unknown.length < 2 || total < worthWorkersBytes)) return hashes;
    for (const index of unknown) {
      const file = files[index];
      if (file !== undefined && file.identity.size >= worthWaitingBytes) await outgrowYouth(file.identity);
    }
    const { hashManyFiles } = await import('./hash-many.ts');
    const startedAt = Date.now();
    // One by one as they are asked for: of a hundred thousand files, not all paths at once.
    const asked = function* (): Generator<FileToHash> {
      for (const index of unknown) yield { path: `${absolute}/${files[index]?.path ?? ''}`, size: sizeOf(index) };
    };
    let done = 0;
    await hashManyFiles(asked(), (place, hash) => {
      const index = unknown[place];
      const file = index === undefined ? undefined : files[index];
      if (index === undefined || file === undefined) return;
      hashes[index] = hash;
      const { identity } = file;
      this.#remember({ path: `${path}/${file.path}`, absolute: `${absolute}/${file.path}`, identity, hash, startedAt });
      done += identity.size;
      this.#onProgress(path, done, total);
    });
    return hashes;
  }

  async #hashAndRemember(path: string, absolute: string, identity: FileIdentity): Promise<ContentHash> {
    if (identity.size >= worthWaitingBytes) await outgrowYouth(identity);
    const startedAt = Date.now();
    const hash = await hashFile(absolute, identity.size, (done) => {
      this.#onProgress(path, done, identity.size);
    });
    this.#remember({ path, absolute, identity, hash, startedAt });
    return hash;
  }

  /** A file that changed while it was read, or may still change within its clock tick, is not remembered. */
  #remember({ path, absolute, identity, hash, startedAt }: Hashed): void {
    const after = statOf(absolute);
    const isLink = after?.isSymbolicLink() === true;
    const same = after !== undefined && !isLink && sameIdentity(identityOf(after), identity);
    if (same && youthMs(identity, startedAt) === 0) this.#state.rememberFile(path, identity, hash);
  }
}

interface Hashed {
  /** Relative to the workspace. */
  readonly path: string;
  readonly absolute: string;
  readonly identity: FileIdentity;
  readonly hash: ContentHash;
  /** When reading began. */
  readonly startedAt: number;
}

async function outgrowYouth(identity: FileIdentity): Promise<void> {
  const young = youthMs(identity, Date.now());
  // Timers and clocks count whole milliseconds, so a little more than the youth.
  if (young > 0 && young < 1000) await sleep(Math.ceil(young) + 2);
}

const isExecutable = (identity: FileIdentity): boolean => process.platform !== 'win32' && (identity.mode & 0o100) !== 0;
