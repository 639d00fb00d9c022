import type { AuditEntry, ModelStage, ModelVersion, RegisteredModel } from '../registry/types.ts';
import { formatAgo, formatNumber, shortHash } from './format.ts';
import { gateTitle } from './gate-text.ts';
import type { Style } from './style.ts';
import { type Cell, type Column, textTable } from './table.ts';
import { plainLine } from './terminal-text.ts';

interface Screen {
  readonly style: Style;
  readonly columns: number;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** `mlp models list`: a line a model; every line ended. */
export function renderModels(models: readonly RegisteredModel[], { style, columns, now }: Screen): string {
  const titles: Column[] = [
    { title: 'model' },
    { title: 'production' },
    { title: 'staging' },
    { title: 'versions', align: 'right' },
    { title: 'newest' },
  ];
  const rows = models.map(({ name, versions }) => [
    name,
    inStage(versions, 'Production'),
    inStage(versions, 'Staging'),
    String(versions.length),
    formatAgo(versions[0]?.createdAt ?? now, now),
  ]);
  const table = textTable({ columns: titles, rows }, { indent: 2, width: columns, paintHeader: style.dim });
  return `${table}\n  ${style.cyan('next:')} ${nextStep(models)}\n`;
}

function inStage(versions: readonly ModelVersion[], stage: ModelStage): string {
  const found = versions.filter((version) => version.stage === stage).map(({ version }) => `v${version}`);
  return found.length > 3 ? `${found.slice(0, 3).join(', ')}, ...` : found.join(', ') || '-';
}

function nextStep(models: readonly RegisteredModel[]): string {
  const [first] = models;
  const staged = models.find(({ versions }) => versions.some(({ stage }) => stage === 'Staging'));
  return [`mlp models show ${first?.name ?? ''}`, ...(staged === undefined ? [] : [`mlp promote ${staged.name}`])].join(
    ' · ',
  );
}

const mostMetrics = 2;

/** `mlp models show`: a line a version, newest first. */
export function renderModel(model: RegisteredModel, { style, columns, now }: Screen): string {
  const metrics = metricsOf(model.versions);
  const aliased = model.versions.some(({ aliases }) => aliases.length > 0);
  const titles: Column[] = [
    { title: 'version' },
    { title: 'stage' },
    ...metrics.map((title): Column => ({ title, align: 'right' })),
    { title: 'run' },
    { title: 'made' },
    { title: 'content' },
    ...(aliased ? [{ title: 'aliases' }] : []),
  ];
  const rows = model.versions.map((version) => [
    `v${version.version}`,
    stageCell(version.stage, style),
    ...metrics.map((name) => metricText(version.metrics[name])),
    version.runName ?? '-',
    formatAgo(version.createdAt, now),
    shortHash(version.hash),
    ...(aliased ? [version.aliases.join(', ')] : []),
  ]);
  const table = textTable({ columns: titles, rows }, { indent: 2, gap: 2, width: columns, paintHeader: style.dim });
  const history = `mlp models history ${model.name}`;
  const waiting = model.versions.some(({ stage }) => stage === 'Staging');
  const next = waiting ? `mlp promote ${model.name} · ${history}` : history;
  return `  ${style.bold(model.name)}\n${table}\n  ${style.cyan('next:')} ${next}\n`;
}

/** Metrics of a whole, the usual ones first; those of a class or fold have a dot in their name. */
function metricsOf(versions: readonly ModelVersion[]): string[] {
  const names = new Set(versions.flatMap(({ metrics }) => Object.keys(metrics).filter((name) => !/[.[]/.test(name))));
  const usual = ['macro_f1', 'accuracy'].filter((name) => names.has(name));
  return [...new Set([...usual, ...[...names].sort()])].slice(0, mostMetrics);
}

const metricText = (value: number | undefined): string => (value === undefined ? '-' : formatNumber(value));

function stageCell(stage: ModelStage, style: Style): Cell {
  if (stage === 'Production') return { text: stage, paint: style.green };
  return stage === 'Archived' ? { text: stage, paint: style.dim } : stage;
}

/** `mlp models history`: the audit trail, newest first. */
export function renderHistory(entries: readonly AuditEntry[], { style, columns, now }: Screen): string {
  const titles: Column[] = [
    { title: 'when' },
    { title: 'version' },
    { title: 'step' },
    { title: 'by' },
    { title: 'commit' },
    { title: 'why', shrinkTo: 16 },
  ];
  const rows = entries.map((entry) => [
    formatAgo(entry.at, now),
    `v${entry.version}`,
    stepCell(entry, style),
    plainLine(entry.who),
    entry.gitCommit?.slice(0, 7) ?? '-',
    plainLine(whyText(entry)),
  ]);
  return textTable({ columns: titles, rows }, { indent: 2, gap: 2, width: columns, paintHeader: style.dim });
}

function stepCell(entry: AuditEntry, style: Style): Cell {
  // Where it came from stands in an earlier line, and in the JSON.
  const step = entry.action === 'register' ? 'registered' : `-> ${entry.to}`;
  return entry.outcome === 'refused' ? { text: `${step} refused`, paint: style.red } : step;
}

/** What was said, with the gates that refused, or how many let it pass. */
function whyText({ action, outcome, why, gates }: AuditEntry): string {
  const refused = gates.filter(({ verdict }) => verdict === 'refused').map(gateTitle);
  const passed = gates.filter(({ verdict }) => verdict === 'passed').length;
  const said = [
    ...(action === 'rollback' ? ['rollback'] : action === 'replace' ? ['replaced'] : []),
    ...(outcome === 'refused'
      ? [`failed: ${refused.join(', ')}`]
      : passed > 0
        ? [`gates ${passed}/${passed + refused.length}`]
        : []),
    ...(why === '' ? [] : [why]),
  ];
  return said.join(' · ');
}
