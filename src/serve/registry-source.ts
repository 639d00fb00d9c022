import type { ContentHash } from '../core/brands.ts';
import { asContentHash } from '../core/brands.ts';
import { failure } from '../core/failure.ts';
import { nearestNames } from '../core/nearest.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { ModelPackage } from '../ml/package/types.ts';
import type { Registry } from '../registry/registry.ts';
import type { ModelVersion, RegisteredModel } from '../registry/types.ts';
import type { ModelSource, ServedVersion } from './model-source.ts';

export type ServedStage = 'production' | 'staging';

export interface RegistrySourceOptions {
  readonly registry: Pick<Registry, 'currentProduction' | 'listModels'>;
  readonly stage: ServedStage;
  /** A folder with this content, whatever the workspace holds by now. */
  readonly materialise: (hash: ContentHash) => Promise<Result<string>>;
  readonly loadPackage: (folder: string) => Promise<Result<ModelPackage>>;
}

/** Serves what the registry has in a stage: the one version in Production, or the newest in Staging. */
export class RegistrySource implements ModelSource {
  readonly #model: string;
  readonly #options: RegistrySourceOptions;

  constructor(model: string, options: RegistrySourceOptions) {
    this.#model = model;
    this.#options = options;
  }

  async current(): Promise<Result<ServedVersion>> {
    const found = await this.#find();
    if (!found.ok) return found;
    if (found.value !== null) return ok(this.#served(found.value));
    return err(failure('no-model-to-serve', { model: this.#model, stage: this.#options.stage }));
  }

  async load(version: ServedVersion): Promise<Result<ModelPackage>> {
    const folder = await this.#options.materialise(asContentHash(version.hash));
    return folder.ok ? this.#options.loadPackage(folder.value) : folder;
  }

  async #find(): Promise<Result<ModelVersion | null>> {
    const { registry, stage } = this.#options;
    if (stage === 'production') return registry.currentProduction(this.#model);
    const models = await registry.listModels();
    if (!models.ok) return models;
    const versions = models.value.find(({ name }) => name === this.#model)?.versions ?? [];
    return ok(versions.find((version) => version.stage === 'Staging') ?? null);
  }

  #served(version: ModelVersion): ServedVersion {
    return {
      name: version.model,
      version: String(version.version),
      stage: this.#options.stage,
      hash: version.hash,
    };
  }
}

/** The model that is meant: the named one, the only one, or the only one that has a version in the stage. */
export function chooseModel(
  models: readonly RegisteredModel[],
  asked: { readonly name: string | undefined; readonly stage: ServedStage; readonly command: string },
): Result<string> {
  const names = models.map(({ name }) => name);
  const { name, stage, command } = asked;
  if (name !== undefined) {
    return names.includes(name) ? ok(name) : err(failure('unknown-model', { name, near: nearestNames(name, names) }));
  }
  const wanted = stage === 'production' ? 'Production' : 'Staging';
  const candidates = models.filter(({ versions }) => versions.some((version) => version.stage === wanted));
  const [first, second] = candidates.length === 0 ? models : candidates;
  if (first === undefined) return err(failure('no-model-to-serve', { stage }));
  if (second !== undefined) return err(failure('which-model', { names, command: `${command} --model` }));
  return ok(first.name);
}
