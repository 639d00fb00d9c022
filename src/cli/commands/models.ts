import { Command } from 'commander';
import type { CliContext } from '../context.ts';
import { addModelChoice } from '../serving/model-choice.ts';
import { exportModel, type ExportWords } from '../models/export-model.ts';
import { listModels, modelHistory, showModel } from '../models/show-models.ts';
import { wrapModel, type WrapWords } from '../models/wrap-model.ts';

/** `mlp models`: what is registered, one model in full, its audit trail, its classifier for other programs, and models of other programs. */
export function command(context: CliContext): Command {
  const models = new Command('models').description(
    'Registered models: a list, one in full, its audit trail; export for other programs; wrap foreign ones.',
  );
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
  const exporting = models
    .command('export')
    .description('Write the classifier of a model, from its columns to probabilities, as other programs read it.')
    .option('--onnx <file>', 'write an ONNX file')
    .option('--lightgbm <file>', 'write boosted trees as the text model that LightGBM loads')
    .option('--json', 'print JSON');
  addModelChoice(exporting).action((words: ExportWords) => exportModel(context, words));
  models
    .command('wrap')
    .description('Make a model package of a LightGBM or XGBoost model that was trained elsewhere on our features.')
    .argument('<file>', 'what save_model wrote: LightGBM as text, XGBoost as .json or .ubj')
    .requiredOption('--out <folder>', 'the model package to write')
    .option('--features <folder>', 'what the featurize stage wrote', 'artifacts/features')
    .option('--name <name>', 'of the model', 'model')
    .option('--labels <names>', 'the labels 0, 1, ... by name, with commas between; else those of the features')
    .option('--force', 'also over another package')
    .option('--json', 'print JSON')
    .action((file: string, words: WrapWords) => wrapModel(context, file, words));
  return models;
}
