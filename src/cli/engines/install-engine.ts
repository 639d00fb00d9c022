import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { failure } from '../../core/failure.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { engineFolder, installedLibrary, libraryName, type Engine, type Environment } from '../../ml/engines/engine.ts';
import { openEngine } from '../../ml/engines/open-engine.ts';
import { fetchWheel, type FetchedWheel } from './fetch-wheel.ts';
import { wheelFor, type Wheel } from './wheels.ts';
import { readZip, type ZipEntry } from './zip.ts';

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

interface Unpacking {
  readonly bytes: Buffer;
  readonly folder: string;
}

async function unpackWheel(engine: Engine, wheel: Wheel, { bytes, folder }: Unpacking): Promise<Result<void>> {
  const invalid = (problem: string): Result<never> =>
    err(failure('engine-wheel-invalid', { file: wheel.file, problem }));
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found !== wheel.sha256)
    return invalid(`its SHA-256 is ${found.slice(0, 12)}.., not ${wheel.sha256.slice(0, 12)}..`);
  const library = `${engine.folder}/${libraryName(engine)}`;
  try {
    const entries = readZip(bytes).filter(({ name }) => name === library || isBeside(name));
    if (!entries.some(({ name }) => name === library)) return invalid(`there is no ${library} in it`);
    for (const entry of entries) await writeEntry(folder, entry);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return invalid(error.message);
  }
  return ok(undefined);
}

/** Libraries that a wheel bundles, its licences, and the description that names them. */
const isBeside = (name: string): boolean =>
  !name.split(/[/\\]/).includes('..') &&
  (/^[\w.-]+\.libs\/[\w.-]+$/.test(name) ||
    /^[\w.-]+\/\.dylibs\/[\w.-]+$/.test(name) ||
    /^[\w.-]+\.dist-info\/(METADATA|licenses\/[\w./-]+)$/.test(name));

async function writeEntry(folder: string, entry: ZipEntry): Promise<void> {
  if (entry.name.endsWith('/')) return;
  const path = join(folder, entry.name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, entry.read());
}
