import { Command, InvalidArgumentError } from 'commander';
import { failure } from '../../core/failure.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { noColumns, type ModelInput } from '../../ml/columns/column.ts';
import type { Explanation } from '../../ml/explain/explain-texts.ts';
import type { ModelPackage, Prediction } from '../../ml/package/types.ts';
import { plainLine } from '../../report/terminal-text.ts';
import { textTable } from '../../report/table.ts';
import type { ServedVersion } from '../../serve/model-source.ts';
import type { CliContext } from '../context.ts';
import { printResult, type Screen } from '../print-result.ts';
import { versionText } from '../serving/event-line.ts';
import { explanationText } from '../serving/explanation-text.ts';
import { addModelChoice, type ModelChoice } from '../serving/model-choice.ts';
import { openModelSource } from '../serving/open-model-source.ts';
import { readTexts, type TextTable } from '../serving/read-texts.ts';
import { rowsForModel } from '../serving/rows-for-model.ts';

interface Words extends ModelChoice {
  readonly file?: string;
  readonly column: string;
  readonly json?: boolean;
  readonly explain?: boolean;
  readonly terms: number;
  readonly with: readonly string[];
}

interface Predicted {
  readonly version: ServedVersion;
  readonly classes: readonly string[];
  readonly texts: readonly string[];
  /** Columns that the model takes and was not given. */
  readonly missing: readonly string[];
  readonly predictions: readonly (Prediction | Explanation)[];
}

/** `mlp predict`: asks a model about texts, once. */
export function command(context: CliContext): Command {
  const predict = new Command('predict')
    .description('Ask a model about texts: label and probabilities of each.')
    .argument('[texts...]', 'texts to ask about')
    .option('--file <file>', 'texts of a file: one a line, or a .csv with all its columns; - for standard input')
    .option('--column <name>', 'which column of a .csv has the text', 'text')
    .option('--with <name=value>', 'another column that the model takes (repeatable)', collect, [])
    .option('--explain', 'which terms made each label what it is')
    .option('--terms <count>', 'how many terms --explain tells of each text', termCount, 5)
    .option('--json', 'print JSON');
  return addModelChoice(predict).action(async (texts: string[], words: Words) => {
    const asked = await textsOf(context, texts, words);
    const predicted = asked.ok ? await predictWith(context, asked.value, words) : asked;
    printResult(context, predicted, { json: words.json === true, text: asTable, data: asJson });
  });
}

async function textsOf(context: CliContext, texts: readonly string[], words: Words): Promise<Result<TextTable>> {
  const { file, column } = words;
  if (file === undefined) {
    return texts.length > 0
      ? ok({ texts, columns: noColumns, file: '', numbers: [] })
      : err(failure('wrong-usage', { problem: 'no text to ask about: write one, or --file FILE', command: 'predict' }));
  }
  if (texts.length > 0) {
    return err(failure('wrong-usage', { problem: 'give texts or --file, not both', command: 'predict' }));
  }
  return readTexts(file, { cwd: context.cwd, column });
}

async function predictWith(context: CliContext, table: TextTable, words: Words): Promise<Result<Predicted>> {
  const opened = await openModelSource(context, words, 'predict');
  if (!opened.ok) return opened;
  const { source } = opened.value;
  const version = await source.current();
  const model: Result<ModelPackage> = version.ok ? await source.load(version.value) : version;
  await opened.value.close();
  if (!version.ok) return version;
  if (!model.ok) return model;
  const { classes, signature } = model.value.info;
  const asked = rowsForModel(table, signature.columns ?? [], words.with);
  if (!asked.ok) return asked;
  const predictions = await ask(model.value, asked.value.rows, words);
  if (!predictions.ok) return predictions;
  const { missing } = asked.value;
  return ok({ version: version.value, classes, texts: table.texts, missing, predictions: predictions.value });
}

async function ask(
  model: ModelPackage,
  rows: readonly ModelInput[],
  { explain, terms }: Words,
): Promise<Result<readonly (Prediction | Explanation)[]>> {
  if (explain !== true) return ok(model.predict(rows));
  const [{ TrainedModel }, { explainTexts }] = await Promise.all([
    import('../../ml/package/trained-model.ts'),
    import('../../ml/explain/explain-texts.ts'),
  ]);
  if (!(model instanceof TrainedModel)) throw new Error('a loaded package is a trained model');
  return explainTexts(model, rows, terms);
}

function termCount(given: string): number {
  const count = Number(given);
  if (!Number.isSafeInteger(count) || count < 1) throw new InvalidArgumentError('It must be a whole number above 0.');
  return count;
}

const collect = (word: string, before: readonly string[]): readonly string[] => [...before, word];

function asJson({ version, classes, texts, missing, predictions }: Predicted): object {
  const { name, version: number, stage } = version;
  return {
    model: { name, version: number, stage },
    ...(missing.length === 0 ? {} : { missing }),
    predictions: predictions.map(({ label, probabilities, ...explanation }, i) => ({
      text: texts[i],
      label,
      probabilities: Object.fromEntries(classes.map((className, k) => [className, probabilities[k]])),
      ...('terms' in explanation ? { explanation } : {}),
    })),
  };
}

function asTable(predicted: Predicted, screen: Screen): string {
  const { version, classes, texts, missing, predictions } = predicted;
  const { columns: width, style } = screen;
  const without = missing.length === 0 ? '' : `, without ${missing.map(plainLine).join(', ')}`;
  const by = style.dim(`by ${versionText(version)}${without}`) + '\n';
  const explanations = predictions.filter((prediction) => 'terms' in prediction);
  if (explanations.length > 0) {
    return explanationText(explanations, texts, screen) + by;
  }
  const columns = [
    { title: 'label' },
    ...classes.map((name) => ({ title: name, align: 'right' as const })),
    { title: 'text', shrinkTo: 20 },
  ];
  const rows = predictions.map(({ label, probabilities }, i) => [
    label,
    ...probabilities.map((probability) => probability.toFixed(4)),
    plainLine((texts[i] ?? '').replaceAll(/\r?\n/g, ' ')),
  ]);
  return textTable({ columns, rows }, { width }) + by;
}
