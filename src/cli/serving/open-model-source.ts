import { resolve } from 'node:path';
import type { ContentHash } from '../../core/brands.ts';
import { failure } from '../../core/failure.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { placeOf, type Workspace } from '../../core/workspace.ts';
import type { ModelPackage } from '../../ml/package/types.ts';
import type { RegisteredModel } from '../../registry/types.ts';
import type { ModelSource } from '../../serve/model-source.ts';
import { chooseModel, RegistrySource } from '../../serve/registry-source.ts';
import type { CliContext } from '../context.ts';
import type { ModelChoice } from './model-choice.ts';
import { PackageSource } from './package-source.ts';

export interface OpenModelSource {
  readonly source: ModelSource;
  close(): Promise<void>;
}

/** Opens what `--package`, or `--model` and `--stage` name. Only the code for that is read: a folder needs no database. */
export async function openModelSource(
  context: CliContext,
  choice: ModelChoice,
  command: string,
): Promise<Result<OpenModelSource>> {
  if (choice.package !== undefined) {
    const source = new PackageSource(resolve(context.cwd, choice.package), loadPackage);
    return ok({ source, close: () => Promise.resolve() });
  }
  const workspace = context.workspace();
  if (!workspace.ok) return workspace;
  return fromRegistry(workspace.value, choice, command);
}

async function fromRegistry(
  workspace: Workspace,
  choice: ModelChoice,
  command: string,
): Promise<Result<OpenModelSource>> {
  const [{ openRegistry }, { materialiseDirectory }] = await Promise.all([
    import('../../registry/sqlite-registry.ts'),
    import('../../pipeline/materialise.ts'),
  ]);
  const file = placeOf(workspace, 'store');
  const opened = openRegistry(file, { access: 'existing' });
  if (!opened.ok) return opened;
  const registry = opened.value;
  const models = await registry.listModels();
  const chosen = models.ok ? choose(models.value, file, { name: choice.model, stage: choice.stage, command }) : models;
  if (!chosen.ok) {
    await registry.close();
    return chosen;
  }
  const materialise = (hash: ContentHash): Promise<Result<string>> => materialiseDirectory(workspace, hash);
  const source = new RegistrySource(chosen.value, { registry, stage: choice.stage, materialise, loadPackage });
  return ok({ source, close: () => registry.close() });
}

/** Without any model the way on is another than without one in the stage. */
const choose = (
  models: readonly RegisteredModel[],
  file: string,
  asked: Parameters<typeof chooseModel>[1],
): Result<string> => (models.length === 0 ? err(failure('no-models', { file })) : chooseModel(models, asked));

async function loadPackage(folder: string): Promise<Result<ModelPackage>> {
  const { loadModelPackage } = await import('../../ml/package/load.ts');
  return loadModelPackage(folder);
}
