// Which parameters are best? Cross-validation on the training part that `mlp repro` leaves, never on the test part:
//   node --import tsx bench/cross-validate.ts [folds] [key=value[,key=value]]...
// Each argument is one variant of params.yaml, with keys as `featurize.ngram_max` or `train.c`; none gives the file as it stands.
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { failureMessage } from '../src/core/failure.ts';
import type { JsonObject, JsonValue } from '../src/core/json.ts';
import type { Result } from '../src/core/result.ts';
import { encodeLabels } from '../src/ml/data/labelled-texts.ts';
import { readSplitPart } from '../src/ml/data/split-files.ts';
import { stratifiedFolds } from '../src/ml/data/split.ts';
import { largestOfRows } from '../src/ml/estimator.ts';
import { trainField } from '../src/ml/estimators.ts';
import { featureOptions, featurizeFields } from '../src/ml/features/options.ts';
import { fitFeatures } from '../src/ml/features/pipeline.ts';
import { readField, readFields } from '../src/ml/fields.ts';
import { classificationScores } from '../src/ml/metrics/classification.ts';

function need<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(failureMessage(result.error));
  return result.value;
}

/** params.yaml with some keys changed: `group.key=value`, the value read as YAML. */
function variant(base: JsonObject, changes: string): JsonObject {
  const groups = structuredClone(base) as Record<string, Record<string, JsonValue>>;
  for (const change of changes.split(',').filter((part) => part !== '')) {
    const [, group = '', key = '', value = ''] = /^(\w+)\.(\w+)=(.*)$/u.exec(change) ?? [];
    groups[group] = { ...groups[group], [key]: parse(value) as JsonValue };
  }
  return groups;
}

async function crossValidate(params: JsonObject, folds: number): Promise<{ accuracy: number; macroF1: number }> {
  const train = need(await readSplitPart('artifacts/split', 'train'));
  const { classes, y } = encodeLabels(train.labels);
  const options = need(featureOptions(need(readFields(params, 'featurize', featurizeFields))));
  const { estimator } = need(readField(params, 'train', trainField));
  const foldOf = stratifiedFolds(y, classes.length, folds, 0);
  const sums = { accuracy: 0, macroF1: 0 };
  for (let fold = 0; fold < folds; fold++) {
    const pick = (inFold: boolean): number[] => [...y.keys()].filter((row) => (foldOf[row] === fold) === inFold);
    const [seen, heldOut] = [pick(false), pick(true)];
    const texts = (rows: number[]): string[] => rows.map((row) => train.texts[row] ?? '');
    const labels = (rows: number[]): Int32Array => Int32Array.from(rows, (row) => y[row] ?? 0);
    const { features, matrix } = need(
      await fitFeatures(options, texts(seen), {}, { labels: { y: labels(seen), classes: classes.length } }),
    );
    const model = need(await estimator.fit({ x: matrix, y: labels(seen), classes }));
    const predicted = largestOfRows(model.probabilities(features.transform(texts(heldOut))), classes.length);
    const scores = classificationScores(labels(heldOut), predicted, classes.length);
    sums.accuracy += scores.accuracy / folds;
    sums.macroF1 += scores.macroF1 / folds;
  }
  return sums;
}

const [first = '5', ...rest] = process.argv.slice(2);
const folds = /^\d+$/u.test(first) ? Number(first) : 5;
const variants = /^\d+$/u.test(first) ? rest : [first, ...rest];
const base = parse(readFileSync('params.yaml', 'utf8')) as JsonObject;
for (const changes of variants.length === 0 ? [''] : variants) {
  const { accuracy, macroF1 } = await crossValidate(variant(base, changes), folds);
  console.log(`${accuracy.toFixed(4)}  ${macroF1.toFixed(4)}  ${changes === '' ? '(params.yaml)' : changes}`);
}
