import type { ContentHash } from '../../core/brands.ts';

/** Where a file of the workspace comes from. It belongs in git; the file itself does not. */
export interface ImportRecord {
  /** The imported file, relative to the workspace: the record's own name without `.mlp`. */
  readonly path: string;
  readonly url: string;
  readonly sha256: ContentHash;
  readonly size: number;
  /** ISO 8601, UTC. */
  readonly imported: string;
}

export const recordPathOf = (path: string): string => `${path}.mlp`;

/** The record as YAML, with the sentence that its finder needs. Strings are written as JSON, which YAML reads too. */
export function recordText(record: ImportRecord): string {
  return [
    '# Where the file beside this one comes from. `mlp repro` fetches it again when it is missing.',
    `url: ${JSON.stringify(record.url)}`,
    `sha256: ${record.sha256}`,
    `size: ${record.size}`,
    `imported: ${record.imported}`,
    '',
  ].join('\n');
}
