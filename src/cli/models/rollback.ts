import { chooseModel } from '../../registry/choose-version.ts';
import { materialiseDirectory } from '../../pipeline/materialise.ts';
import { renderRollback } from '../../report/promotion.ts';
import type { CliContext } from '../context.ts';
import { printResult } from '../print-result.ts';
import { withModels } from '../stores.ts';
import { actorOf } from './actor.ts';

export interface RollbackWords {
  readonly message: string;
  readonly by?: string;
  readonly json?: boolean;
}

/** `mlp rollback`. The former version's content is brought here first: without it nothing is moved. */
export async function rollBack(context: CliContext, name: string | undefined, words: RollbackWords): Promise<void> {
  const moved = await withModels(context, async ({ workspace, registry }) => {
    const models = await registry.listModels();
    const model = models.ok ? chooseModel(models.value, { name, command: 'rollback' }) : models;
    if (!model.ok) return model;
    const target = await registry.rollbackTarget(model.value.name);
    if (!target.ok) return target;
    const { from, to } = target.value;
    const folder = await materialiseDirectory(workspace, to.hash);
    if (!folder.ok) return folder;
    const by = await actorOf(workspace.root, words);
    return registry.rollback({ model: model.value.name, from: from.version, to: to.version, by });
  });
  printResult(context, moved, {
    json: words.json === true,
    text: renderRollback,
    data: ({ version, replaced }) => ({
      model: version.model,
      production: version.version,
      archived: replaced?.version ?? null,
    }),
  });
}
