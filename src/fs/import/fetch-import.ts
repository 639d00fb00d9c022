import type { Result } from '../../core/result.ts';
import { ownPath } from '../remove.ts';
import { fetchInto, type TransferPorts } from './fetch-into.ts';
import { readRecord } from './read-record.ts';
import type { ImportRecord } from './record.ts';

/** Fetches the file of a record again. Fails when its content is not the recorded one. */
export async function fetchImport(recordPath: string, ports: TransferPorts): Promise<Result<ImportRecord>> {
  const record = readRecord(ports.root, recordPath);
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
