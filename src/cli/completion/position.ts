import type { Argument, Command, Option } from 'commander';

/** What the cursor's word may be, after the words before it. */
export type Position =
  | { readonly at: 'value'; readonly option: Option }
  | {
      readonly at: 'word';
      /** The command that the word belongs to; its first subcommand is the one that no name stands for. */
      readonly command: Command;
      /** Whether the name of a subcommand may stand here. */
      readonly opens: boolean;
      readonly argument: Argument | undefined;
      /** False after `--`, and within the command of a stage. */
      readonly takesOptions: boolean;
    };

/** Reads the words after the command's name as the parser will, up to the one at the cursor. */
export function positionAfter(top: Command, before: readonly string[]): Position {
  let command = top;
  let taken = 0;
  let takesOptions = true;
  for (let index = 0; index < before.length; index++) {
    const word = before[index] ?? '';
    if (takesOptions && word === '--') takesOptions = false;
    else if (takesOptions && word.startsWith('-') && word !== '-') {
      const option = optionOf(command, word);
      if (option === undefined || !takesValue(option) || word.includes('=')) continue;
      // `-j4` holds its value itself.
      if (!word.startsWith('--') && word.length > 2) continue;
      if (index === before.length - 1) return { at: 'value', option };
      index++;
    } else {
      const below = taken === 0 ? command.commands.find((each) => each.name() === word) : undefined;
      if (below === undefined) taken++;
      else command = below;
      // Everything after the first word of a stage's command belongs to it.
      if (below === undefined && own(command).registeredArguments[0]?.name() === 'command') takesOptions = false;
    }
  }
  const { registeredArguments } = own(command);
  const last = registeredArguments.at(-1);
  const argument = registeredArguments[taken] ?? (last?.variadic === true ? last : undefined);
  return { at: 'word', command, opens: taken === 0 && takesOptions, argument, takesOptions };
}

/** A command that only has subcommands stands for the first of them. */
export const own = (command: Command): Command => command.commands[0] ?? command;

export function optionOf(command: Command, word: string): Option | undefined {
  const name = word.startsWith('--') ? word.split('=', 1).join('') : word.slice(0, 2);
  return [...own(command).options, ...command.options].find(({ long, short }) => long === name || short === name);
}

export const takesValue = (option: Option): boolean => option.required;
