import type { Plan, PlannedAction, StagePlan } from '../plan/types.ts';
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

/** `mlp status` and `mlp repro --dry`: the plan in words, with its reasons; every line ended. The plan itself is the JSON. */
export function renderPlan(plan: Plan, { style, columns }: Screen): string {
  if (plan.stages.length === 0) return '  no stages: pipeline.yaml declares none\n';
  const fresh = plan.stages.filter(({ action }) => action === 'skip').length;
  if (fresh === plan.stages.length) return `  ${countOf(fresh, 'stage')} up to date\n`;
  const listed = plan.stages.filter(({ action }) => action !== 'skip' || fresh <= mostUpToDate);
  const nameWidth = nameWidthFor(
    listed.map(({ stage }) => stage),
    columns,
  );
  const wordWidth = Math.max(...listed.map((stage) => plannedWords[plannedWord(stage)].length));
  const lines = listed.map((stage) => planLine(stage, { style, columns, nameWidth, wordWidth }));
  return `${lines.join('')}\n  ${summary(plan.stages)}\n  ${style.cyan('next:')} mlp repro\n`;
}

interface PlanLayout extends Screen {
  readonly nameWidth: number;
  readonly wordWidth: number;
}

function planLine(plan: StagePlan, layout: PlanLayout): string {
  const gap = layout.columns < 60 ? 1 : 3;
  const word = plannedWord(plan);
  const room = layout.columns - 2 - layout.nameWidth - layout.wordWidth - 2 * gap;
  const note = room < 10 ? '' : fitWidth(plainLine(noteOf(plan, word, room)), room);
  const name = padTo(fitWidth(plainLine(plan.stage), layout.nameWidth), layout.nameWidth);
  const shown = note === '' ? plannedWords[word] : padTo(plannedWords[word], layout.wordWidth);
  return `  ${name}${' '.repeat(gap)}${paintOf(word, layout.style)(shown)}${' '.repeat(gap)}${note}`.trimEnd() + '\n';
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
