import type { ModelConfig } from '../../config/types.ts';
import { failure, type Failure } from '../../core/failure.ts';
import type { Result } from '../../core/result.ts';
import { placeOf } from '../../core/workspace.ts';
import type { Project } from '../../pipeline/open-project.ts';
import type { StagedVersion } from '../../registry/register-and-stage.ts';
import type { Registry } from '../../registry/registry.ts';
import type { Executed } from './types.ts';

export interface RegisteredModels {
  readonly versions: readonly StagedVersion[];
  readonly problems: readonly Failure[];
}

/** Registers each model whose content the run made anew, and moves it to Staging when the gates let it. */
export async function registerModels(project: Project, outcome: Executed): Promise<RegisteredModels> {
  const none = { versions: [], problems: [] };
  const { run, report } = outcome;
  if (run === undefined || report.status !== 'FINISHED' || project.config.models.length === 0) return none;
  const { openRegistry } = await import('../../registry/sqlite-registry.ts');
  const registry = openRegistry(placeOf(project.workspace, 'store'));
  if (!registry.ok) return { versions: [], problems: [registry.error] };
  try {
    const versions: StagedVersion[] = [];
    const problems: Failure[] = [];
    for (const model of project.config.models) {
      const staged = await registerOne({ project, outcome, registry: registry.value }, model);
      if (staged?.ok === true) versions.push(staged.value);
      else if (staged !== undefined) problems.push(staged.error);
    }
    return { versions, problems };
  } finally {
    await registry.value.close();
  }
}

interface Scene {
  readonly project: Project;
  readonly outcome: Executed;
  readonly registry: Registry;
}

/** Undefined when the run did not come by the model at all. */
async function registerOne(scene: Scene, model: ModelConfig): Promise<Result<StagedVersion> | undefined> {
  const { project, outcome, registry } = scene;
  const maker = outcome.report.done.find((done) => done.outs.some((out) => out.path === model.path));
  const out = maker?.outs.find((made) => made.path === model.path);
  if (maker === undefined || out === undefined || maker.action === 'unchanged') return undefined;
  const { registerAndStage } = await import('../../registry/register-and-stage.ts');
  const { promotionPorts } = await import('../models/promotion-ports.ts');
  const { actorOf } = await import('../models/actor.ts');
  if (out.files === undefined) {
    return {
      ok: false,
      error: failure('model-not-a-folder', { model: model.name, path: model.path }, { at: model.at }),
    };
  }
  return registerAndStage(promotionPorts(project.workspace, registry), {
    model: model.name,
    hash: out.hash,
    path: out.path,
    runId: outcome.run?.id ?? null,
    sourceStage: maker.stage,
    metrics: outcome.run?.metrics ?? {},
    by: await actorOf(project.workspace.root, { message: `made by ${outcome.run?.name ?? 'a run'}` }),
    rules: model.gates,
  });
}
