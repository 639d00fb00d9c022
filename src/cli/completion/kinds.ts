import type { Argument, Option } from 'commander';

/** What may stand at a place of the command line. */
export type Kind =
  | { readonly is: 'files' | 'folders' | 'stages' | 'runs' | 'models' | 'params' | 'keys' | 'revisions' | 'nothing' }
  | { readonly is: 'words'; readonly words: readonly string[] };

/** By the name that a command's help gives a value: the words are the same in all commands. */
const byName: Readonly<Record<string, Kind['is']>> = {
  targets: 'stages',
  stage: 'stages',
  stages: 'stages',
  run: 'runs',
  runs: 'runs',
  model: 'models',
  version: 'models',
  'key=value': 'params',
  keys: 'keys',
  rev: 'revisions',
  revs: 'revisions',
  from: 'revisions',
  to: 'revisions',
  file: 'files',
  path: 'files',
  paths: 'files',
  command: 'files',
  url: 'files',
  dir: 'folders',
  folder: 'folders',
};

/** Stages of a model, which `--to` and `--stage` take: other stages than those of a pipeline. */
const modelStages = ['staging', 'production'];

const kindOf = (name: string): Kind => {
  const is = Object.hasOwn(byName, name) ? byName[name] : undefined;
  return is === undefined || is === 'words' ? { is: 'nothing' } : { is };
};

export function kindOfArgument(argument: Argument): Kind {
  return argument.argChoices === undefined ? kindOf(argument.name()) : { is: 'words', words: argument.argChoices };
}

export function kindOfOption(option: Option): Kind {
  if (option.argChoices !== undefined) return { is: 'words', words: option.argChoices };
  const name = /[<[]([^>\]]+)[>\]]/.exec(option.flags)?.[1]?.replace(/\.\.\.$/, '') ?? '';
  if (name === 'stage') return { is: 'words', words: modelStages };
  return name === 'name' ? kindOf(option.name()) : kindOf(name);
}
