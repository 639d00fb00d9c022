import { ok, type Result } from '../core/result.ts';
import { productionGates, stagingGates } from './evaluate-gates.ts';
import { type GateResult, type GateRules, isPassed } from './gates.ts';
import type { Materialise, PackageProbe, ProbeReport, TestSet } from './probe.ts';
import type { Registry } from './registry.ts';
import type { Actor, ModelStage, ModelVersion } from './types.ts';

/** What a promotion works with. */
export interface PromotionPorts {
  readonly registry: Registry;
  readonly probe: PackageProbe;
  readonly materialise: Materialise;
}

export interface Promotion {
  readonly candidate: ModelVersion;
  readonly to: 'Staging' | 'Production';
  readonly rules: GateRules;
  readonly testSet?: TestSet;
  readonly by: Actor;
}

export interface PromotionOutcome {
  readonly outcome: 'promoted' | 'refused';
  /** As it is now. */
  readonly version: ModelVersion;
  readonly from: ModelStage;
  readonly to: 'Staging' | 'Production';
  /** What it was compared with in Production, or null. */
  readonly production: ModelVersion | null;
  /** What left Production for it. */
  readonly replaced: ModelVersion | null;
  readonly gates: readonly GateResult[];
}

/** Fixes the bootstrap's draws, so that the same models and rows give the same interval. */
const seed = 20_240_601;

/**
 * Measures the candidate in a fresh process and moves it when every gate lets it pass; a refusal is kept in the audit trail.
 * Fails when it could not be measured, or when the registry changed while it was.
 */
export async function promote(ports: PromotionPorts, promotion: Promotion): Promise<Result<PromotionOutcome>> {
  const { candidate, to, by } = promotion;
  const current = await ports.registry.currentProduction(candidate.model);
  if (!current.ok) return current;
  const production = to === 'Production' ? current.value : null;
  const report = await measure(ports, promotion, production);
  if (!report.ok) return report;

  const input = { rules: promotion.rules, report: report.value, candidate, production, seed };
  const gates = to === 'Production' ? productionGates(input) : stagingGates(input);
  const { model, version, stage: from } = candidate;
  const move = { model, version, from, to, production: production?.version ?? null, by, gates };
  const outcome = { from, to, production, gates };
  if (!isPassed(gates)) {
    const kept = await ports.registry.refuse(move);
    return kept.ok ? ok({ ...outcome, outcome: 'refused', version: candidate, replaced: null }) : kept;
  }
  const moved = await ports.registry.move(move);
  return moved.ok ? ok({ ...outcome, outcome: 'promoted', ...moved.value }) : moved;
}

async function measure(
  ports: PromotionPorts,
  { candidate, testSet }: Promotion,
  production: ModelVersion | null,
): Promise<Result<ProbeReport>> {
  const folder = await ports.materialise(candidate.hash);
  if (!folder.ok) return folder;
  if (production === null) return ports.probe({ candidate: folder.value });
  // Content of the former model that is lost must not hold up its replacement: recorded metrics are compared then.
  const former = await ports.materialise(production.hash);
  return ports.probe({
    candidate: folder.value,
    ...(former.ok ? { production: former.value } : {}),
    ...(testSet === undefined ? {} : { testSet }),
  });
}
