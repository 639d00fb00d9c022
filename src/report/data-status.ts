import type { ShownDataStatus } from '../cli/data/data-status.ts';
import type { DataChanges } from '../pipeline/data/data-status.ts';
import { countOf } from './format.ts';
import type { Paint, Style } from './style.ts';
import { plainLine } from './terminal-text.ts';

/** What `mlp data status` says; every line ended. */
export function renderDataStatus(status: ShownDataStatus, { style }: { readonly style: Style }): string {
  const { notInCache, committed, uncommitted, untracked = [], unchanged } = status;
  const sections = [
    section('not in the cache (lost if they change or go)', plainList(notInCache, style.red)),
    section('records differ from the last commit', committed === undefined ? [] : changeLines(committed, style)),
    section('workspace differs from the records (mlp checkout undoes it)', changeLines(uncommitted, style)),
    section('neither git nor mlp keeps', plainList(untracked, style.dim)),
  ].filter((text) => text !== '');
  return [...sections, `  ${countOf(unchanged, 'path')} ${unchanged === 1 ? 'stands' : 'stand'} as recorded\n`].join(
    '\n',
  );
}

const section = (title: string, lines: readonly string[]): string =>
  lines.length === 0 ? '' : `  ${title}\n${lines.map((line) => `    ${line}\n`).join('')}`;

const plainList = (paths: readonly string[], paint: Paint): string[] => paths.map((path) => paint(plainLine(path)));

const changeLines = (changes: DataChanges, style: Style): string[] => [
  ...changes.added.map((path) => `${style.green('added   ')}   ${plainLine(path)}`),
  ...changes.modified.map((path) => `${style.yellow('modified')}   ${plainLine(path)}`),
  ...changes.deleted.map((path) => `${style.red('deleted ')}   ${plainLine(path)}`),
];
