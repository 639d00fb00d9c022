import { displayWidth, fitWidth } from '../display-width.ts';
import { paintOf, plannedWords } from '../plan.ts';
import type { PlannedWord } from '../plan.ts';
import type { Style } from '../style.ts';
import { padTo, plainLine } from '../terminal-text.ts';
import { componentsOf, indexDag } from './dag-view.ts';
import type { DagView, IndexedDag } from './dag-view.ts';
import { drawRails, nodeMark } from './draw-rails.ts';
import type { RailRow } from './draw-rails.ts';
import { arrangeRows } from './row-order.ts';

interface Screen {
  readonly style: Style;
  readonly columns: number;
}

const marks: Record<PlannedWord, string> = { run: '●', 'may-run': '◐', restore: '◆', checkout: '◆', skip: '○' };
/** Columns that names need beside the lines, else the stages are listed with what they need. */
const leastNameRoom = 24;
/** Stepping right at every stage is easy to follow up to here; deeper graphs run their chains straight down. */
const mostSteps = 8;

/** The graph drawn top to bottom, one stage a line, parts that nothing connects below each other; every line ended. */
export function renderDag(view: DagView, screen: Screen): string {
  if (view.nodes.length === 0) return '  no stages\n';
  const dag = indexDag(view);
  const parts = componentsOf(dag);
  // Stages of their own come last and close together: blank lines between them would say nothing.
  const linked = parts.filter((part) => part.length > 1).map((part) => drawPart(dag, part));
  const alone = parts
    .filter((part) => part.length === 1)
    .flatMap(([node]) => (node === undefined ? [] : [aloneRow(node)]));
  const blocks = alone.length === 0 ? linked : [...linked, alone];
  const lineWidth = Math.max(...blocks.flat().map(({ text }) => text.length));
  if (lineWidth + leastNameRoom > screen.columns) return listed(view, dag, screen);
  const labels = labelColumn(view, screen.columns - 2 - lineWidth - 2);
  return blocks.map((rows) => rows.map((row) => lineOf(row, { view, screen, lineWidth, labels })).join('')).join('\n');
}

const aloneRow = (node: number): RailRow => ({ node, text: nodeMark, at: 0 });

function drawPart(dag: IndexedDag, part: readonly number[]): RailRow[] {
  const stepping = { dag, straight: false };
  const rails = arrangeRows(stepping, part);
  if (rails.width <= mostSteps) return drawRails(stepping, rails);
  const straight = { dag, straight: true };
  return drawRails(straight, arrangeRows(straight, part));
}

function labelColumn(view: DagView, room: number): { readonly width: number; readonly withWords: boolean } {
  const width = Math.max(...view.nodes.map(({ name }) => displayWidth(plainLine(name))));
  const longest = Math.max(...view.nodes.map(({ state }) => (state === undefined ? 0 : plannedWords[state].length)));
  const withWords = longest > 0 && room - longest - 3 >= Math.min(width, 12);
  return { width: Math.min(width, withWords ? room - longest - 3 : room), withWords };
}

interface LineInput {
  readonly view: DagView;
  readonly screen: Screen;
  readonly lineWidth: number;
  readonly labels: { readonly width: number; readonly withWords: boolean };
}

function lineOf(row: RailRow, { view, screen, lineWidth, labels }: LineInput): string {
  const { style } = screen;
  const node = row.node === undefined ? undefined : view.nodes[row.node];
  if (node === undefined) return `  ${row.text}`.trimEnd() + '\n';
  const paint = node.state === undefined ? style.bold : paintOf(node.state, style);
  const before = row.text.slice(0, row.at);
  const after = row.text.slice(row.at + 1).padEnd(lineWidth - row.at - 1);
  const mark = paint(node.state === undefined ? '●' : marks[node.state]);
  const name = fitWidth(plainLine(node.name), labels.width);
  const word = labels.withWords && node.state !== undefined ? plannedWords[node.state] : '';
  const label = word === '' ? name : `${padTo(name, labels.width)}   ${paint(word)}`;
  return `  ${style.dim(before)}${mark}${style.dim(after)}  ${label}\n`;
}

/** For graphs with more lines than a terminal has columns. */
function listed(view: DagView, dag: IndexedDag, { style, columns }: Screen): string {
  const width = Math.min(Math.floor(columns / 2), Math.max(...view.nodes.map(({ name }) => displayWidth(name))));
  return view.nodes
    .map(({ name, state }, at) => {
      const needs = (dag.above[at] ?? []).map((from) => view.nodes[from]?.name ?? '').join(', ');
      const paint = state === undefined ? style.bold : paintOf(state, style);
      const front = `  ${paint(state === undefined ? '●' : marks[state])} ${padTo(fitWidth(plainLine(name), width), width)}`;
      const room = columns - 4 - width - 3;
      return needs === ''
        ? `${front.trimEnd()}\n`
        : `${front}   ${style.dim(fitWidth(`needs ${plainLine(needs)}`, room))}\n`;
    })
    .join('');
}
