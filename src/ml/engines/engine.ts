import { homedir } from 'node:os';
import { join } from 'node:path';

/** Native libraries that train; models that they trained need none of them. */
export type EngineName = 'lightgbm' | 'xgboost';

export interface Engine {
  readonly name: EngineName;
  readonly version: string;
  /** Names a library to take instead of an installed one. */
  readonly variable: 'MLP_LIGHTGBM_LIB' | 'MLP_XGBOOST_LIB';
  /** File names of the library by `process.platform`. */
  readonly library: Readonly<Record<string, string>>;
  /** Where the library lies in its wheel, and so below the engine's folder. */
  readonly folder: string;
}

export const engines: Readonly<Record<EngineName, Engine>> = {
  lightgbm: {
    name: 'lightgbm',
    version: '4.7.0',
    variable: 'MLP_LIGHTGBM_LIB',
    library: { linux: 'lib_lightgbm.so', darwin: 'lib_lightgbm.dylib', win32: 'lib_lightgbm.dll' },
    folder: 'lightgbm/lib',
  },
  xgboost: {
    name: 'xgboost',
    version: '3.2.0',
    variable: 'MLP_XGBOOST_LIB',
    library: { linux: 'libxgboost.so', darwin: 'libxgboost.dylib', win32: 'xgboost.dll' },
    folder: 'xgboost/lib',
  },
};

export type Environment = Readonly<Record<string, string | undefined>>;

/** Where engines are kept: below the cache folder that the system gives each user, so that all projects share them. */
export function engineFolder(engine: Engine, env: Environment, platform: string = process.platform): string {
  const home = env['HOME'] ?? homedir();
  const caches =
    platform === 'win32'
      ? (env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'))
      : (env['XDG_CACHE_HOME'] ?? (platform === 'darwin' ? join(home, 'Library', 'Caches') : join(home, '.cache')));
  return join(caches, 'mlp', 'engines', `${engine.name}-${engine.version}`);
}

/** The library file of an engine as the system names it. */
export const libraryName = (engine: Engine, platform: string = process.platform): string =>
  engine.library[platform] ?? engine.library['linux'] ?? '';

/** Where the library of an installed engine lies. */
export const installedLibrary = (engine: Engine, env: Environment): string =>
  join(engineFolder(engine, env), engine.folder, libraryName(engine));
