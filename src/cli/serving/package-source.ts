import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { failure } from '../../core/failure.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { ModelPackage } from '../../ml/package/types.ts';
import type { ModelSource, ServedVersion } from '../../serve/model-source.ts';

type LoadPackage = (folder: string) => Promise<Result<ModelPackage>>;

interface Seen {
  readonly identity: string;
  readonly outcome: Result<{ readonly version: ServedVersion; readonly model: ModelPackage }>;
}

/**
 * Serves a package folder that no registry knows, and follows it when it is written anew. It is read only when the identity of its files
 * changed: a folder that is half written fails to load and is looked at again when more of it is there.
 */
export class PackageSource implements ModelSource {
  readonly #folder: string;
  readonly #load: LoadPackage;
  #seen: Seen | undefined;

  constructor(folder: string, load: LoadPackage) {
    this.#folder = folder;
    this.#load = load;
  }

  async current(): Promise<Result<ServedVersion>> {
    const seen = await this.#look();
    return seen.ok ? ok(seen.value.version) : seen;
  }

  async load(): Promise<Result<ModelPackage>> {
    const seen = await this.#look();
    return seen.ok ? ok(seen.value.model) : seen;
  }

  async #look(): Promise<Seen['outcome']> {
    const identity = await identityOf(this.#folder);
    if (identity === undefined) return err(failure('model-package-missing', { folder: this.#folder }));
    if (this.#seen?.identity === identity) return this.#seen.outcome;
    const loaded = await this.#load(this.#folder);
    const outcome: Seen['outcome'] = loaded.ok
      ? ok({ version: localVersion(loaded.value, identity), model: loaded.value })
      : loaded;
    this.#seen = { identity, outcome };
    return outcome;
  }
}

const localVersion = (model: ModelPackage, identity: string): ServedVersion => ({
  name: model.info.name,
  version: 'local',
  stage: 'package',
  hash: identity,
});

/** What the file system says of every file; undefined without a model.json. */
async function identityOf(folder: string): Promise<string | undefined> {
  try {
    const names = (await readdir(folder)).sort();
    if (!names.includes('model.json')) return undefined;
    const files = await Promise.all(
      names.map(async (name) => {
        const { ino, size, mtimeNs } = await stat(join(folder, name), { bigint: true });
        return `${name}:${String(ino)}:${String(size)}:${String(mtimeNs)}`;
      }),
    );
    return files.join('|');
  } catch {
    return undefined;
  }
}
