import { dvcListing } from '../../cache/md5-content.ts';
import { md5OfBytes } from '../../cache/md5-sums.ts';
import type { Artifact } from '../../core/artifact.ts';
import { ok, type Result } from '../../core/result.ts';
import { hashBytes } from '../../fs/hash-file.ts';
import { manifestHash, manifestText, parseManifest } from '../../fs/manifest.ts';
import type { ContentFinder } from '../data/content-of.ts';
import type { Project } from '../open-project.ts';
import type { DvcPath } from './dvc-lock.ts';

/** A version of a path in git: one file with an empty path, or the files of a folder. */
export type OldVersion = readonly { readonly path: string; readonly bytes: Uint8Array; readonly executable: boolean }[];

/** Finds, for what DVC recorded by MD5, content whose SHA-256 is then known: where it stands, in the caches, in git. */
export class Sources {
  readonly #project: Project;
  readonly #contents: ContentFinder;
  readonly #executables: ReadonlySet<string>;
  readonly #oldVersions: (path: string) => Promise<readonly OldVersion[]>;

  constructor(
    project: Project,
    contents: ContentFinder,
    options: {
      /** Files that DVC recorded as executable, by themselves: its listings of folders do not say it. */
      readonly executables: ReadonlySet<string>;
      readonly oldVersions: (path: string) => Promise<readonly OldVersion[]>;
    },
  ) {
    this.#project = project;
    this.#contents = contents;
    this.#executables = options.executables;
    this.#oldVersions = options.oldVersions;
  }

  /** Undefined when the content is nowhere. What stands in the workspace wins, for it has modes and empty folders that DVC did not record. */
  async find(path: string, recorded: DvcPath): Promise<Result<Artifact | undefined>> {
    if (recorded.content === undefined) return ok(undefined);
    const content = { by: 'md5', md5: recorded.content, executable: recorded.executable } as const;
    // First, so that the content of a workspace file need not be read for its MD5 too.
    const cached = await this.#contents.obtain({ path, content });
    const standing = await this.#project.hasher.artifact(path);
    if (!standing.ok) return standing;
    if (standing.value !== undefined) {
      const holds = await this.#contents.holds(content, standing.value);
      if (!holds.ok) return holds;
      if (holds.value) return ok(standing.value);
    }
    // A damaged copy in DVC's cache matters only when nothing else has the content.
    if (cached.ok && cached.value !== undefined) return ok(this.#withModes(cached.value));
    for (const version of await this.#oldVersions(path)) {
      const found = matching(path, recorded, version);
      if (found !== undefined) return ok(found);
    }
    return cached;
  }

  /** A folder of the cache with the executable bits that are known of files in it; stored as such. */
  #withModes(folder: Artifact): Artifact {
    const { objects } = this.#project;
    const isKnown = (path: string): boolean => this.#executables.has(`${folder.path}/${path}`);
    const text = folder.files === undefined ? undefined : objects.read(folder.hash)?.toString('utf8');
    const manifest = text === undefined ? undefined : parseManifest(text);
    if (manifest?.files.some(({ path, executable }) => !executable && isKnown(path)) !== true) return folder;
    const files = manifest.files.map((file) => (isKnown(file.path) ? { ...file, executable: true } : file));
    const own = manifestText({ ...manifest, files });
    const hash = hashBytes(own);
    objects.putBytes(own, hash);
    return { ...folder, hash };
  }
}

function matching(path: string, { content }: DvcPath, version: OldVersion): Artifact | undefined {
  const [only] = version;
  if (content === undefined || only === undefined) return undefined;
  const { algorithm, md5 } = content;
  if (!content.folder) {
    if (version.length > 1 || only.path !== '' || md5OfBytes(only.bytes, algorithm) !== md5) return undefined;
    const hash = hashBytes(only.bytes);
    return { path, hash, size: only.bytes.length, ...(only.executable ? { executable: true } : {}) };
  }
  const listing = dvcListing(version.map((file) => ({ path: file.path, md5: md5OfBytes(file.bytes, algorithm) })));
  if (md5OfBytes(Buffer.from(listing), 'md5') !== md5) return undefined;
  const files = version.map((file) => ({
    path: file.path,
    hash: hashBytes(file.bytes),
    size: file.bytes.length,
    executable: file.executable,
  }));
  const size = files.reduce((sum, file) => sum + file.size, 0);
  return { path, hash: manifestHash({ files, emptyFolders: [] }), size, files: files.length };
}
