import { join } from 'node:path';
import { Md5Adopter } from '../../cache/adopt-md5.ts';
import { findDvcCache, type DvcCache } from '../../cache/dvc-cache.ts';
import { dvcListing, type Md5Content } from '../../cache/md5-content.ts';
import { knownFiles } from '../../cache/known-files.ts';
import { Md5Index, type KnownContent } from '../../cache/md5-index.ts';
import { sumFile } from '../../cache/md5-sums.ts';
import { sameContent, type Artifact } from '../../core/artifact.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { placeOf } from '../../core/workspace.ts';
import { parseManifest, type Manifest } from '../../fs/manifest.ts';
import { systemProblem } from '../../fs/system-problem.ts';
import type { Project } from '../open-project.ts';
import type { TrackedContent, TrackedData } from './tracked-data.ts';

/** Where content is looked for. */
export interface ContentFinder {
  /** The content as a cache has it; undefined when none has it. */
  obtain(data: Pick<TrackedData, 'path' | 'content'>): Promise<Result<Artifact | undefined>>;
  /** Whether what stands in the workspace is what was recorded. */
  holds(content: TrackedContent, standing: Artifact): Promise<Result<boolean>>;
}

/** Turns what records say into content that the cache can put back, whichever hash they use. */
export class Contents implements ContentFinder {
  readonly #project: Project;
  readonly #dvc: DvcCache | undefined;
  readonly #index: Md5Index;
  readonly #adopter: Md5Adopter;
  readonly #remembers: boolean;

  /** `remembers`: whether what is found out of MD5s is written down. */
  constructor(project: Project, { remembers = true }: { readonly remembers?: boolean } = {}) {
    this.#project = project;
    this.#remembers = remembers;
    this.#dvc = findDvcCache(project.workspace.root);
    this.#index = new Md5Index(placeOf(project.workspace, 'cache'));
    this.#adopter = new Md5Adopter({
      dvc: this.#dvc,
      objects: project.objects,
      index: this.#index,
    });
  }

  /** The content as our cache has it; taken over from a DVC cache when need be. Undefined when neither has it. */
  async obtain(data: Pick<TrackedData, 'path' | 'content'>): Promise<Result<Artifact | undefined>> {
    const { content, path } = data;
    if (content.by === 'sha256') return ok(this.#project.cache.has(content.artifact) ? content.artifact : undefined);
    const adopted = await this.#adopter.adopt(content.md5, path);
    if (!adopted.ok) return adopted;
    return ok(adopted.value === undefined ? undefined : placed(adopted.value, path, content.executable));
  }

  /** The files of the content, and none of them touched; a single file has the empty path. Undefined when no cache has all of it. */
  async filesOf({ content, path }: Pick<TrackedData, 'path' | 'content'>): Promise<Result<Manifest | undefined>> {
    if (content.by === 'sha256') {
      const { artifact } = content;
      if (!this.#project.cache.has(artifact)) return ok(undefined);
      const text = artifact.files === undefined ? undefined : this.#project.objects.read(artifact.hash);
      return ok(text === undefined ? singleFile(artifact) : parseManifest(text.toString('utf8')));
    }
    const { dvc, objects, index } = { dvc: this.#dvc, objects: this.#project.objects, index: this.#index };
    const found = await knownFiles({ dvc, objects, index }, content.md5, path);
    if (!found.ok || found.value === undefined || content.md5.folder || !content.executable) return found;
    return ok({ ...found.value, files: found.value.files.map((file) => ({ ...file, executable: true })) });
  }

  /** Whether what stands in the workspace is what the record says. Of MD5s, what was found out is remembered. */
  async holds(content: TrackedContent, standing: Artifact): Promise<Result<boolean>> {
    if (content.by === 'sha256') return ok(sameContent(content.artifact, standing));
    const { md5 } = content;
    if (md5.folder !== (standing.files !== undefined)) return ok(false);
    if (this.#index.find(md5).some(({ hash }) => hash === standing.hash)) return ok(true);
    const now = await this.md5Of(standing, md5);
    if (!now.ok) return now;
    if (now.value !== md5.md5) return ok(false);
    try {
      if (this.#remembers) this.#index.remember(md5, knownOf(standing));
      return ok(true);
    } catch (error) {
      return err(systemProblem(error, { what: 'write', path: '.mlp/cache/md5' }));
    }
  }

  /** What DVC would call what stands at the artifact's path. */
  async md5Of(standing: Artifact, { algorithm }: Pick<Md5Content, 'algorithm'>): Promise<Result<string>> {
    const { root } = this.#project.workspace;
    try {
      if (standing.files === undefined) return ok((await sumFile(join(root, standing.path), algorithm)).md5);
      const manifest = await this.#project.hasher.manifest(standing);
      if (!manifest.ok) return manifest;
      const files = [];
      for (const { path } of manifest.value?.files ?? []) {
        files.push({ path, md5: (await sumFile(join(root, standing.path, path), algorithm)).md5 });
      }
      const { createHash } = await import('node:crypto');
      return ok(createHash('md5').update(dvcListing(files)).digest('hex'));
    } catch (error) {
      return err(systemProblem(error, { what: 'read', path: standing.path }));
    }
  }

  /** Whether a cache has the content, as far as names tell. */
  isCached(md5: Md5Content): boolean {
    const isOurs = this.#index.find(md5).some(({ hash }) => this.#project.objects.has(hash));
    return isOurs || this.#dvc?.find(md5) !== undefined;
  }

  /** Whether DVC's cache has what a file of the workspace holds now. */
  async isInDvcCache(path: string): Promise<boolean> {
    if (this.#dvc === undefined) return false;
    const { md5 } = await sumFile(join(this.#project.workspace.root, path), 'md5');
    return this.#dvc.find({ algorithm: 'md5', md5, folder: false }) !== undefined;
  }
}

const knownOf = ({ hash, size, files }: Artifact): KnownContent => ({
  hash,
  size,
  ...(files === undefined ? {} : { files }),
});

/** A single file as a manifest. */
export const singleFile = ({ hash, size, executable }: Artifact): Manifest => ({
  files: [{ path: '', hash, size, executable: executable === true }],
  emptyFolders: [],
});

const placed = (known: KnownContent, path: string, executable: boolean): Artifact => ({
  path,
  ...known,
  ...(executable && known.files === undefined ? { executable: true } : {}),
});
