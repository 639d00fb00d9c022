import { endedStages } from './schema/ended-stages.ts';
import { registryTables } from './schema/registry.ts';
import { runTables } from './schema/runs.ts';

/**
 * One step to the next format of the store. Steps are only ever added at the end: a published one is never edited, since
 * files in that format exist.
 */
export interface Migration {
  readonly name: string;
  readonly sql: string;
}

/** The n-th step leads to format n (SQLite's `user_version`). */
export const migrations: readonly Migration[] = [
  { name: 'runs', sql: runTables },
  { name: 'registry', sql: registryTables },
  { name: 'ended stages', sql: endedStages },
];
