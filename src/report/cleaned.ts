import type { Cleaned } from '../pipeline/data/clean.ts';
import { countOf, formatBytes } from './format.ts';
import type { Style } from './style.ts';
import { textTable } from './table.ts';
import { plainLine } from './terminal-text.ts';

/** What `mlp clean` took away, or would; every line ended. */
export function renderCleaned(
  { dry, removed, kept }: Cleaned,
  { style, columns }: { readonly style: Style; readonly columns: number },
): string {
  const rows = removed.map(({ path, size, files }) => [
    plainLine(path),
    `${formatBytes(size)}${files === undefined ? '' : ` in ${countOf(files, 'file')}`}`,
  ]);
  const table = textTable(
    { columns: [{ title: 'out', shrinkTo: 12 }, { title: 'size' }], rows },
    { width: columns, indent: 2, header: false },
  );
  const bytes = removed.reduce((sum, { size }) => sum + size, 0);
  const done = `${dry ? 'would remove' : 'removed'} ${countOf(removed.length, 'out')}, ${formatBytes(bytes)}`;
  return [
    `${table}  ${removed.length === 0 ? 'nothing to remove' : done}`,
    ...(kept.length === 0 ? [] : [`  left, for they are not cached: ${kept.map(plainLine).join(', ')}`]),
    ...(removed.length === 0 || dry ? [] : [`  ${style.cyan('next:')} mlp checkout puts them back`]),
    '',
  ].join('\n');
}
