import { isAbsolute, resolve } from 'node:path';
import { failure, type Failure } from '../../core/failure.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { systemProblem } from '../../fs/system-problem.ts';
import type { FittedClassifier } from '../../ml/estimator.ts';
import type { CliContext } from '../context.ts';
import { printResult } from '../print-result.ts';
import { versionText } from '../serving/event-line.ts';
import type { ModelChoice } from '../serving/model-choice.ts';
import { openModelSource } from '../serving/open-model-source.ts';
import type { ServedVersion } from '../../serve/model-source.ts';

export interface ExportWords extends ModelChoice {
  /** The file to write; one of the two is given. */
  readonly onnx?: string;
  readonly lightgbm?: string;
  readonly json?: boolean;
}

interface Exported {
  readonly version: ServedVersion;
  readonly file: string;
  readonly bytes: number;
  readonly columns: number;
  readonly classes: readonly string[];
}

/** `mlp models export`. */
export async function exportModel(context: CliContext, words: ExportWords): Promise<void> {
  const form = formOf(words);
  printResult(context, form.ok ? await write(context, words, form.value) : form, {
    json: words.json === true,
    text: ({ version, file, bytes, columns, classes }) =>
      `${file}: ${bytes} bytes, ${columns} columns to ${classes.length} classes, by ${versionText(version)}\n`,
    data: ({ version: { name, version, stage }, ...rest }) => ({ model: { name, version, stage }, ...rest }),
  });
}

/** A format of other programs. */
interface Form {
  readonly file: string;
  bytesOf(classifier: FittedClassifier, name: string): Promise<Uint8Array | string>;
  unsupported(model: string, problem: string): Failure;
}

function formOf({ onnx, lightgbm }: ExportWords): Result<Form> {
  if (onnx !== undefined && lightgbm === undefined) {
    return ok({
      file: onnx,
      bytesOf: async (classifier, name) => (await import('../../ml/onnx/export.ts')).onnxOf(classifier, name),
      unsupported: (model, problem) => failure('onnx-unsupported', { model, problem }),
    });
  }
  if (lightgbm !== undefined && onnx === undefined) {
    return ok({
      file: lightgbm,
      bytesOf: lightgbmOf,
      unsupported: (model, problem) => failure('lightgbm-unsupported', { model, problem }),
    });
  }
  const problem =
    onnx === undefined ? 'say which format: --onnx FILE or --lightgbm FILE' : 'give --onnx or --lightgbm, not both';
  return err(failure('wrong-usage', { problem, command: 'models export' }));
}

async function lightgbmOf(classifier: FittedClassifier): Promise<Uint8Array | string> {
  const [{ TreeClassifier }, { lightgbmModel }] = await Promise.all([
    import('../../ml/trees/tree-classifier.ts'),
    import('../../ml/trees/lightgbm-text.ts'),
  ]);
  return classifier instanceof TreeClassifier
    ? lightgbmModel(classifier.trees)
    : `${classifier.algorithm} grows no boosted trees`;
}

async function write(context: CliContext, words: ExportWords, form: Form): Promise<Result<Exported>> {
  const opened = await openModelSource(context, words, 'models export');
  if (!opened.ok) return opened;
  const { source } = opened.value;
  const version = await source.current();
  const model = version.ok ? await source.load(version.value) : version;
  await opened.value.close();
  if (!version.ok) return version;
  if (!model.ok) return model;
  const [{ TrainedModel }, { writeWhole }] = await Promise.all([
    import('../../ml/package/trained-model.ts'),
    import('../../ml/io/files.ts'),
  ]);
  const { name } = version.value;
  if (!(model.value instanceof TrainedModel)) throw new Error(`${name} was not loaded from a package`);
  const { classifier } = model.value;
  const bytes = await form.bytesOf(classifier, name);
  if (typeof bytes === 'string') return err(form.unsupported(name, bytes));
  try {
    await writeWhole(isAbsolute(form.file) ? form.file : resolve(context.cwd, form.file), bytes);
  } catch (error) {
    return err(systemProblem(error, { what: 'write', path: form.file }));
  }
  const { columns, classes } = classifier;
  return ok({ version: version.value, file: form.file, bytes: bytes.length, columns, classes });
}
