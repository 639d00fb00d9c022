import type { Imported } from '../fs/import/import-file.ts';
import type { Updated } from '../fs/import/update-import.ts';
import { formatBytes, shortHash } from './format.ts';
import type { Style } from './style.ts';
import { plainLine } from './terminal-text.ts';

/** What `mlp update` says of each file; every line ended. */
export function renderUpdated(all: readonly Updated[], { style }: { readonly style: Style }): string {
  const lines = all.map(({ record, previous, changed }) => {
    const path = style.bold(plainLine(record.path));
    if (!changed) return `  ${path}   unchanged   sha256 ${shortHash(record.sha256)}`;
    const sizes = `${formatBytes(previous.size)} -> ${formatBytes(record.size)}`;
    return `  ${path}   ${style.yellow('changed')}   ${sizes}   sha256 ${shortHash(previous.sha256)} -> ${shortHash(record.sha256)}`;
  });
  const records = all.filter(({ changed }) => changed).map(({ record }) => plainLine(`${record.path}.mlp`));
  const next = records.length === 0 ? [] : [`  ${style.cyan('next:')} git add ${records.join(' ')} && mlp repro`];
  return [...lines, ...next, ''].join('\n');
}

/** What `mlp import-url` says when it is done; every line ended. */
export function renderImported(imported: Imported, { style }: { readonly style: Style }): string {
  const { record, recordPath, from, source, ignoredIn } = imported;
  const origin = { origin: '', mirror: `   from the mirror: ${plainLine(source)}`, present: '   was there already' }[
    from
  ];
  const resumed = imported.resumedAt === undefined ? '' : `   went on at ${formatBytes(imported.resumedAt)}`;
  const files = ignoredIn === undefined ? recordPath : `${recordPath} ${ignoredIn}`;
  return [
    `  ${style.bold(plainLine(record.path))}   ${formatBytes(record.size)}   sha256 ${shortHash(record.sha256)}${origin}${resumed}`,
    `  its origin is kept in ${plainLine(recordPath)}${ignoredIn === undefined ? '' : `; git ignores the data (${plainLine(ignoredIn)})`}`,
    `  ${style.cyan('next:')} git add ${plainLine(files)}`,
    '',
  ].join('\n');
}
