import { isAbsolute, resolve } from 'node:path';
import { failure } from '../../core/failure.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { systemProblem } from '../../fs/system-problem.ts';
import type { CliContext } from '../context.ts';
import { printResult } from '../print-result.ts';
import { versionText } from '../serving/event-line.ts';
import type { ModelChoice } from '../serving/model-choice.ts';
import { openModelSource } from '../serving/open-model-source.ts';
import type { ServedVersion } from '../../serve/model-source.ts';

export interface ExportWords extends ModelChoice {
  readonly onnx: string;
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
export async function exportOnnx(context: CliContext, words: ExportWords): Promise<void> {
  printResult(context, await write(context, words), {
    json: words.json === true,
    text: ({ version, file, bytes, columns, classes }) =>
      `${file}: ${bytes} bytes, ${columns} columns to ${classes.length} classes, by ${versionText(version)}\n`,
    data: ({ version: { name, version, stage }, ...rest }) => ({ model: { name, version, stage }, ...rest }),
  });
}

async function write(context: CliContext, words: ExportWords): Promise<Result<Exported>> {
  const opened = await openModelSource(context, words, 'models export');
  if (!opened.ok) return opened;
  const { source } = opened.value;
  const version = await source.current();
  const model = version.ok ? await source.load(version.value) : version;
  await opened.value.close();
  if (!version.ok) return version;
  if (!model.ok) return model;
  const [{ TrainedModel }, { onnxOf }, { writeWhole }] = await Promise.all([
    import('../../ml/package/trained-model.ts'),
    import('../../ml/onnx/export.ts'),
    import('../../ml/io/files.ts'),
  ]);
  const { name } = version.value;
  if (!(model.value instanceof TrainedModel)) throw new Error(`${name} was not loaded from a package`);
  const { classifier } = model.value;
  const bytes = onnxOf(classifier, name);
  if (typeof bytes === 'string') return err(failure('onnx-unsupported', { model: name, problem: bytes }));
  const file = isAbsolute(words.onnx) ? words.onnx : resolve(context.cwd, words.onnx);
  try {
    await writeWhole(file, bytes);
  } catch (error) {
    return err(systemProblem(error, { what: 'write', path: words.onnx }));
  }
  const { columns, classes } = classifier;
  return ok({ version: version.value, file: words.onnx, bytes: bytes.length, columns, classes });
}
