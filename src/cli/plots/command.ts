import { join, relative, resolve } from 'node:path';
import { Command } from 'commander';
import { exitCode } from '../../core/exit-code.ts';
import { failure, type Failure } from '../../core/failure.ts';
import { nearestNames } from '../../core/nearest.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { writeFileAtomic } from '../../fs/atomic-write.ts';
import { statOf } from '../../fs/identity.ts';
import { systemProblem } from '../../fs/system-problem.ts';
import type { Project } from '../../pipeline/open-project.ts';
import type { PlotsPage } from '../../report/plots/model.ts';
import { renderPlotsPage } from '../../report/plots/page.ts';
import { renderPlotsText } from '../../report/plots/text-plots.ts';
import { styleFor } from '../../report/style.ts';
import type { CliContext } from '../context.ts';
import { openCalledProject } from '../open.ts';
import { openInBrowser } from '../processes/browser.ts';
import { runSource } from '../values/run-source.ts';
import { revisionSource, workspaceSource, type ValuesSource } from '../values/source.ts';
import { collectPlots, type Asked } from './collect.ts';
import { plotDefinitions } from './definitions.ts';

interface Words {
  readonly file?: string;
  readonly out?: string;
  readonly json?: boolean;
  readonly text?: boolean;
  readonly open?: boolean;
  readonly targets?: readonly string[];
  readonly x?: string;
  readonly y: readonly string[];
}

/** What to show, and at which states; undefined is the workspace. */
interface Wanted extends Pick<Asked, 'targets' | 'files'> {
  readonly revisions: readonly (string | undefined)[];
}

const noFields: readonly string[] = [];

/** `mlp plots show|diff`: plots of the workspace, of git revisions and of runs, as a page, as text or as JSON. */
export function plotsCommand(context: CliContext): Command {
  const command = new Command('plots').description('Draw the plots of the workspace or of git revisions.');
  const show = new Command('show')
    .description('draw plots; several revisions are laid over each other')
    .argument('[word...]', 'plots, files or folders, then git revisions or runs; none: all plots of the workspace');
  const diff = new Command('diff')
    .description('draw the plots of git revisions over each other')
    .argument('[rev...]', 'git revisions or runs; none: HEAD and the workspace; one: that and the workspace')
    .option('--targets <path...>', 'only these plots, files or folders');
  for (const each of [show, diff]) {
    each
      .option('-f, --file <file>', 'the pipeline file')
      .option('-x <field>', 'the field for the x axis, in place of the one that the pipeline file names')
      .option('-y <field>', 'a field for the y axis; may be given again', (field, more) => [...more, field], noFields)
      .option('-o, --out <file>', 'where to write the page (standard: .mlp/plots/index.html)')
      .option('--text', 'draw in the terminal instead')
      .option('--open', 'open the page in a browser')
      .option('--json', 'print the points as JSON instead');
  }
  show.action(async (words: string[], options: Words) => {
    await answer(context, options, (project) => splitWords(project, words));
  });
  diff.action(async (words: string[], options: Words) => {
    const [first = 'HEAD', ...more] = words;
    const revisions = [first, ...(more.length === 0 ? [workspace] : more)].map(stateOf);
    await answer(context, options, (project) => ({
      targets: options.targets ?? [],
      files: unnamedFiles(project, options.targets ?? []),
      revisions,
    }));
  });
  return command.addCommand(show, { isDefault: true }).addCommand(diff);
}

const workspace = 'workspace';
const stateOf = (word: string): string | undefined => (word === workspace ? undefined : word);

/** A word is a plot where the pipeline file names it or something around it, or where it is a file; any other is a revision, also `workspace`. */
function splitWords(project: Project, words: readonly string[]): Wanted {
  const plain = words.map((word) => word.replace(/\/+$/, ''));
  const files = unnamedFiles(project, plain);
  const isTarget = (word: string): boolean => isNamed(project, word) || files.includes(word);
  const revisions = plain.filter((word) => !isTarget(word));
  return {
    targets: plain.filter(isTarget),
    files,
    revisions: revisions.length === 0 ? [undefined] : revisions.map(stateOf),
  };
}

const isNamed = (project: Project, word: string): boolean =>
  knownPaths(project).some((path) => path === word || path.startsWith(`${word}/`) || word.startsWith(`${path}/`));

/** Files of the workspace that no plot names. */
const unnamedFiles = (project: Project, words: readonly string[]): string[] =>
  words.filter((word) => !isNamed(project, word) && statOf(join(project.workspace.root, word))?.isFile() === true);

const knownPaths = ({ config }: Pick<Project, 'config'>): string[] =>
  plotDefinitions(config).flatMap(({ id, path, y = [] }) => [
    id,
    ...(path === undefined ? [] : [path]),
    ...y.flatMap((each) => (typeof each === 'string' ? [] : [each.file])),
  ]);

async function answer(context: CliContext, words: Words, wanted: (project: Project) => Wanted): Promise<void> {
  const chosen = [words.json, words.text, words.open ?? words.out].filter((word) => word !== undefined).length;
  if (chosen > 1) {
    context.finish(context.fail(failure('wrong-usage', { problem: 'choose one of --json, --text and a page' })));
    return;
  }
  const project = await openCalledProject(context, words.file);
  if (!project.ok) {
    context.finish(context.failAll(project.error));
    return;
  }
  const { x, y } = words;
  const page = await pageOf(context, project.value, {
    ...wanted(project.value),
    axes: { y, ...(x === undefined ? {} : { x }) },
  });
  project.value.close();
  const told = page.ok ? tell(context, project.value, words, page.value) : page;
  context.finish(told.ok ? exitCode.done : context.failAll(told.error));
}

async function pageOf(
  context: CliContext,
  project: Project,
  { revisions, ...asked }: Wanted & Pick<Asked, 'axes'>,
): Promise<Result<PlotsPage, readonly Failure[]>> {
  const sources: ValuesSource[] = [];
  for (const revision of revisions) {
    const source =
      revision === undefined ? ok(workspaceSource(project)) : await namedSource(context, project, revision);
    if (!source.ok) return source;
    sources.push(source.value);
  }
  const page = await collectPlots(sources, asked);
  const isEmpty = page.ok && page.value.plots.length === 0 && page.value.remarks.length === 0;
  return isEmpty ? err([failure('no-plots', { near: [] })]) : page;
}

/** A git revision, else a run; else the word was meant for a plot. */
async function namedSource(
  context: CliContext,
  project: Project,
  name: string,
): Promise<Result<ValuesSource, readonly Failure[]>> {
  const source = await revisionSource(project, name);
  if (source.ok || source.error.every(({ reason }) => reason !== 'git-failed')) return source;
  const run = await runSource(context, project, name);
  if (!run.ok) return run;
  if (run.value !== undefined) return ok(run.value);
  return err([failure('no-plots', { wanted: name, near: nearestNames(name, knownPaths(project)) })]);
}

function tell(
  { out, log, cwd }: CliContext,
  project: Project,
  words: Words,
  page: PlotsPage,
): Result<void, readonly Failure[]> {
  for (const remark of page.remarks) log.write(`note: ${remark}\n`);
  if (words.json === true) {
    out.write(`${JSON.stringify(page, jsonNumber, 2)}\n`);
    return ok(undefined);
  }
  if (words.text === true) {
    out.write(renderPlotsText(page, { style: styleFor(out.colour), columns: out.columns }));
    return ok(undefined);
  }
  const file =
    words.out === undefined ? join(project.workspace.root, '.mlp/plots/index.html') : resolve(cwd, words.out);
  try {
    writeFileAtomic(file, renderPlotsPage(page));
  } catch (error) {
    return err([systemProblem(error, { what: 'write', path: file })]);
  }
  const shown = relative(cwd, file);
  out.write(`${shown.startsWith('..') ? file : shown}\n`);
  if (words.open === true) openInBrowser(file, process.platform);
  return ok(undefined);
}

/** JSON has no not-a-number; as text it is at least told apart from null. */
const jsonNumber = (_key: string, value: unknown): unknown =>
  typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
