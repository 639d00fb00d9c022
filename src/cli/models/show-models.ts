import { systemClock } from '../../core/clock.ts';
import { failure } from '../../core/failure.ts';
import { err, type Result } from '../../core/result.ts';
import { chooseModel } from '../../registry/choose-version.ts';
import type { Registry } from '../../registry/registry.ts';
import type { RegisteredModel } from '../../registry/types.ts';
import { renderHistory, renderModel, renderModels } from '../../report/models.ts';
import type { CliContext } from '../context.ts';
import { printResult } from '../print-result.ts';
import { withModels } from '../stores.ts';

/** `mlp models list`. */
export async function listModels(context: CliContext, json: boolean): Promise<void> {
  const models = await withModels(context, async ({ registry }) => {
    const found = await registry.listModels();
    return found.ok && found.value.length === 0 ? err(failure('no-models', {})) : found;
  });
  const now = systemClock.now();
  printResult(context, models, { json, text: (value, screen) => renderModels(value, { ...screen, now }) });
}

/** `mlp models show`. */
export async function showModel(context: CliContext, name: string | undefined, json: boolean): Promise<void> {
  const model = await withModels(context, ({ registry }) => find(registry, name, 'models show'));
  const now = systemClock.now();
  printResult(context, model, { json, text: (value, screen) => renderModel(value, { ...screen, now }) });
}

/** `mlp models history`. */
export async function modelHistory(context: CliContext, name: string | undefined, json: boolean): Promise<void> {
  const entries = await withModels(context, async ({ registry }) => {
    const model = await find(registry, name, 'models history');
    return model.ok ? registry.history(model.value.name) : model;
  });
  const now = systemClock.now();
  printResult(context, entries, { json, text: (value, screen) => renderHistory(value, { ...screen, now }) });
}

async function find(registry: Registry, name: string | undefined, command: string): Promise<Result<RegisteredModel>> {
  const models = await registry.listModels();
  return models.ok ? chooseModel(models.value, { name, command }) : models;
}
