import type { Command } from 'commander';
import type { CliContext } from '../context.ts';
import { valuesCommand } from '../values/command.ts';

/** `mlp metrics show|diff`: the numbers in the metrics files, now and at git revisions. */
export const command = (context: CliContext): Command => valuesCommand(context, 'metric');
