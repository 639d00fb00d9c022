import { delimiter, join } from 'node:path';
import type { RunId } from '../core/brands.ts';
import type { StageView } from '../plan/plan-stage.ts';
import type { StagePlan } from '../plan/types.ts';
import { paramsForProcess } from './settings.ts';

type EnvironmentOf = (view: StageView, plan: StagePlan) => Readonly<Record<string, string>>;

/**
 * What a stage's process gets beside mlp's own environment: its declared variables, its name, the run, its params as JSON (only the
 * declared ones), its fingerprint, and the project's node_modules/.bin on the path, as npm gives its scripts.
 */
export function stageEnvironment(
  run: RunId | undefined,
  root: string,
  path = process.env['PATH'] ?? '',
): EnvironmentOf {
  return (view, plan) => {
    const declared = view.stage.env.flatMap(({ name, value }) => (value === null ? [] : [[name, value] as const]));
    return {
      PATH: `${join(root, 'node_modules', '.bin')}${delimiter}${path}`,
      ...Object.fromEntries(declared),
      MLP_STAGE: view.stage.name,
      MLP_PARAMS_JSON: JSON.stringify(paramsForProcess(view.inputs)),
      ...(run === undefined ? {} : { MLP_RUN_ID: run }),
      ...(plan.fingerprint === undefined ? {} : { MLP_FINGERPRINT: plan.fingerprint }),
    };
  };
}
