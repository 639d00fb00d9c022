import { ok, type Result } from '../core/result.ts';
import type { GateResult, GateRules } from './gates.ts';
import { promote, type PromotionPorts } from './promote.ts';
import type { ModelStage, NewVersion } from './types.ts';

export interface StagedVersion {
  readonly model: string;
  readonly version: number;
  readonly stage: ModelStage;
  /** False when this content was registered before: nothing was measured or moved then. */
  readonly isNew: boolean;
  readonly gates: readonly GateResult[];
}

/**
 * What follows a run that made a model: registers its content if it is new, asks the gates of Staging, and moves it there when
 * they let it pass. When measuring fails the version stays registered in Development, and the failure is given back.
 */
export async function registerAndStage(
  ports: PromotionPorts,
  made: NewVersion & { readonly rules: GateRules },
): Promise<Result<StagedVersion>> {
  const registered = await ports.registry.register(made);
  if (!registered.ok) return registered;
  const { version: candidate, isNew } = registered.value;
  const { model, version, stage } = candidate;
  if (!isNew) return ok({ model, version, stage, isNew, gates: [] });
  const staged = await promote(ports, { candidate, to: 'Staging', rules: made.rules, by: made.by });
  return staged.ok
    ? ok({ model, version, stage: staged.value.version.stage, isNew, gates: staged.value.gates })
    : staged;
}
