import type { PromotionOutcome } from '../registry/promote.ts';
import type { GateResult } from '../registry/gates.ts';
import type { Moved } from '../registry/types.ts';
import { gateMeasured, gateTitle } from './gate-text.ts';
import type { Style } from './style.ts';
import { textTable } from './table.ts';

interface Screen {
  readonly style: Style;
  readonly columns: number;
}

type Promoted = PromotionOutcome & { readonly chosen?: { readonly among: number; readonly metric: string } };

/** `mlp promote`: every gate with what it measured, what moved, and how to undo it; every line ended. */
export function renderPromotion(promoted: Promoted, { style, columns }: Screen): string {
  const { version, from, to, chosen, gates } = promoted;
  const choice = chosen === undefined ? '' : `   (best of ${chosen.among} in ${from} by ${chosen.metric})`;
  const lines = [
    `  ${style.bold(`${version.model} v${version.version}`)}   ${from} -> ${to}${choice}\n`,
    gateTable(gates, { style, columns }),
    ...basis(promoted).map((line) => `  ${style.dim(line)}\n`),
    `\n  ${conclusion(promoted, style)}\n`,
    `  ${style.cyan('next:')} ${nextStep(promoted)}\n`,
  ];
  return lines.join('');
}

export function promotionData(promoted: Promoted): unknown {
  const { outcome, version, from, to, production, replaced, gates, chosen } = promoted;
  return {
    outcome,
    model: version.model,
    version: version.version,
    stage: version.stage,
    from,
    to,
    comparedWith: production?.version ?? null,
    replaced: replaced?.version ?? null,
    ...(chosen === undefined ? {} : { chosen }),
    gates,
  };
}

function gateTable(gates: readonly GateResult[], { style, columns }: Screen): string {
  const paint = { passed: style.green, refused: style.red, skipped: style.dim };
  const rows = gates.map((gate) => [
    gateTitle(gate),
    { text: gate.verdict, paint: paint[gate.verdict] },
    gateMeasured(gate),
  ]);
  const titles = [{ title: 'gate' }, { title: '' }, { title: '', shrinkTo: 20 }];
  return textTable({ columns: titles, rows }, { indent: 2, width: columns, header: false });
}

/** What the comparison with Production rests on. */
function basis({ production, gates }: Promoted): string[] {
  const gain = gates.find((gate) => gate.gate === 'gain');
  if (production === null || gain === undefined || gain.gain === null) return [];
  if (gain.rows !== null) return [`v${production.version} and this one were asked about the same ${gain.rows} rows`];
  return [`compared by recorded metrics: no test set was asked (models.${production.model}.test_set)`];
}

function conclusion({ outcome, version, replaced, production, to, gates }: Promoted, style: Style): string {
  if (outcome === 'refused') {
    const asked = gates.filter(({ verdict }) => verdict !== 'skipped');
    const refused = asked.filter(({ verdict }) => verdict === 'refused').length;
    const stays = production === null ? `it stays in ${version.stage}` : `v${production.version} stays in Production`;
    return `${style.red('refused')} by ${refused} of ${asked.length} gates: ${stays}`;
  }
  if (replaced === null) return `v${version.version} -> ${to}`;
  return `v${version.version} -> ${to} · v${replaced.version} -> Archived · undo with mlp rollback ${version.model}`;
}

function nextStep({ outcome, version, to }: Promoted): string {
  if (outcome === 'refused') return 'mlp compare shows the runs · mlp repro -S NAME=VALUE trains another';
  return to === 'Staging' ? `mlp promote ${version.model}@v${version.version}` : 'mlp serve';
}

/** `mlp rollback`. */
export function renderRollback({ version, replaced }: Moved, { style }: Screen): string {
  const left = replaced === null ? '' : ` · v${replaced.version} -> Archived`;
  return [
    `  ${style.bold(version.model)}   v${version.version} -> Production${left}\n`,
    `  ${style.cyan('next:')} mlp models history ${version.model}\n`,
  ].join('');
}
