import type { ContentHash } from '../../core/brands.ts';

/** What a file or folder that no stage makes holds. The record belongs in git; the data itself does not. */
export interface DataRecord {
  /** The data, relative to the workspace: the record's own name without `.mlp`. */
  readonly path: string;
  /** Of a folder, that of its manifest. */
  readonly sha256: ContentHash;
  readonly size: number;
  /** Number of files of a folder; absent for a file. */
  readonly files?: number;
  readonly executable?: true;
  /** Where it was downloaded from; absent for what `mlp add` was given. */
  readonly url?: string;
  /** As its server names this content, where it does. */
  readonly etag?: string;
  /** When it was downloaded: ISO 8601, UTC. */
  readonly imported?: string;
}

/** The record of a file that was downloaded, and can be again. */
export interface ImportRecord extends DataRecord {
  readonly url: string;
  readonly imported: string;
}

export const recordPathOf = (path: string): string => `${path}.mlp`;

export const isRecordPath = (path: string): boolean => path.endsWith('.mlp') && !/(^|\/)\.mlp$/.test(path);

/** The record as YAML, with the sentence that its finder needs. Strings are written as JSON, which YAML reads too. */
export function recordText(record: DataRecord): string {
  const origin = record.url === undefined ? [] : [`url: ${JSON.stringify(record.url)}`];
  return [
    record.url === undefined
      ? '# What stands beside this file, which git ignores. `mlp checkout` puts it there from the cache.'
      : '# Where the file beside this one comes from. `mlp repro` fetches it again when it is missing.',
    ...origin,
    `sha256: ${record.sha256}`,
    `size: ${record.size}`,
    ...(record.files === undefined ? [] : [`files: ${record.files}`]),
    ...(record.executable === true ? ['executable: true'] : []),
    ...(record.etag === undefined ? [] : [`etag: ${JSON.stringify(record.etag)}`]),
    ...(record.imported === undefined ? [] : [`imported: ${record.imported}`]),
    '',
  ].join('\n');
}
