import type { ExplainedParam, ExplainedPath, StageExplanation } from '../plan/explain-types.ts';
import { fitWidth } from './display-width.ts';
import { countOf, formatAgo, formatValue, shortHash } from './format.ts';
import { paintOf, plannedWord } from './plan.ts';
import { reasonText } from './reason.ts';
import type { Style } from './style.ts';
import { textTable } from './table.ts';
import type { Cell } from './table.ts';
import { joinFitting, padTo, plainLine } from './terminal-text.ts';

export interface ExplainScreen {
  readonly style: Style;
  readonly columns: number;
  /** Milliseconds since 1970. */
  readonly now: number;
}

const sectionWidth = 8;
const stateWidth = 7;
/** So many unchanged rows of a section are listed; the others are counted. */
const mostSame = 12;

type State = 'same' | 'changed' | 'new' | 'gone' | 'missing' | 'pending';

/** `mlp explain STAGE`: why it would run, every input then and now, whether the result is known, and what follows. */
export function renderExplanation(stage: StageExplanation, screen: ExplainScreen): string {
  const { style, columns } = screen;
  const head = [headline(stage, style), ...reasonLines(stage, screen)];
  const facts = [factLine('last run', originText(stage, screen.now), columns), ...commandLines(stage, screen)];
  const inputs = [
    section('deps', stage.deps.map(pathRow), screen),
    section('params', stage.params.map(paramRow), screen),
    section(
      'env',
      stage.env.map(({ name, same }) => [same ? 'same' : 'changed', name, '', '']),
      screen,
    ),
    section('outs', stage.outs.map(pathRow), screen),
  ].join('');
  const tail = [
    factLine('result', resultText(stage), columns),
    ...stage.after.map((next, at) => factLine(at === 0 ? 'after it' : '', afterText(next), columns)),
  ];
  return `${ended(head)}\n${ended(facts)}${inputs}${ended(tail)}`;
}

const ended = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

const words = {
  run: 'would run',
  'may-run': 'may run, if its input changes',
  restore: 'would be restored',
  checkout: 'would be put back',
  skip: 'is up to date',
} as const;

function headline(stage: StageExplanation, style: Style): string {
  const word = plannedWord(stage);
  const count = stage.reasons.length === 0 ? '' : `: ${countOf(stage.reasons.length, 'reason')}`;
  return `  ${style.bold(plainLine(stage.stage))} ${paintOf(word, style)(words[word])}${count}`;
}

function reasonLines(stage: StageExplanation, { columns }: ExplainScreen): string[] {
  return stage.reasons.map((reason) => {
    const place = reason.kind.startsWith('param-') && 'key' in reason ? placeOfParam(stage.params, reason) : '';
    return `  * ${joinFitting([reasonText(reason, columns - 4), ...(place === '' ? [] : [place])], '   ', columns - 4)}`;
  });
}

function placeOfParam(params: readonly ExplainedParam[], at: { readonly file: string; readonly key: string }): string {
  const found = params.find(({ file, key }) => file === at.file && key === at.key);
  return found === undefined ? '' : placeOf(found);
}

const placeOf = ({ at }: ExplainedParam): string => (at === undefined ? '' : `${at.file}:${at.line}`);

function originText({ origin }: StageExplanation, now: number): string {
  if (origin === undefined) return 'not known';
  return `${origin.runName}, ${formatAgo(origin.at, now)}`;
}

const factLine = (name: string, text: string, columns: number): string =>
  `  ${fitWidth(`${padTo(name, sectionWidth)}  ${text}`, columns - 2)}`;

function commandLines({ cmd }: StageExplanation, { columns, style }: ExplainScreen): string[] {
  const same = cmd.was?.join('\n') === cmd.now.join('\n');
  const line = (name: string, state: string, text: string): string => {
    const front = `${padTo(name, sectionWidth)}  `;
    const paint = state === 'same' ? style.dim : style.yellow;
    const room = Math.max(1, columns - 2 - sectionWidth - 2 - stateWidth - 2);
    return `  ${front}${paint(padTo(state, stateWidth))}  ${fitWidth(plainLine(text), room)}`;
  };
  const lines = (name: string, state: string, commands: readonly string[]): string[] =>
    commands.map((command, at) => (at === 0 ? line(name, state, command) : line('', '', command)));
  if (cmd.was === undefined) return lines('cmd', 'new', cmd.now);
  if (same) return lines('cmd', 'same', cmd.now);
  return [...lines('cmd', 'was', cmd.was), ...lines('', 'now', cmd.now)];
}

/** State, name, values, place. */
type InputRow = readonly [State, string, string, string];

/** A table of its own, so that a section without places or values leaves their columns to its names. */
function section(name: string, rows: readonly InputRow[], { style, columns }: ExplainScreen): string {
  if (rows.length === 0) return '';
  let same = 0;
  const listed = rows.filter(([state]) => state !== 'same' || ++same <= mostSame);
  const left = rows.length - listed.length;
  const shown: (readonly string[])[] = left === 0 ? [...listed] : [...listed, ['same', `and ${left} more`, '', '']];
  const cells = shown.map(([state = '', ...texts], at): Cell[] => [
    padTo(at === 0 ? name : '', sectionWidth),
    { text: padTo(state, stateWidth), paint: state === 'same' ? style.dim : style.yellow },
    ...texts.map(plainLine),
  ]);
  const titles = [{}, {}, { shrinkTo: 10 }, { shrinkTo: 6 }, { shrinkTo: 6 }];
  return textTable(
    { columns: titles.map((column) => ({ title: '', ...column })), rows: cells },
    { header: false, indent: 2, gap: 2, width: columns },
  );
}

function pathRow(input: ExplainedPath): InputRow {
  const state = stateOf(input);
  const files = input.files === undefined ? '' : ` (${countOf(input.files, 'file')})`;
  const by = input.by === undefined ? '' : ` (by ${input.by})`;
  const was = input.was === undefined ? '' : shortHash(input.was);
  const now = input.now.length === 64 ? shortHash(input.now) : '';
  const values = state === 'changed' ? `${was} -> ${now}` : now === '' ? was : now;
  return [state, input.path + files + by, values, ''];
}

function stateOf({ was, now }: ExplainedPath): State {
  if (now === 'missing') return 'missing';
  if (now === 'unknown') return 'pending';
  if (now === 'not-declared') return 'gone';
  if (was === undefined) return 'new';
  return was === now ? 'same' : 'changed';
}

function paramRow(param: ExplainedParam): InputRow {
  const name = param.file === 'params.yaml' ? param.key : `${param.file}:${param.key}`;
  const was = param.was === undefined ? '' : formatValue(param.was);
  const now = param.now === undefined ? '' : formatValue(param.now);
  if (param.was === undefined) return ['new', name, now, placeOf(param)];
  if (param.now === undefined) return ['gone', name, `was ${was}`, placeOf(param)];
  if (was === now) return ['same', name, now, placeOf(param)];
  return ['changed', name, `${was} -> ${now}`, placeOf(param)];
}

function resultText({ result, action }: StageExplanation): string {
  switch (result.known) {
    case 'yes':
      if (action === 'skip') return 'known: it is in place';
      return `known: ${result.madeBy ?? 'an earlier run'} made it from the same inputs`;
    case 'no':
      return 'not known: this combination was never built';
    case 'cannot-tell':
      return `cannot tell before ${result.until}`;
  }
}

function afterText({ stage, through }: StageExplanation['after'][number]): string {
  const paths =
    through.length > 2 ? `${through.slice(0, 2).join(', ')} or ${through.length - 2} more` : through.join(' or ');
  return paths === ''
    ? `${stage} would run`
    : `${stage} would run if ${paths} ${through.length === 1 ? 'changes' : 'change'}`;
}
