import { Option, type Command } from 'commander';
import type { ServedStage } from '../../serve/registry-source.ts';

/** Which model a command is about: one in the registry, or a folder. */
export interface ModelChoice {
  readonly package?: string;
  readonly model?: string;
  readonly stage: ServedStage;
}

/** Adds the options that choose a model. */
export function addModelChoice(command: Command): Command {
  return command
    .option('--model <name>', 'registered model; needed only when there are several')
    .addOption(
      new Option('--stage <stage>', 'which version of it: the one in production, or the newest in staging')
        .choices(['production', 'staging'])
        .default('production'),
    )
    .addOption(
      new Option('--package <folder>', 'a model package in a folder, instead of a registered one').conflicts('model'),
    );
}
