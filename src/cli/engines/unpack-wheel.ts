import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { failure } from '../../core/failure.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { libraryName, type Engine } from '../../ml/engines/engine.ts';
import { licenceText } from './licence-text.ts';
import type { Wheel } from './wheels.ts';
import { readZip, type ZipEntry } from './zip.ts';

interface Unpacking {
  readonly bytes: Buffer;
  readonly folder: string;
}

/**
 * Writes the library of an engine and what belongs to it below a folder, if the bytes are the pinned ones. A licence text is always among that: the
 * wheel's own, or beside the library one that is made of what is known.
 */
export async function unpackWheel(engine: Engine, wheel: Wheel, { bytes, folder }: Unpacking): Promise<Result<void>> {
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
    if (entries.some(({ name }) => isLicence(name))) return ok(undefined);
    const description = entries.find(({ name }) => name.endsWith('.dist-info/METADATA'));
    const metadata = Buffer.from(description?.read() ?? []).toString();
    const bundled = entries.map(({ name }) => name).filter((name) => isBundled(name));
    await writeFile(join(folder, engine.folder, 'LICENSE'), licenceText({ library, wheel, metadata, bundled }));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return invalid(error.message);
  }
  return ok(undefined);
}

/** Libraries that a wheel bundles, its licences, the description that names them, and where what is bundled comes from. */
const isBeside = (name: string): boolean =>
  !name.split(/[/\\]/).includes('..') &&
  (isBundled(name) || isLicence(name) || /^[\w.-]+\.dist-info\/(METADATA|(licenses|sboms)\/[\w./-]+)$/.test(name));

const isBundled = (name: string): boolean => /^([\w.-]+\.libs|[\w.-]+\/\.dylibs)\/[\w.-]+$/.test(name);

/** Before PEP 639 licences lay beside METADATA, since then in a folder of their own. */
const isLicence = (name: string): boolean =>
  /^[\w.-]+\.dist-info\/(licenses\/([\w.-]+\/)*)?[\w.-]*(LICEN[CS]E|COPYING)[\w.-]*$/i.test(name);

async function writeEntry(folder: string, entry: ZipEntry): Promise<void> {
  if (entry.name.endsWith('/')) return;
  const path = join(folder, entry.name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, entry.read());
}
