import { join } from 'node:path';
import { exitCode } from '../../core/exit-code.ts';
import { failure, type Failure } from '../../core/failure.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { Workspace } from '../../core/workspace.ts';
import { readPipeline } from '../../pipeline/load-pipeline.ts';
import type { ModelConfig } from '../../config/types.ts';
import { candidateFor, chooseModel, namedVersion, parseModelReference } from '../../registry/choose-version.ts';
import type { GateRules } from '../../registry/gates.ts';
import { promote, type PromotionOutcome } from '../../registry/promote.ts';
import type { TestSet } from '../../registry/probe.ts';
import type { Registry } from '../../registry/registry.ts';
import type { ModelVersion } from '../../registry/types.ts';
import { promotionData, renderPromotion } from '../../report/promotion.ts';
import type { CliContext } from '../context.ts';
import { printAll } from '../print-result.ts';
import { withModels } from '../stores.ts';
import { actorOf } from './actor.ts';
import { promotionPorts } from './promotion-ports.ts';

export interface PromoteWords {
  readonly to: 'Staging' | 'Production';
  readonly message: string;
  readonly by?: string;
  readonly json?: boolean;
}

interface Promoted extends PromotionOutcome {
  /** How many versions it was chosen from as the best, and by what; absent when it was named. */
  readonly chosen?: { readonly among: number; readonly metric: string };
}

/** `mlp promote`. */
export async function promoteVersion(
  context: CliContext,
  reference: string | undefined,
  words: PromoteWords,
): Promise<void> {
  const promoted = await withModels<Promoted, Failure | readonly Failure[]>(
    context,
    async ({ workspace, registry }) => {
      const config = await readPipeline(workspace);
      if (!config.ok) return config;
      const picked = await pick(registry, reference, { to: words.to, models: config.value.models });
      if (!picked.ok) return picked;
      const { version: candidate, chosen, configured } = picked.value;
      const testSet = testSetIn(workspace, configured);
      const outcome = await promote(promotionPorts(workspace, registry), {
        candidate,
        to: words.to,
        rules: rulesOf(configured),
        ...(testSet === undefined ? {} : { testSet }),
        by: await actorOf(workspace.root, words),
      });
      return outcome.ok ? ok({ ...outcome.value, ...(chosen === undefined ? {} : { chosen }) }) : outcome;
    },
  );
  printAll(context, promoted, {
    json: words.json === true,
    text: renderPromotion,
    data: promotionData,
    exit: ({ outcome }) => (outcome === 'refused' ? exitCode.refused : exitCode.done),
  });
}

interface Picked {
  readonly version: ModelVersion;
  readonly chosen?: { readonly among: number; readonly metric: string };
  readonly configured: ModelConfig | undefined;
}

async function pick(
  registry: Registry,
  reference: string | undefined,
  among: { readonly to: 'Staging' | 'Production'; readonly models: readonly ModelConfig[] },
): Promise<Result<Picked>> {
  const asked = parseModelReference(reference ?? '');
  if (reference !== undefined && !asked.ok) return asked;
  const { model: name, version } = asked.ok ? asked.value : {};
  const models = await registry.listModels();
  const model = models.ok ? chooseModel(models.value, { name, command: 'promote' }) : models;
  if (!model.ok) return model;
  const configured = among.models.find((other) => other.name === model.value.name);
  if (version === undefined) {
    const candidate = candidateFor(model.value, among.to, rulesOf(configured));
    if (!candidate.ok) return candidate;
    const { among: of, metric } = candidate.value;
    return ok({ version: candidate.value.version, configured, ...(of > 1 ? { chosen: { among: of, metric } } : {}) });
  }
  const found = namedVersion(model.value, version);
  if (!found.ok) return found;
  const { stage } = found.value;
  if (stage === among.to || (stage === 'Production' && among.to === 'Staging')) {
    return err(failure('already-there', { model: model.value.name, version: found.value.version, stage }));
  }
  return ok({ version: found.value, configured });
}

/** A model that the pipeline no longer names still has to load and to lose nothing. */
const rulesOf = (configured: ModelConfig | undefined): GateRules => configured?.gates ?? { thresholds: [] };

function testSetIn(workspace: Workspace, configured: ModelConfig | undefined): TestSet | undefined {
  const testSet = configured?.testSet;
  return testSet === undefined ? undefined : { ...testSet, path: join(workspace.root, testSet.path) };
}
