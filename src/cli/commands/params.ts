import type { Command } from 'commander';
import type { CliContext } from '../context.ts';
import { valuesCommand } from '../values/command.ts';

/** `mlp params show|diff`: the parameters, now and at git revisions. */
export const command = (context: CliContext): Command => valuesCommand(context, 'param');
