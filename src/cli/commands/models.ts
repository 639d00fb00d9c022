import { Command } from 'commander';
import type { CliContext } from '../context.ts';
import { listModels, modelHistory, showModel } from '../models/show-models.ts';

/** `mlp models`: what is registered, one model in full, and its audit trail. */
export function command(context: CliContext): Command {
  const models = new Command('models').description('Registered models: a list, one in full, and its audit trail.');
  models
    .command('list', { isDefault: true })
    .description('Every model, with what is in Production and Staging.')
    .option('--json', 'print JSON')
    .action((words: { json?: boolean }) => listModels(context, words.json === true));
  models
    .command('show')
    .description('The versions of a model, newest first.')
    .argument('[model]', 'which, when there are several')
    .option('--json', 'print JSON')
    .action((model: string | undefined, words: { json?: boolean }) => showModel(context, model, words.json === true));
  models
    .command('history')
    .description('Every step of a model, refused ones too: who, when, why, on which commit, and what the gates said.')
    .argument('[model]', 'which, when there are several')
    .option('--json', 'print JSON, with all that the gates measured')
    .action((model: string | undefined, words: { json?: boolean }) =>
      modelHistory(context, model, words.json === true),
    );
  return models;
}
