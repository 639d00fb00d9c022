import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Artifact } from '../core/artifact.ts';
import type { ContentHash } from '../core/brands.ts';
import { failure, type Failure } from '../core/failure.ts';
import { err, ok, type Result } from '../core/result.ts';
import { places } from '../core/workspace.ts';
import { temporaryBeside } from '../fs/atomic-write.ts';
import type { Hasher } from '../fs/hasher.ts';
import { hashBytes } from '../fs/hash-file.ts';
import type { LinkKind } from '../fs/link.ts';
import { manifestText, parseManifest, type Manifest, type ManifestFile } from '../fs/manifest.ts';
import { renamed } from '../fs/move.ts';
import { Pace } from '../fs/pace.ts';
import { removeOwn, removeTree } from '../fs/remove.ts';
import { systemProblem } from '../fs/system-problem.ts';
import { ContentChanged, wholeFileLimit, type ObjectStore } from './object-store.ts';

/** From so many files on, all cores copy those of up to so many bytes: starting workers takes as long as copying hundreds. */
const worthWorkersFiles = 2000;
const worthWorkersBytes = 1 << 20;

/** Hears of an artifact that is being stored or put back: its path, its bytes done and in all. */
export type CacheProgress = (task: 'store' | 'restore', path: string, done: number, total: number) => void;

/** What is to be put somewhere, and how the place is made free when it is ready. */
interface Placement {
  readonly artifact: Artifact;
  readonly manifest: Manifest;
  readonly makeRoom: () => Result<void>;
  /** Whether the place is the artifact's own path, so that its hash need not be found out there. */
  readonly known: boolean;
}

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
      return err(systemProblem(error, { what: 'store', path: artifact.path, where: places.cache }));
    }
  }

  /** Makes the workspace's path what the artifact was; whatever stood there is replaced. */
  async restore(artifact: Artifact): Promise<Result<void>> {
    const files = this.#filesOf(artifact);
    if (!files.ok) return files;
    const makeRoom = (): Result<void> => removeOwn(this.#root, artifact.path);
    return this.#placeAt(join(this.#root, artifact.path), { artifact, manifest: files.value, makeRoom, known: true });
  }

  /** Makes `folder` (absolute, not there yet) the directory that the artifact was, independent of the workspace. */
  async materialise(artifact: Artifact, folder: string): Promise<Result<void>> {
    const files = this.#filesOf(artifact);
    const makeRoom = (): Result<void> => ok(undefined);
    return files.ok ? this.#placeAt(folder, { artifact, manifest: files.value, makeRoom, known: false }) : files;
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

  /**
   * A file or a directory is made whole below the folder for temporary files, and then takes its place by one rename: what stood there
   * stays until then, and a kill leaves no part of it among the user's files.
   */
  async #placeAt(target: string, placement: Placement): Promise<Result<void>> {
    const { artifact, manifest, makeRoom, known } = placement;
    const scratch = join(this.#root, places.temporary);
    const whole = temporaryBeside(join(scratch, 'folder'));
    try {
      mkdirSync(scratch, { recursive: true });
      const placed = await this.#placeAll(placement, whole, undefined);
      if (placed.ok && known) await this.#hasher.rememberMade(artifact, whole, manifest);
      const room = placed.ok ? makeRoom() : placed;
      if (!room.ok) return room;
      mkdirSync(dirname(target), { recursive: true });
      return renamed(whole, target) ? ok(undefined) : await this.#placeAll(placement, target, scratch);
    } catch (error) {
      return err(systemProblem(error, { what: 'restore', path: artifact.path }));
    } finally {
      removeTree(whole);
    }
  }

  /** Without `scratch` the files get their names half made, below a folder that nobody looks into. Throws the system's error. */
  async #placeAll(
    { artifact, manifest }: Placement,
    target: string,
    scratch: string | undefined,
  ): Promise<Result<void>> {
    const pace = this.#paceOf('restore', artifact);
    if (artifact.files !== undefined) mkdirSync(target, { recursive: true });
    for (const folder of manifest.emptyFolders) mkdirSync(join(target, folder), { recursive: true });
    const { files } = manifest;
    for (const folder of foldersOf(files)) mkdirSync(join(target, folder), { recursive: true });
    const placing = { artifact, target, pace, scratch };
    if (scratch !== undefined || files.length < worthWorkersFiles) return this.#placeEach(files, placing);
    // The first one tells what the file systems can do.
    const first = await this.#placeEach(files.slice(0, 1), placing);
    if (!first.ok) return first;
    const rest = files.slice(1);
    if (!this.#objects.copiesInto(target, this.#kinds)) return this.#placeEach(rest, placing);
    const isSmall = ({ size }: ManifestFile): boolean => size <= worthWorkersBytes;
    const bad = await this.#objects.copyMany(rest.filter(isSmall), target, ({ size }) => void pace.fileDone(size));
    if (bad !== undefined) return err(this.#gone(artifact, bad.hash, bad.outcome));
    return this.#placeEach(
      rest.filter((file) => !isSmall(file)),
      placing,
    );
  }

  async #placeEach(
    files: readonly ManifestFile[],
    {
      artifact,
      target,
      pace,
      scratch,
    }: { artifact: Artifact; target: string; pace: Pace; scratch: string | undefined },
  ): Promise<Result<void>> {
    const how = { kinds: this.#kinds, onBytes: pace.onBytes, scratch };
    for (const { path, hash, size, executable } of files) {
      const outcome = await this.#objects.place(hash, join(target, path), { ...how, executable });
      if (outcome !== 'placed') return err(this.#gone(artifact, hash, outcome));
      await pace.fileDone(size);
    }
    return ok(undefined);
  }

  /** A manifest in the cache means that its files are there: it goes with the first that is found gone, so that all are stored anew. */
  #gone(artifact: Artifact, hash: ContentHash, how: 'missing' | 'corrupt'): Failure {
    this.#objects.setAside(artifact.hash);
    return failure(how === 'missing' ? 'cache-object-missing' : 'cache-object-corrupt', { path: artifact.path, hash });
  }
}

/** The folders that hold these files, relative as their paths are; a single file's is the one that it is in. */
function foldersOf(files: readonly ManifestFile[]): Set<string> {
  return new Set(files.map(({ path }) => (path === '' ? '..' : dirname(path))));
}
