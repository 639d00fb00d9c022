import type { Command } from 'commander';
import type { CliContext } from '../context.ts';
import { freezeCommand } from '../stages/freeze-command.ts';

/** `mlp freeze`: leaves stages as they are. */
export const command = (context: CliContext): Command => freezeCommand(context, true);
