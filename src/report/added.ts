import type { AddedData } from '../pipeline/data/add-data.ts';
import { countOf, formatBytes } from './format.ts';
import type { Style } from './style.ts';
import { textTable } from './table.ts';
import { plainLine } from './terminal-text.ts';

/** What `mlp add` did; every line ended. */
export function renderAdded(
  added: readonly AddedData[],
  { style, columns }: { readonly style: Style; readonly columns: number },
): string {
  const rows = added.map(({ artifact, action }) => [
    plainLine(artifact.path),
    action,
    `${formatBytes(artifact.size)}${artifact.files === undefined ? '' : ` in ${countOf(artifact.files, 'file')}`}`,
  ]);
  const table = textTable(
    { columns: [{ title: 'path', shrinkTo: 12 }, { title: 'action' }, { title: 'size' }], rows },
    { width: columns, indent: 2, header: false },
  );
  const changed = added.filter(({ action, ignoredIn }) => action !== 'unchanged' || ignoredIn !== undefined);
  const files = new Set(
    changed.flatMap(({ record, ignoredIn }) => (ignoredIn === undefined ? record : [record, ignoredIn])),
  );
  return table + (files.size === 0 ? '' : `  ${style.cyan('next:')} git add ${[...files].map(plainLine).join(' ')}\n`);
}
