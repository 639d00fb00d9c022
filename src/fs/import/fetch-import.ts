import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Result } from '../../core/result.ts';
import { ownPath } from '../remove.ts';
import { fetchInto, type TransferPorts } from './fetch-into.ts';
import { readRecord, recordPathOf, type ImportRecord } from './record.ts';

/** Fetches the file of a record again. Fails when its content is not the recorded one. */
export async function fetchImport(recordPath: string, ports: TransferPorts): Promise<Result<ImportRecord>> {
  const record = await readRecord(ports.root, recordPath);
  if (!record.ok) return record;
  const { path, url, sha256, size } = record.value;
  const target = ownPath(ports.root, path);
  if (!target.ok) return target;
  // The recorded size was allowed when it was imported.
  const maxBytes = Math.max(size, ports.maxBytes);
  const wanted = { url: new URL(url), sha256, size };
  const got = await fetchInto(target.value, { ...ports, maxBytes, label: path, wanted });
  return got.ok ? record : got;
}

/** Which of these workspace paths are missing though a record beside them says where they come from: the records' paths. */
export function missingImports(root: string, paths: readonly string[]): string[] {
  const records = paths.flatMap((path) => {
    if (existsSync(join(root, recordPathOf(path)))) return [path];
    const isFolder = statSync(join(root, path), { throwIfNoEntry: false })?.isDirectory() === true;
    const inside = isFolder
      ? readdirSync(join(root, path)).filter((name) => name.endsWith('.mlp') && name !== '.mlp')
      : [];
    return inside.map((name) => `${path}/${name.slice(0, -'.mlp'.length)}`);
  });
  return [...new Set(records)].filter((path) => !existsSync(join(root, path))).map(recordPathOf);
}
