import { failure } from '../../core/failure.ts';
import type { Result } from '../../core/result.ts';
import { err, ok } from '../../core/result.ts';
import { writeWhole } from '../io/files.ts';
import { encodeLabels, formatLabelledTexts, readLabelledTexts } from './labelled-texts.ts';
import type { LabelledTexts } from './labelled-texts.ts';
import { stratifiedSplit } from './split.ts';
import type { Split } from './split.ts';

/** Parts labelled texts by their labels' shares; one label alone is a failure that names where the texts came from. */
export function splitTexts(
  data: LabelledTexts,
  source: string,
  options: { readonly testSize: number; readonly seed: number },
): Result<Split & { readonly classes: readonly string[] }> {
  const { classes, y } = encodeLabels(data.labels);
  if (classes.length < 2) return err(failure('single-class', { file: source, labels: classes }));
  const split = stratifiedSplit(y, classes, options);
  return split.ok ? ok({ ...split.value, classes }) : split;
}

/** Writes both parts as raw text with labels: `train.csv` and `test.csv` with the columns `text`, `label` and those of the data. */
export async function writeSplit(folder: string, data: LabelledTexts, split: Split): Promise<void> {
  await writeWhole(`${folder}/train.csv`, formatLabelledTexts(data, split.train));
  await writeWhole(`${folder}/test.csv`, formatLabelledTexts(data, split.test));
}

/** Reads one part back, with all its columns. */
export const readSplitPart = (folder: string, part: 'train' | 'test'): Promise<Result<LabelledTexts>> =>
  readLabelledTexts({ path: `${folder}/${part}.csv`, textColumn: 'text', labelColumn: 'label', labels: null, columns: 'all' });
