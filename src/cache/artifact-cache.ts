import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Artifact } from '../core/artifact.ts';
import type { ContentHash } from '../core/brands.ts';
import { failure, type Failure } from '../core/failure.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { Hasher } from '../fs/hasher.ts';
import { hashBytes } from '../fs/hash-file.ts';
import type { LinkKind } from '../fs/link.ts';
import { manifestText, parseManifest, type Manifest } from '../fs/manifest.ts';
import { Pace } from '../fs/pace.ts';
import { removeOwn } from '../fs/remove.ts';
import { systemProblem } from '../fs/system-problem.ts';
import { ContentChanged, wholeFileLimit, type ObjectStore } from './object-store.ts';

/** Hears of an artifact that is being stored or put back: its path, its bytes done and in all. */
export type CacheProgress = (task: 'store' | 'restore', path: string, done: number, total: number) => void;

/** Stores outs of the workspace by content, and puts them back. A directory is its manifest and the files that it names. */
export class ArtifactCache {
  readonly #root: string;
  readonly #objects: ObjectStore;
  readonly #hasher: Hasher;
  readonly #kinds: readonly LinkKind[];
  readonly #onProgress: CacheProgress;

  constructor(options: {
    readonly root: string;
    readonly objects: ObjectStore;
    readonly hasher: Hasher;
    /** In order of preference. */
    readonly kinds: readonly LinkKind[];
    readonly onProgress?: CacheProgress;
  }) {
    this.#root = options.root;
    this.#objects = options.objects;
    this.#hasher = options.hasher;
    this.#kinds = options.kinds;
    this.#onProgress = options.onProgress ?? (() => undefined);
  }

  /** Whether the artifact could be put back, as far as names tell. */
  has(artifact: Artifact): boolean {
    return this.#objects.has(artifact.hash);
  }

  /** Stores an out that stands in the workspace and was just hashed. */
  async store(artifact: Artifact): Promise<Result<void>> {
    try {
      const pace = this.#paceOf('store', artifact);
      if (artifact.files === undefined) await this.#putFile(artifact, pace);
      else {
        const manifest = await this.#hasher.manifest(artifact);
        if (!manifest.ok) return manifest;
        const text = manifestText(manifest.value ?? { files: [], emptyFolders: [] });
        if (hashBytes(text) !== artifact.hash) throw new ContentChanged(artifact.path);
        for (const file of manifest.value?.files ?? []) {
          await this.#putFile({ ...file, path: `${artifact.path}/${file.path}` }, pace);
        }
        // Last, so that a manifest in the cache means that its files are there too.
        this.#objects.putBytes(text, artifact.hash);
      }
      return ok(undefined);
    } catch (error) {
      if (error instanceof ContentChanged) return err(failure('out-changed-while-stored', { path: artifact.path }));
      return err(systemProblem(error, { what: 'store', path: artifact.path }));
    }
  }

  /** Makes the workspace's path what the artifact was; whatever stood there is replaced. */
  async restore(artifact: Artifact): Promise<Result<void>> {
    const files = this.#filesOf(artifact);
    if (!files.ok) return files;
    const missing = files.value.files.find((file) => !this.#objects.has(file.hash));
    if (missing !== undefined) return err(this.#gone(artifact, missing.hash, 'missing'));
    const removed = removeOwn(this.#root, artifact.path);
    if (!removed.ok) return removed;
    return this.#placeAll(artifact, files.value, join(this.#root, artifact.path));
  }

  /** Makes `folder` (absolute, not there yet) the directory that the artifact was, independent of the workspace. */
  async materialise(artifact: Artifact, folder: string): Promise<Result<void>> {
    const files = this.#filesOf(artifact);
    return files.ok ? this.#placeAll(artifact, files.value, folder) : files;
  }

  /** The bytes of a file artifact; undefined when the cache lacks it. */
  read(hash: ContentHash): Buffer | undefined {
    return this.#objects.read(hash);
  }

  /** A file that is too large to be hashed twice counts as the one that was hashed as long as the hasher knows it again. */
  async #putFile(file: Pick<Artifact, 'path' | 'hash' | 'size'>, pace: Pace): Promise<void> {
    if (this.#objects.has(file.hash)) {
      await pace.fileDone(file.size);
      return;
    }
    if (file.size > wholeFileLimit) {
      const now = await this.#hasher.artifact(file.path);
      if (!now.ok || now.value?.hash !== file.hash) throw new ContentChanged(file.path);
    }
    await this.#objects.put(join(this.#root, file.path), file.hash, pace.onBytes);
    await pace.fileDone(file.size);
  }

  #paceOf(task: 'store' | 'restore', { path, size }: Artifact): Pace {
    return new Pace((done) => {
      this.#onProgress(task, path, done, size);
    });
  }

  #filesOf(artifact: Artifact): Result<Manifest> {
    if (artifact.files === undefined) {
      const { hash, size, executable } = artifact;
      return ok({ files: [{ path: '', hash, size, executable: executable === true }], emptyFolders: [] });
    }
    const existed = this.#objects.has(artifact.hash);
    const text = this.#objects.read(artifact.hash);
    const manifest = text === undefined ? undefined : parseManifest(text.toString('utf8'));
    return manifest === undefined
      ? err(this.#gone(artifact, artifact.hash, existed ? 'corrupt' : 'missing'))
      : ok(manifest);
  }

  async #placeAll(artifact: Artifact, manifest: Manifest, target: string): Promise<Result<void>> {
    const pace = this.#paceOf('restore', artifact);
    const how = { kinds: this.#kinds, onBytes: pace.onBytes };
    try {
      if (artifact.files !== undefined) mkdirSync(target, { recursive: true });
      for (const folder of manifest.emptyFolders) mkdirSync(join(target, folder), { recursive: true });
      for (const file of manifest.files) {
        const to = join(target, file.path);
        const outcome = await this.#objects.place(file.hash, to, { ...how, executable: file.executable });
        if (outcome !== 'placed') return err(this.#gone(artifact, file.hash, outcome));
        await pace.fileDone(file.size);
      }
      return ok(undefined);
    } catch (error) {
      return err(systemProblem(error, { what: 'restore', path: artifact.path }));
    }
  }

  /** A manifest in the cache means that its files are there: it goes with the first that is found gone, so that all are stored anew. */
  #gone(artifact: Artifact, hash: ContentHash, how: 'missing' | 'corrupt'): Failure {
    this.#objects.setAside(artifact.hash);
    return failure(how === 'missing' ? 'cache-object-missing' : 'cache-object-corrupt', { path: artifact.path, hash });
  }
}
