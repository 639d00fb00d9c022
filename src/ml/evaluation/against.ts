import type { ModelInput } from '../columns/column.ts';
import type { Result } from '../../core/result.ts';
import { ok } from '../../core/result.ts';
import { compareModels } from '../metrics/compare-models.ts';
import { loadModelPackage } from '../package/load.ts';
import type { Evaluation } from './evaluate.ts';
import type { Against } from './page.ts';

/** Asks another package about the same texts or rows. A class that it does not know it never says; one that only it knows is a mistake. */
export async function compareWith(
  folder: string,
  { classes, judged, predicted }: Evaluation,
  options: { readonly inputs: readonly ModelInput[]; readonly seed: number },
): Promise<Result<Against>> {
  const other = await loadModelPackage(folder);
  if (!other.ok) return other;
  const names = [...new Set([...classes, ...other.value.info.classes])];
  const first = Int32Array.from(other.value.predict(options.inputs), ({ label }) => names.indexOf(label));
  const answers = { truth: judged.truth, first, second: predicted, classes: names.length };
  return ok({ name: `${other.value.info.name} in ${folder}`, comparison: compareModels(answers, options.seed) });
}
