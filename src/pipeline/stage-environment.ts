import { delimiter, join } from 'node:path';
import type { RunId } from '../core/brands.ts';
import { ok, type Result } from '../core/result.ts';
import type { StageView } from '../plan/plan-stage.ts';
import type { StagePlan } from '../plan/types.ts';
import { paramsForProcess } from './settings.ts';
import type { StageParams } from './stage-params.ts';

type EnvironmentOf = (view: StageView, plan: StagePlan) => Result<Readonly<Record<string, string>>>;

/**
 * What a stage's process gets beside mlp's own environment: its declared variables, its name, the run, its params as JSON (only the
 * declared ones; in a file, and in a variable when they are not too long for one), its fingerprint, and the project's node_modules/.bin on the path, as npm gives its scripts.
 */
export function stageEnvironment(
  run: RunId | undefined,
  at: { readonly root: string; readonly params: StageParams },
  path = process.env['PATH'] ?? '',
): EnvironmentOf {
  return (view, plan) => {
    const declared = view.stage.env.flatMap(({ name, value }) => (value === null ? [] : [[name, value] as const]));
    const params = at.params.variables(paramsForProcess(view.inputs));
    if (!params.ok) return params;
    return ok({
      PATH: `${join(at.root, 'node_modules', '.bin')}${delimiter}${path}`,
      ...Object.fromEntries(declared),
      MLP_STAGE: view.stage.name,
      ...params.value,
      ...(run === undefined ? {} : { MLP_RUN_ID: run }),
      ...(plan.fingerprint === undefined ? {} : { MLP_FINGERPRINT: plan.fingerprint }),
    });
  };
}
