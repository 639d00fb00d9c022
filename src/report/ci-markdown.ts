import type { EngineEvent, StageAction } from '../core/events.ts';
import type { Reason } from '../core/reason.ts';
import { countOf, formatDelta, formatDuration, formatNumber } from './format.ts';
import { summariseReasons } from './reason.ts';
import { modelText, type SummaryModel } from './run-summary.ts';
import { markdownTable } from './table.ts';
import { plainText } from './terminal-text.ts';

/** What a CI job says of a run, for a pull request or the job's summary page. */
export interface CiReport {
  /** Absent when nothing was to do, so that there is no run. */
  readonly runName?: string;
  readonly status: Extract<EngineEvent, { type: 'run-finished' }>['status'];
  readonly seconds: number;
  /** In the order of the plan. */
  readonly stages: readonly CiStage[];
  /** Now, and in the last committed lock where it has the metric. */
  readonly metrics: readonly { readonly name: string; readonly value?: number; readonly committed?: number }[];
  readonly models: readonly CiModel[];
  readonly failures: readonly CiFailure[];
}

export interface CiStage {
  readonly stage: string;
  readonly action: StageAction | 'failed' | 'ended' | 'not-run';
  readonly reasons: readonly Reason[];
  readonly seconds?: number;
  /** For `restored`. */
  readonly madeBy?: string;
}

export interface CiModel extends SummaryModel {
  readonly gateResults: readonly { readonly gate: string; readonly passed: boolean; readonly detail: string }[];
}

export interface CiFailure {
  readonly stage: string;
  readonly message: string;
  readonly next?: string;
  /** The last lines that it printed. */
  readonly logTail: readonly string[];
}

const words: Record<CiStage['action'], string> = {
  ran: 'ran',
  restored: 'restored',
  'checked-out': 'put back',
  unchanged: 'unchanged',
  failed: '**failed**',
  ended: 'ended',
  'not-run': 'not run',
};
const longestReasons = 200;

/** The report as GitHub's Markdown, which GitLab reads too: what ran and why, metrics, models with their gates, failures. */
export function ciMarkdown(report: CiReport): string {
  const parts = [
    `## ${headline(report)}\n`,
    ...(report.stages.length === 0 ? [] : [stageTable(report.stages)]),
    ...report.failures.map(failurePart),
    ...(report.metrics.length === 0 ? [] : [`### Metrics\n\n${metricTable(report.metrics)}`]),
    ...report.models.map(modelPart),
  ];
  return parts.join('\n');
}

function headline({ stages, status, seconds, runName }: CiReport): string {
  const count = (...actions: readonly CiStage['action'][]): number =>
    stages.filter(({ action }) => actions.includes(action)).length;
  const name = runName === undefined ? '' : ` · run ${runName}`;
  const time = ` · ${formatDuration(seconds)}`;
  if (status === 'KILLED') return `mlp repro: interrupted${name}${time}`;
  const failed = count('failed');
  if (failed > 0) return `mlp repro: ${countOf(failed, 'stage')} failed${name}${time}`;
  const fresh = count('unchanged');
  if (fresh === stages.length) return `mlp repro: ${countOf(fresh, 'stage')} up to date${time}`;
  const facts = [
    [count('ran'), 'ran'],
    [count('restored', 'checked-out'), 'restored'],
    [fresh, 'unchanged'],
  ] as const;
  const said = facts.filter(([number]) => number > 0).map(([number, word]) => `${number} ${word}`);
  return `mlp repro: ${said.join(', ')}${name}${time}`;
}

function stageTable(stages: readonly CiStage[]): string {
  return markdownTable({
    columns: [{ title: 'stage' }, { title: 'what' }, { title: 'time', align: 'right' }, { title: 'why' }],
    rows: stages.map((stage) => [
      stage.stage,
      words[stage.action],
      stage.seconds === undefined || stage.action === 'unchanged' ? '' : formatDuration(stage.seconds),
      whyOf(stage),
    ]),
  });
}

function whyOf(stage: CiStage): string {
  if (stage.action === 'unchanged') return '';
  if (stage.action === 'restored') return `same inputs as ${stage.madeBy ?? 'an earlier run'}`;
  return summariseReasons(stage.reasons, longestReasons);
}

function metricTable(metrics: CiReport['metrics']): string {
  return markdownTable({
    columns: [
      { title: 'metric' },
      { title: 'now', align: 'right' },
      { title: 'last commit', align: 'right' },
      { title: 'change', align: 'right' },
    ],
    rows: metrics.map(({ name, value, committed }) => [
      name,
      value === undefined ? '' : formatNumber(value),
      committed === undefined ? '' : formatNumber(committed),
      value === undefined || committed === undefined ? '' : formatDelta(value - committed),
    ]),
  });
}

function modelPart(model: CiModel): string {
  const head = `### Model ${modelText(model)}\n`;
  if (model.gateResults.length === 0) return head;
  const rows = model.gateResults.map(({ gate, passed, detail }) => [gate, passed ? 'passed' : 'refused', detail]);
  return `${head}\n${markdownTable({ columns: [{ title: 'gate' }, { title: 'result' }, { title: '' }], rows })}`;
}

function failurePart({ stage, message, next, logTail }: CiFailure): string {
  const tail = plainText(logTail.join('\n')).trimEnd();
  const fence = fenceFor(tail);
  const log = tail === '' ? '' : `\n${fence}text\n${tail}\n${fence}\n`;
  return `### ${stage} failed\n\n${inline(message)}\n${log}${next === undefined ? '' : `\nNext: ${inline(next)}\n`}`;
}

/** Longer than any run of backticks inside, so that nothing printed can end the block. */
function fenceFor(text: string): string {
  const longest = Math.max(0, ...Array.from(text.matchAll(/`+/g), ([run]) => run.length));
  return '`'.repeat(Math.max(3, longest + 1));
}

/** Text of others inside Markdown: on one line, and nothing in it is markup. */
const inline = (text: string): string => text.replace(/\s+/g, ' ').replace(/[\\`*_{}[\]<>#|!]/g, '\\$&');
