import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { failure } from '../../core/failure.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { systemProblem } from '../../fs/system-problem.ts';
import type { ModelInfo } from '../../ml/package/types.ts';
import type { CliContext } from '../context.ts';
import { printResult } from '../print-result.ts';

export interface WrapWords {
  readonly features: string;
  readonly out: string;
  readonly name: string;
  readonly labels?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

interface Wrapped {
  readonly folder: string;
  readonly info: ModelInfo;
}

/** `mlp models wrap`. */
export async function wrapModel(context: CliContext, file: string, words: WrapWords): Promise<void> {
  printResult(context, await wrap(context, file, words), {
    json: words.json === true,
    text: ({ folder, info }) =>
      `${folder}: ${info.algorithm}, ${info.metrics['trees'] ?? 0} trees, labels ${info.classes.join(', ')}\n`,
    data: ({ folder, info: { name, algorithm, classes, metrics } }) => ({ folder, name, algorithm, classes, metrics }),
  });
}

async function wrap(context: CliContext, file: string, words: WrapWords): Promise<Result<Wrapped>> {
  const folder = resolve(context.cwd, words.out);
  if (words.force !== true && existsSync(join(folder, 'model.json'))) {
    const problem = `there is a model package in ${words.out} already: name another folder, or add --force`;
    return err(failure('wrong-usage', { problem, command: 'models wrap' }));
  }
  const [{ readFeatureArtifact }, { readTreeModel }, { writeModelPackage }] = await Promise.all([
    import('../../ml/features/training-file.ts'),
    import('../../ml/trees/foreign-model.ts'),
    import('../../ml/package/write.ts'),
  ]);
  const artifact = await readFeatureArtifact(resolve(context.cwd, words.features));
  if (!artifact.ok) return artifact;
  const { features, data, example, profile } = artifact.value;
  const classes = words.labels === undefined ? data.classes : words.labels.split(',').map((label) => label.trim());
  const read = await readTreeModel(resolve(context.cwd, file), classes);
  if (!read.ok) return read;
  const classifier = read.value;
  if (classifier.columns !== features.columns) {
    const problem = `it was trained on ${classifier.columns} columns, and ${words.features} makes ${features.columns}`;
    return err(failure('tree-model-invalid', { file, problem }));
  }
  const { name } = words;
  const model = { name, features, classifier, hyperparameters: {}, example, fingerprint: null, profile };
  try {
    return ok({ folder: words.out, info: await writeModelPackage(folder, model) });
  } catch (error) {
    return err(systemProblem(error, { what: 'write', path: words.out }));
  }
}
