import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { failure } from '../../core/failure.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { engineFolder, installedLibrary, type Engine, type Environment } from '../../ml/engines/engine.ts';
import { openEngine } from '../../ml/engines/open-engine.ts';
import { fetchWheel, type FetchedWheel } from './fetch-wheel.ts';
import { unpackWheel } from './unpack-wheel.ts';
import { wheelFor, type Wheel } from './wheels.ts';

export interface InstalledEngine {
  readonly engine: string;
  readonly version: string;
  readonly action: 'installed' | 'unchanged';
  readonly library: string;
  /** Where the wheel came from; absent when nothing was fetched. */
  readonly from?: string;
}

export interface InstallOptions {
  readonly env: Environment;
  /** A wheel that is here already. */
  readonly wheel?: string | undefined;
  /** Also when it is installed. */
  readonly force: boolean;
  /** Hears what is fetched before it is. */
  readonly say?: (line: string) => void;
}

/**
 * Puts the library of an engine into the user's cache folder: the pinned wheel, checked by its hash, of which only the library, what is bundled with
 * it and its licence are kept. The folder appears as a whole, by a rename. At the end the library is opened, which shows whether the system can.
 */
export async function installEngine(engine: Engine, options: InstallOptions): Promise<Result<InstalledEngine>> {
  const { env, force } = options;
  const { name, version } = engine;
  const library = installedLibrary(engine, env);
  if (existsSync(library) && !force) return ok({ engine: name, version, action: 'unchanged', library });
  const system = `${process.platform}-${process.arch}`;
  const wheel = wheelFor(name, system);
  if (wheel === undefined)
    return err(failure('engine-not-for-system', { engine: name, system, variable: engine.variable }));
  const folder = engineFolder(engine, env);
  const temporary = `${folder}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await mkdir(join(temporary, 'wheel'), { recursive: true });
    const fetched = await wheelOf(wheel, join(temporary, 'wheel'), options);
    if (!fetched.ok) return fetched;
    const unpacked = await unpackWheel(engine, wheel, {
      bytes: fetched.value.bytes,
      folder: join(temporary, 'engine'),
    });
    if (!unpacked.ok) return unpacked;
    if (existsSync(folder)) await rename(folder, join(temporary, 'former'));
    await rename(join(temporary, 'engine'), folder);
    const opened = await openEngine(name, { ...env, [engine.variable]: undefined });
    if (!opened.ok) return opened;
    return ok({ engine: name, version, action: 'installed', library, from: fetched.value.from });
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

async function wheelOf(
  wheel: Wheel,
  folder: string,
  { env, wheel: file, say }: InstallOptions,
): Promise<Result<FetchedWheel>> {
  if (file === undefined) {
    say?.(`fetching ${wheel.file}`);
    return fetchWheel(wheel, folder, env);
  }
  try {
    return ok({ bytes: await readFile(file), from: file });
  } catch (error) {
    return err(failure('engine-not-fetched', { file: wheel.file, from: file, problem: (error as Error).message }));
  }
}
