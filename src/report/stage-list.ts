import type { StageConfig } from '../config/types.ts';
import type { Style } from './style.ts';
import { textTable } from './table.ts';
import { plainLine } from './terminal-text.ts';

/** `mlp stage list`: a line a stage with what it does and what it makes; every line ended. */
export function renderStageList(
  stages: readonly StageConfig[],
  { style, columns }: { readonly style: Style; readonly columns: number },
): string {
  if (stages.length === 0) return '  no stages\n';
  const rows = stages.map((stage) => [
    { text: plainLine(stage.name), paint: style.bold },
    plainLine(stage.desc ?? stage.cmd.join('; ')),
    plainLine(outsOf(stage)),
  ]);
  return textTable(
    {
      columns: [
        { title: '', shrinkTo: 12 },
        { title: '', shrinkTo: 10 },
        { title: '', shrinkTo: 10 },
      ],
      rows,
    },
    { header: false, indent: 2, width: columns },
  );
}

function outsOf({ outs, frozen }: StageConfig): string {
  const paths = outs.map(({ path }) => path).join(', ');
  const made = paths === '' ? '' : `-> ${paths}`;
  return frozen ? `${made} (frozen)`.trim() : made;
}
