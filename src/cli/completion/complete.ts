import type { Command, Option } from 'commander';
import { commands } from '../commands.ts';
import type { CliContext } from '../context.ts';
import { kindOfArgument, kindOfOption, type Kind } from './kinds.ts';
import { optionOf, own, positionAfter, takesValue } from './position.ts';
import { candidatesOf, type Candidate } from './values.ts';

export interface Completions {
  readonly candidates: readonly Candidate[];
  /** What the shell is to add by itself. */
  readonly also?: 'files' | 'folders';
  /** Whether more is to be typed without a blank. */
  readonly goesOn?: true;
}

/** What may stand at the last of these words, which may be empty or begun; the first is the name of a command. */
export async function complete(context: CliContext, words: readonly string[]): Promise<Completions> {
  const current = words.at(-1) ?? '';
  const [name, ...before] = words.slice(0, -1);
  const found =
    name === undefined || name === 'help' ? commandNames(name) : await within(context, name, { before, current });
  return { ...found, candidates: found.candidates.filter(({ value }) => value.startsWith(current)) };
}

function commandNames(before: string | undefined): Completions {
  const visible = commands.filter(({ group }) => group !== 'hidden');
  const named = visible.map(({ name, summary }) => ({ value: name, about: summary }));
  const options = [
    { value: '--help', about: 'what there is' },
    { value: '--version', about: 'which version this is' },
  ];
  return { candidates: before === undefined ? [...named, ...options] : named };
}

interface Line {
  /** Between the command's name and the cursor. */
  readonly before: readonly string[];
  readonly current: string;
}

async function within(context: CliContext, name: string, { before, current }: Line): Promise<Completions> {
  const entry = commands.find((command) => command.name === name);
  if (entry === undefined || entry.group === 'hidden') return { candidates: [] };
  const command = (await entry.load()).command(context);
  const position = positionAfter(command, before);
  if (position.at === 'value') return ofKind(context, kindOfOption(position.option));
  const { takesOptions, opens, argument } = position;
  const assigned = /^(--[a-z0-9-]+=)/.exec(current)?.[1];
  const option = takesOptions && assigned !== undefined ? optionOf(position.command, assigned) : undefined;
  if (assigned !== undefined && option !== undefined)
    return prefixed(await ofKind(context, kindOfOption(option)), assigned);
  if (takesOptions && current.startsWith('-')) return { candidates: optionNames(position.command) };
  const below = opens ? position.command.commands.map((each) => ({ value: each.name(), about: summaryOf(each) })) : [];
  if (argument === undefined) return { candidates: below };
  const values = await ofKind(context, kindOfArgument(argument));
  return { ...values, candidates: [...below, ...values.candidates] };
}

async function ofKind(context: CliContext, kind: Kind): Promise<Completions> {
  if (kind.is === 'files' || kind.is === 'folders') return { candidates: [], also: kind.is };
  const candidates = await candidatesOf(context, kind);
  // A target may be a path that a stage makes.
  if (kind.is === 'stages') return { candidates, also: 'files' };
  if (kind.is !== 'params') return { candidates };
  return { candidates: candidates.map(({ value, ...rest }) => ({ value: `${value}=`, ...rest })), goesOn: true };
}

const prefixed = (found: Completions, prefix: string): Completions => ({
  ...found,
  candidates: found.candidates.map(({ value, ...rest }) => ({ value: prefix + value, ...rest })),
});

function optionNames(command: Command): Candidate[] {
  const options = new Set<Option>([...command.options, ...own(command).options]);
  const named = [...options].flatMap((option) => (option.hidden || option.long == null ? [] : [nameOf(option)]));
  return [...named, { value: '--help', about: 'what it takes' }];
}

const nameOf = (option: Option): Candidate => ({
  value: option.long ?? option.flags,
  about: takesValue(option)
    ? `${option.flags.split(' ').slice(-1).join('')} ${option.description}`
    : option.description,
});

const summaryOf = (command: Command): string => command.description().split('\n', 1).join('');
