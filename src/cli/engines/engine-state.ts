import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { failure } from '../../core/failure.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { engineFolder, engines, installedLibrary, type Engine, type Environment } from '../../ml/engines/engine.ts';

/** Which library an engine would use. */
export interface EngineState {
  readonly engine: string;
  readonly version: string;
  /** `variable`: one that the user named; `installed`: by mlp; null: none but what the system may have. */
  readonly source: 'variable' | 'installed' | null;
  readonly library: string | null;
}

function engineState(engine: Engine, env: Environment): EngineState {
  const { name, version, variable } = engine;
  const named = env[variable];
  if (named !== undefined) return { engine: name, version, source: 'variable', library: named };
  const library = installedLibrary(engine, env);
  const installed = existsSync(library);
  return { engine: name, version, source: installed ? 'installed' : null, library: installed ? library : null };
}

export const engineStates = (env: Environment): readonly EngineState[] =>
  Object.values(engines).map((engine) => engineState(engine, env));

/** The library of an engine, or the failure that says how to get it. */
export function enginePath(engine: Engine, env: Environment): Result<EngineState> {
  const state = engineState(engine, env);
  if (state.library !== null) return ok(state);
  const { name, variable } = engine;
  return err(failure('engine-missing', { engine: name, path: installedLibrary(engine, env), variable }));
}

/** Removes what was installed. */
export async function removeEngine(
  engine: Engine,
  env: Environment,
): Promise<{ readonly engine: string; readonly removed: boolean; readonly folder: string }> {
  const folder = engineFolder(engine, env);
  const removed = existsSync(folder);
  await rm(folder, { recursive: true, force: true });
  return { engine: engine.name, removed, folder };
}
