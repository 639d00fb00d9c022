import type { ModelConfig } from '../../config/types.ts';
import type { Artifact } from '../../core/artifact.ts';
import type { RunId, StageName } from '../../core/brands.ts';
import { failure, type Failure } from '../../core/failure.ts';
import { err, type Result } from '../../core/result.ts';
import { placeOf } from '../../core/workspace.ts';
import type { Project } from '../../pipeline/open-project.ts';
import type { StagedVersion } from '../../registry/register-and-stage.ts';
import type { PackageProbe } from '../../registry/probe.ts';
import type { Registry } from '../../registry/registry.ts';
import type { Executed } from './types.ts';

export interface RegisteredModels {
  readonly versions: readonly StagedVersion[];
  readonly problems: readonly Failure[];
}

/** The content of a model, stored in the cache, and where it comes from. */
export interface MadeModel {
  readonly out: Artifact;
  readonly stage: StageName;
  /** The run that made it; undefined where none is known. */
  readonly run: { readonly id: RunId; readonly name: string } | undefined;
  readonly metrics: Readonly<Record<string, number>>;
}

/** Registers each model whose content the run made anew, and moves it to Staging when the gates let it. */
export async function registerModels(
  project: Project,
  outcome: Executed,
  probe: PackageProbe,
): Promise<RegisteredModels> {
  const { run, report } = outcome;
  if (run === undefined || report.status !== 'FINISHED') return { versions: [], problems: [] };
  const made = (model: ModelConfig): MadeModel | undefined => {
    const maker = report.done.find((done) => done.outs.some((out) => out.path === model.path));
    const out = maker?.outs.find((made) => made.path === model.path);
    // Undefined when the run did not come by the model at all.
    if (maker === undefined || out === undefined || maker.action === 'unchanged') return undefined;
    return { out, stage: maker.stage, run, metrics: run.metrics };
  };
  return registerMade(project, made, probe);
}

/** Registers every model of the pipeline file that was made, and moves it to Staging when it is new and the gates let it. */
export async function registerMade(
  project: Project,
  made: (model: ModelConfig) => MadeModel | undefined,
  probe?: PackageProbe,
): Promise<RegisteredModels> {
  const models = project.config.models.flatMap((model) => {
    const found = made(model);
    return found === undefined ? [] : [{ model, found }];
  });
  if (models.length === 0) return { versions: [], problems: [] };
  const { openRegistry } = await import('../../registry/sqlite-registry.ts');
  const registry = openRegistry(placeOf(project.workspace, 'store'));
  if (!registry.ok) return { versions: [], problems: [registry.error] };
  try {
    const versions: StagedVersion[] = [];
    const problems: Failure[] = [];
    for (const { model, found } of models) {
      const staged = await registerOne({ project, registry: registry.value, probe }, model, found);
      if (staged.ok) versions.push(staged.value);
      else problems.push(staged.error);
    }
    return { versions, problems };
  } finally {
    await registry.value.close();
  }
}

interface Scene {
  readonly project: Project;
  readonly registry: Registry;
  readonly probe: PackageProbe | undefined;
}

async function registerOne(
  { project, registry, probe }: Scene,
  model: ModelConfig,
  { out, stage, run, metrics }: MadeModel,
): Promise<Result<StagedVersion>> {
  const { registerAndStage } = await import('../../registry/register-and-stage.ts');
  const { promotionPorts } = await import('../models/promotion-ports.ts');
  const { actorOf } = await import('../models/actor.ts');
  if (out.files === undefined) {
    return err(failure('model-not-a-folder', { model: model.name, path: model.path }, { at: model.at }));
  }
  const message = run === undefined ? 'committed as it stood' : `made by ${run.name}`;
  return registerAndStage(promotionPorts(project.workspace, registry, probe), {
    model: model.name,
    hash: out.hash,
    path: out.path,
    runId: run?.id ?? null,
    sourceStage: stage,
    metrics,
    by: await actorOf(project.workspace.root, { message }),
    rules: model.gates,
  });
}
