import type { Command } from 'commander';
import type { CliContext } from '../context.ts';
import { freezeCommand } from '../stages/freeze-command.ts';

/** `mlp unfreeze`: takes `mlp freeze` back. */
export const command = (context: CliContext): Command => freezeCommand(context, false);
