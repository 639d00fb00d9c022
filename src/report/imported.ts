import type { Imported } from '../fs/import/import-file.ts';
import { formatBytes, shortHash } from './format.ts';
import type { Style } from './style.ts';
import { plainLine } from './terminal-text.ts';

/** What `mlp import-url` says when it is done; every line ended. */
export function renderImported(imported: Imported, { style }: { readonly style: Style }): string {
  const { record, recordPath, from, source, ignoredIn } = imported;
  const origin = { origin: '', mirror: `   from the mirror: ${plainLine(source)}`, present: '   was there already' }[
    from
  ];
  const files = ignoredIn === undefined ? recordPath : `${recordPath} ${ignoredIn}`;
  return [
    `  ${style.bold(plainLine(record.path))}   ${formatBytes(record.size)}   sha256 ${shortHash(record.sha256)}${origin}`,
    `  its origin is kept in ${plainLine(recordPath)}${ignoredIn === undefined ? '' : `; git ignores the data (${plainLine(ignoredIn)})`}`,
    `  ${style.cyan('next:')} git add ${plainLine(files)}`,
    '',
  ].join('\n');
}
