import type { Command } from 'commander';
import type { CliContext } from '../context.ts';
import { plotsCommand } from '../plots/command.ts';

/** `mlp plots show|diff`: the plots that the pipeline names, as one page, in the terminal, or as JSON. */
export const command = (context: CliContext): Command => plotsCommand(context);
