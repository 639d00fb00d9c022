import { Command, InvalidArgumentError } from 'commander';
import type { StageConfig } from '../../config/types.ts';
import { failure } from '../../core/failure.ts';
import { ok } from '../../core/result.ts';
import { renderAddedStage } from '../../report/stage-added.ts';
import { renderStageList } from '../../report/stage-list.ts';
import type { CliContext } from '../context.ts';
import { openCalledProject } from '../open.ts';
import { printAll } from '../print-result.ts';
import type { AddStageFlags } from '../stages/add-stage.ts';

interface ListOptions {
  readonly file?: string;
  readonly json?: true;
}

type AddOptions = AddStageFlags & { readonly run?: true; readonly json?: true };

/** `mlp stage list` and `mlp stage add`: the stages as declared, and one more. */
export function command(context: CliContext): Command {
  const stage = new Command('stage').description('The stages of the pipeline').enablePositionalOptions();
  stage
    .command('list', { isDefault: true })
    .description('Every stage: what it does and what it makes')
    .option('-f, --file <file>', 'pipeline file')
    .option('--json', 'print the stages as JSON')
    .action((options: ListOptions) => list(context, options));
  stage.addCommand(addCommand(context));
  return stage;
}

/** What follows the first word that is no option belongs to the stage's command, whatever it looks like. */
function addCommand(context: CliContext): Command {
  return new Command('add')
    .description(
      'Write a stage into the pipeline file, or make the file. All else in it stays as it is, comments too.\n' +
        'Paths are as the file has them: relative to its folder, or to --wdir.',
    )
    .argument('<command...>', 'what the stage runs; in quotes when it needs a shell: "sort in.txt > out.txt"')
    .passThroughOptions()
    .requiredOption('-n, --name <name>', 'name of the stage')
    .option('-d, --deps <path>', 'file or folder that it reads (repeatable)', collect)
    .option('-p, --params <keys>', 'params that it reads: a,b of params.yaml, file:a,b or file: for all', collect)
    .option('-o, --outs <path>', 'file or folder that it makes (repeatable)', collect)
    .option('-O, --outs-no-cache <path>', 'as -o, without a copy in the cache', collect)
    .option('--outs-persist <path>', 'as -o, left in place when the stage runs', collect)
    .option('--outs-persist-no-cache <path>', 'both of these', collect)
    .option('-m, --metrics <path>', 'metrics file that it makes', collect)
    .option('-M, --metrics-no-cache <path>', 'as -m, without a copy in the cache', collect)
    .option('--plots <path>', 'plots file that it makes', collect)
    .option('--plots-no-cache <path>', 'as --plots, without a copy in the cache', collect)
    .option('-w, --wdir <folder>', 'folder that it runs in')
    .option('--env <name=value>', 'environment variable; NAME alone passes it on', collect)
    .option('--timeout <duration>', 'how long it may run: 90s, 15m, 2h')
    .option('--retries <n>', 'how often it is tried again when it fails', retries)
    .option('--always-changed', 'run it every time')
    .option('--desc <text>', 'what it is for')
    .option('-f, --force', 'replace a stage of that name')
    .option('--file <file>', 'pipeline file')
    .option('--run', 'run it, and what it needs, after writing it')
    .option('--json', 'print what was written as JSON')
    .action((words: string[], options: AddOptions) => add(context, words, options));
}

const collect = (word: string, before: readonly string[] = []): readonly string[] => [...before, word];

function retries(text: string): number {
  if (!/^\d{1,3}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

async function list(context: CliContext, options: ListOptions): Promise<void> {
  const project = await openCalledProject(context, options.file);
  if (project.ok) project.value.close();
  const stages = project.ok ? ok(project.value.config.stages) : project;
  printAll(context, stages, {
    json: options.json === true,
    text: renderStageList,
    data: (found) => found.map(plainStage),
  });
}

async function add(context: CliContext, words: readonly string[], options: AddOptions): Promise<void> {
  if (options.run === true && options.json === true) {
    const problem = '--run prints what ran, so it cannot go with --json: call mlp repro --json afterwards';
    context.finish(context.fail(failure('wrong-usage', { problem, command: 'stage add' })));
    return;
  }
  const { addStageToFile } = await import('../stages/add-stage.ts');
  const added = await addStageToFile(context, options, words);
  printAll(context, added, {
    json: options.json === true,
    text: renderAddedStage,
    data: ({ written: _, ...rest }) => rest,
  });
  if (!added.ok || options.run !== true) return;
  const [{ command: repro }, { parseWords }] = await Promise.all([import('./repro.ts'), import('../parse-words.ts')]);
  const file = options.file === undefined ? [] : ['-f', options.file];
  await parseWords(repro(context), [...file, options.name], context);
}

/** As it would be written, without the places in the file. */
function plainStage(stage: StageConfig): object {
  const { name, group, desc, cmd, wdir, frozen } = stage;
  return {
    name,
    ...(group === undefined ? {} : { group }),
    ...(desc === undefined ? {} : { desc }),
    cmd,
    wdir,
    frozen,
    deps: stage.deps.map(({ path }) => path),
    params: stage.params.map(({ file, keys }) => ({ file, keys: keys === 'all' ? keys : keys.map(({ key }) => key) })),
    outs: stage.outs.map(({ path, kind, cache, persist }) => ({ path, kind, cache, persist })),
  };
}
