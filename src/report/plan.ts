import type { MissingData, Plan, PlannedAction, StagePlan } from '../plan/types.ts';
import { countOf } from './format.ts';
import { summariseReasons } from './reason.ts';
import { nameWidthFor } from './stage-line.ts';
import { fitWidth } from './display-width.ts';
import type { Paint, Style } from './style.ts';
import { padTo, plainLine } from './terminal-text.ts';

interface Screen {
  readonly style: Style;
  readonly columns: number;
}

/** What a planned stage is said to be; `may-run` is a `run` that is not certain. */
export type PlannedWord = PlannedAction | 'may-run';

export const plannedWord = (stage: StagePlan): PlannedWord =>
  stage.action === 'run' && !stage.certain ? 'may-run' : stage.action;

export const plannedWords: Readonly<Record<PlannedWord, string>> = {
  run: 'would run',
  'may-run': 'may run',
  restore: 'would be restored',
  checkout: 'would be put back',
  skip: 'up to date',
};
const mostUpToDate = 10;
const mostData = 10;

/** `mlp status` and `mlp repro --dry`: the plan in words, with its reasons; every line ended. The plan itself is the JSON. `next`: what carries it out. */
export function renderPlan(plan: Plan, { style, columns, next = 'mlp repro' }: Screen & { next?: string }): string {
  if (plan.stages.length === 0) return '  no stages: pipeline.yaml declares none\n';
  const fresh = plan.stages.filter(({ action }) => action === 'skip').length;
  const uncached = uncachedLine(plan);
  const { data = [] } = plan;
  const isFresh = fresh === plan.stages.length;
  if (isFresh && data.length === 0) return `  ${countOf(fresh, 'stage')} up to date\n${uncached}`;
  const listed = plan.stages.filter(({ action }) => !isFresh && (action !== 'skip' || fresh <= mostUpToDate));
  const rows = [...data.slice(0, mostData).map(dataRow), ...listed.map(stageRow)];
  const nameWidth = nameWidthFor(
    rows.map(({ name }) => name),
    columns,
  );
  const wordWidth = rows.reduce((widest, { word }) => Math.max(widest, plannedWords[word].length), 0);
  const lines = rows.map((row) => planLine(row, { style, columns, nameWidth, wordWidth }));
  const all = data.length === 0 ? '' : `${countOf(data.length, 'path')} of data missing, `;
  return `${lines.join('')}\n  ${all}${summary(plan.stages)}\n${uncached}  ${style.cyan('next:')} ${next}\n`;
}

interface PlanRow {
  readonly name: string;
  readonly word: PlannedWord;
  readonly note: (room: number) => string;
}

const stageRow = (plan: StagePlan): PlanRow => {
  const word = plannedWord(plan);
  return { name: plan.stage, word, note: (room) => noteOf(plan, word, room) };
};

const dataRow = ({ path, record, from }: MissingData): PlanRow => ({
  name: path,
  word: 'checkout',
  note: () => (from === 'url' ? `missing; fetched again, by ${record}` : `missing; recorded in ${record}`),
});

/** After `repro --no-commit`, or where the cache was lost: nothing needs to run for that, but nothing could be put back either. */
function uncachedLine({ stages }: Plan): string {
  const count = stages.flatMap(({ uncached = [] }) => uncached).length;
  if (count === 0) return '';
  return `  ${countOf(count, 'out')} not in the cache: mlp commit ${count === 1 ? 'stores it' : 'stores them'}\n`;
}

interface PlanLayout extends Screen {
  readonly nameWidth: number;
  readonly wordWidth: number;
}

function planLine({ name, word, note }: PlanRow, layout: PlanLayout): string {
  const gap = layout.columns < 60 ? 1 : 3;
  const room = layout.columns - 2 - layout.nameWidth - layout.wordWidth - 2 * gap;
  const told = room < 10 ? '' : fitWidth(plainLine(note(room)), room);
  const first = padTo(fitWidth(plainLine(name), layout.nameWidth), layout.nameWidth);
  const shown = told === '' ? plannedWords[word] : padTo(plannedWords[word], layout.wordWidth);
  return `  ${first}${' '.repeat(gap)}${paintOf(word, layout.style)(shown)}${' '.repeat(gap)}${told}`.trimEnd() + '\n';
}

function noteOf(plan: StagePlan, word: PlannedWord, room: number): string {
  switch (word) {
    case 'skip':
      return '';
    case 'restore':
      return plan.madeBy === undefined ? summariseReasons(plan.reasons, room) : `same inputs as ${plan.madeBy}`;
    case 'may-run': {
      const above = plan.reasons.flatMap((reason) => (reason.kind === 'upstream' ? [reason.stage] : []));
      return above.length === 0 ? summariseReasons(plan.reasons, room) : `if ${above.join(' or ')} changes its input`;
    }
    default:
      return summariseReasons(plan.reasons, room);
  }
}

export function paintOf(word: PlannedWord, style: Style): Paint {
  switch (word) {
    case 'run':
    case 'may-run':
      return style.yellow;
    case 'restore':
    case 'checkout':
      return style.green;
    case 'skip':
      return style.dim;
  }
}

function summary(stages: readonly StagePlan[]): string {
  const counts = new Map<PlannedWord, number>();
  for (const stage of stages) counts.set(plannedWord(stage), (counts.get(plannedWord(stage)) ?? 0) + 1);
  return (Object.keys(plannedWords) as PlannedWord[])
    .flatMap((word) => {
      const count = counts.get(word);
      return count === undefined ? [] : [`${count} ${plannedWords[word]}`];
    })
    .join(', ');
}
