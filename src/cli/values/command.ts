import { Command } from 'commander';
import { exitCode } from '../../core/exit-code.ts';
import type { Failure } from '../../core/failure.ts';
import { failure } from '../../core/failure.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { Project } from '../../pipeline/open-project.ts';
import { styleFor } from '../../report/style.ts';
import { diffValues, valueRows } from '../../report/values.ts';
import { renderDiff, renderValues, type ValueKind, type ValuesView } from '../../report/values-table.ts';
import type { CliContext } from '../context.ts';
import { openCalledProject } from '../open.ts';
import { collectValues, type Collected } from './collect.ts';
import { revisionSource, workspaceSource } from './source.ts';

interface Words {
  readonly file?: string;
  readonly json?: boolean;
  readonly md?: boolean;
  readonly all?: boolean;
}

/** `show` and `diff` of metrics or params: the two commands differ in files, rounding and words alone. */
export function valuesCommand(context: CliContext, kind: ValueKind): Command {
  const command = new Command(`${kind}s`).description(
    `Show the ${kind}s of the workspace or of git revisions, or what changed between two of them.`,
  );
  const show = new Command('show').argument('[rev...]', 'git revisions; none: the workspace');
  show.description(`print all ${kind}s, one column a revision`);
  const diff = new Command('diff').argument('[from]', 'git revision', 'HEAD').argument('[to]', 'none: the workspace');
  diff.description(`print the ${kind}s that changed`).option('--all', `unchanged ${kind}s too`);
  for (const each of [show, diff]) {
    each
      .option('-f, --file <file>', 'the pipeline file')
      .option('--json', 'print JSON')
      .option('--md', 'print Markdown');
  }
  show.action(async (revisions: string[], words: Words) => {
    await answer(context, words, (project) => showValues(project, revisions, viewOf(context, kind, words)));
  });
  diff.action(async (from: string, to: string | undefined, words: Words) => {
    await answer(context, words, (project) => diffStates(project, [from, to], viewOf(context, kind, words)));
  });
  return command.addCommand(show, { isDefault: true }).addCommand(diff);
}

/** What a command found: as text, as data, and what to remark beside it. */
interface Answer {
  readonly text: string;
  readonly data: unknown;
  readonly remarks: readonly string[];
}

interface View extends ValuesView {
  readonly all: boolean;
}

const viewOf = ({ out }: CliContext, kind: ValueKind, { md, all }: Words): View => ({
  kind,
  markdown: md === true,
  all: all === true,
  style: styleFor(out.colour && md !== true),
  columns: out.isTerminal ? out.columns : Number.POSITIVE_INFINITY,
});

async function answer(
  context: CliContext,
  words: Words,
  find: (project: Project) => Promise<Result<Answer, readonly Failure[]>>,
): Promise<void> {
  if (words.json === true && words.md === true) {
    context.finish(context.fail(failure('wrong-usage', { problem: 'choose one of --json and --md' })));
    return;
  }
  const project = await openCalledProject(context, words.file);
  if (!project.ok) {
    context.finish(context.failAll(project.error));
    return;
  }
  const found = await find(project.value);
  project.value.close();
  if (!found.ok) {
    context.finish(context.failAll(found.error));
    return;
  }
  const { text, data, remarks } = found.value;
  for (const remark of remarks) context.log.write(`note: ${remark}\n`);
  context.out.write(words.json === true ? `${JSON.stringify(data, jsonNumber, 2)}\n` : text);
  context.finish(exitCode.done);
}

/** JSON has no not-a-number; as text it is at least told apart from null. */
const jsonNumber = (_key: string, value: unknown): unknown =>
  typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;

async function showValues(
  project: Project,
  revisions: readonly string[],
  view: View,
): Promise<Result<Answer, readonly Failure[]>> {
  const states = await statesOf(project, revisions.length === 0 ? [undefined] : revisions, view.kind);
  if (!states.ok) return states;
  const rows = valueRows(states.value);
  const names = states.value.map(({ name }) => name);
  const remarks = states.value.flatMap((state) => state.remarks);
  const empty = `${view.markdown ? '' : '  '}no ${view.kind}s in ${names.join(', ')}\n`;
  const text = rows.length === 0 ? empty : renderValues(rows, names, view);
  const data = states.value.map(({ name, files }) => ({ revision: name, files }));
  return ok({ text, data, remarks });
}

async function diffStates(
  project: Project,
  revisions: readonly (string | undefined)[],
  view: View,
): Promise<Result<Answer, readonly Failure[]>> {
  const states = await statesOf(project, revisions, view.kind);
  if (!states.ok) return states;
  const [before, after] = states.value;
  if (before === undefined || after === undefined) return err([]);
  const changes = diffValues(before, after);
  const names = { before: before.name, after: after.name };
  const shown = changes.filter(({ changed }) => changed || view.all);
  return ok({
    text: renderDiff(changes, names, view),
    data: {
      ...names,
      changes: shown.map((change) => ({ ...change, before: change.before ?? null, after: change.after ?? null })),
    },
    remarks: [...before.remarks, ...after.remarks],
  });
}

async function statesOf(
  project: Project,
  revisions: readonly (string | undefined)[],
  kind: ValueKind,
): Promise<Result<Collected[], readonly Failure[]>> {
  const states: Collected[] = [];
  for (const revision of revisions) {
    const source = revision === undefined ? ok(workspaceSource(project)) : await revisionSource(project, revision);
    if (!source.ok) return source;
    const collected = await collectValues(source.value, kind);
    if (!collected.ok) return collected;
    states.push(collected.value);
  }
  return ok(states);
}
