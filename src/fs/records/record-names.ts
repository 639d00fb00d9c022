import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The record of our own, and DVC's. */
const endings = ['.mlp', '.dvc'] as const;

/** Whether a file name is that of a record; `.mlp` and `.dvc` alone are the folders of the two programs. */
export const isRecordName = (name: string): boolean =>
  endings.some((ending) => name.endsWith(ending) && name !== ending);

/** What the record's name says that it tracks. A `.dvc` file may have another name than its data. */
export const dataNameOf = (record: string): string => record.replace(/\.(?:mlp|dvc)$/, '');

/** The record that stands beside a path, relative to the workspace as the path is. */
export const recordBeside = (root: string, path: string): string | undefined =>
  endings.map((ending) => path + ending).find((record) => existsSync(join(root, record)));
