import { readFileSync } from 'node:fs';
import { failure } from '../core/failure.ts';
import { err, ok, type Result } from '../core/result.ts';
import { hashBytes } from '../fs/hash-file.ts';
import { manifestText, type ManifestFile } from '../fs/manifest.ts';
import { systemProblem } from '../fs/system-problem.ts';
import type { DvcCache } from './dvc-cache.ts';
import { parseDvcListing, type Md5Content } from './md5-content.ts';
import type { KnownContent, Md5Index } from './md5-index.ts';
import { sumFile } from './md5-sums.ts';
import type { ObjectStore } from './object-store.ts';

/** Takes contents of a DVC cache over into our own. Each file is read once, for both hashes and the copy. */
export class Md5Adopter {
  readonly #dvc: DvcCache | undefined;
  readonly #objects: ObjectStore;
  readonly #index: Md5Index;

  constructor(parts: {
    /** Undefined where there is no DVC project. */
    readonly dvc: DvcCache | undefined;
    readonly objects: ObjectStore;
    readonly index: Md5Index;
  }) {
    this.#dvc = parts.dvc;
    this.#objects = parts.objects;
    this.#index = parts.index;
  }

  /** The content as our cache has it now; undefined when neither cache has all of it. Fails where a copy in DVC's cache is damaged. */
  async adopt(content: Md5Content, path: string): Promise<Result<KnownContent | undefined>> {
    const known = this.#index.find(content).find(({ hash }) => this.#objects.has(hash));
    if (known !== undefined) return ok(known);
    const file = this.#dvc?.find(content);
    if (file === undefined) return ok(undefined);
    try {
      return content.folder ? await this.#folder(content, file, path) : await this.#file(content, file, path);
    } catch (error) {
      return err(systemProblem(error, { what: 'take over', path: file }));
    }
  }

  async #file(content: Md5Content, file: string, path: string): Promise<Result<KnownContent | undefined>> {
    let found: KnownContent | undefined;
    await this.#objects.adopt(async (temporary) => {
      const sums = await sumFile(file, content.algorithm, { into: temporary });
      if (sums.md5 !== content.md5) return undefined;
      found = { hash: sums.sha256, size: sums.size };
      return sums.sha256;
    });
    if (found === undefined) return err(failure('dvc-object-corrupt', { path, file }));
    this.#index.remember(content, found);
    return ok(found);
  }

  async #folder(content: Md5Content, file: string, path: string): Promise<Result<KnownContent | undefined>> {
    const sums = await sumFile(file, 'md5');
    const listed = sums.md5 === content.md5 ? parseDvcListing(readFileSync(file, 'utf8')) : undefined;
    if (listed === undefined) return err(failure('dvc-object-corrupt', { path, file }));
    const files: ManifestFile[] = [];
    for (const each of listed) {
      const part = { algorithm: content.algorithm, md5: each.md5, folder: false };
      const adopted = await this.adopt(part, `${path}/${each.path}`);
      if (!adopted.ok || adopted.value === undefined) return adopted;
      files.push({ path: each.path, hash: adopted.value.hash, size: adopted.value.size, executable: false });
    }
    const text = manifestText({ files, emptyFolders: [] });
    const hash = hashBytes(text);
    // Last, so that a manifest in the cache means that its files are there too.
    this.#objects.putBytes(text, hash);
    const found = { hash, size: files.reduce((sum, { size }) => sum + size, 0), files: files.length };
    this.#index.remember(content, found);
    return ok(found);
  }
}
