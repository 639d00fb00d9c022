import type { TraceFindings, UndeclaredUse } from '../core/trace.ts';
import { countOf } from './format.ts';
import type { Style } from './style.ts';
import { plainLine } from './terminal-text.ts';
import type { ViewState } from './view-state.ts';

const fields = ['deps', 'params', 'outs'] as const;
/** More lines of one kind for one stage are counted. */
const mostLines = 20;

/** What the traces of a run found, a stage at a time, with lines for pipeline.yaml as they stand there. Empty when all is declared. */
export function traceText(view: Pick<ViewState, 'finished'>, style: Style): string {
  return view.finished
    .flatMap((line) => {
      const ended = line.kind === 'done' ? line.done : line.kind === 'failed' ? line.failed : undefined;
      return ended?.trace === undefined ? [] : stageLines(ended.stage, ended.trace, style);
    })
    .map((line) => `${line}\n`)
    .join('');
}

function stageLines(stage: string, { undeclared, unread }: TraceFindings, style: Style): readonly string[] {
  const name = plainLine(stage);
  const hints = unread.map((dep) => style.dim(`  hint: ${name} never read its dep ${plainLine(dep)}`));
  if (undeclared.length === 0) return hints;
  const placed = fields.flatMap((field) => fieldLines(field, undeclared, style));
  const others = undeclared.filter((use) => use.field === undefined).map((use) => `    ${otherText(use)}`);
  return [`  ${style.yellow(name)} uses files that it does not declare:`, ...placed, ...cut(others), ...hints];
}

function fieldLines(
  field: (typeof fields)[number],
  undeclared: readonly UndeclaredUse[],
  style: Style,
): readonly string[] {
  const lines = undeclared
    .filter((use) => use.field === field)
    .map((use) => `      ${plainLine(use.line ?? '')}${style.dim(noteOf(use))}`);
  return lines.length === 0 ? [] : [`    ${field}:`, ...cut(lines)];
}

/** As a comment, so that the lines can be copied as they are. */
function noteOf({ files, madeBy }: UndeclaredUse): string {
  const notes = [
    ...(files === undefined ? [] : [files === 0 ? 'its names were listed' : countOf(files, 'file')]),
    ...(madeBy === undefined ? [] : [`made by ${madeBy}`]),
  ];
  return notes.length === 0 ? '' : plainLine(`  # ${notes.join(', ')}`);
}

function otherText({ path, how, madeBy }: UndeclaredUse): string {
  const what = how === 'removed' ? 'it removed' : 'it wrote to';
  const whose = madeBy === undefined ? (how === 'removed' ? '' : ', its own dep') : `, which ${madeBy} makes`;
  return plainLine(`${what} ${path}${whose}`);
}

const cut = (lines: readonly string[]): readonly string[] =>
  lines.length <= mostLines ? lines : [...lines.slice(0, mostLines), `      # and ${lines.length - mostLines} more`];
