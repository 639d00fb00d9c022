import type { Garbage } from '../cache/sweep.ts';
import { countOf, formatBytes } from './format.ts';
import type { Style } from './style.ts';
import { textTable } from './table.ts';
import { plainLine } from './terminal-text.ts';

const mostRows = 20;

/** What `mlp gc` removed, or with `done: false` would remove; every line ended. */
export function renderGarbage(
  { objects, outs, entries, quarantine, kept }: Garbage,
  { columns, done }: { readonly style: Style; readonly columns: number; readonly done: boolean },
): string {
  const stays = `  kept: ${countOf(kept.objects, 'object')}, ${formatBytes(kept.bytes)}\n`;
  if (objects.length + entries.length + quarantine.length === 0) return `  nothing to remove\n${stays}`;
  const rows = [...new Map(outs.map((out) => [`${out.path} ${out.hash}`, out])).values()]
    .sort((a, b) => b.size - a.size || (a.path < b.path ? -1 : 1))
    .map(({ path, size, files, hash }) => [
      plainLine(path),
      hash.slice(0, 8),
      `${formatBytes(size)}${files === undefined ? '' : ` in ${countOf(files, 'file')}`}`,
    ]);
  const table = textTable(
    { columns: [{ title: 'out', shrinkTo: 12 }, { title: 'hash' }, { title: 'size' }], rows: rows.slice(0, mostRows) },
    { width: columns, indent: 2, header: false },
  );
  const more = rows.length > mostRows ? `  and ${rows.length - mostRows} more outs\n` : '';
  const bytes = [...objects, ...quarantine].reduce((sum, { size }) => sum + size, 0);
  const parts = [
    countOf(objects.length, 'object'),
    ...(quarantine.length === 0 ? [] : [`${quarantine.length} damaged`]),
    ...(entries.length === 0 ? [] : [`${entries.length} cache ${entries.length === 1 ? 'entry' : 'entries'}`]),
  ];
  return `${table}${more}  ${done ? 'removed' : 'would remove'} ${parts.join(', ')}: ${formatBytes(bytes)}\n${stays}`;
}
