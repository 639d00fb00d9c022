import { failure } from '../../core/failure.ts';
import type { Result } from '../../core/result.ts';
import { err, ok } from '../../core/result.ts';
import { bestColumns } from '../selection/best-columns.ts';
import { chiSquare } from '../selection/chi-square.ts';
import type { RowLabels } from '../selection/chi-square.ts';
import { mutualInformation } from '../selection/mutual-information.ts';
import type { CsrMatrix } from '../sparse/csr.ts';
import { joinColumns } from '../sparse/csr.ts';
import type { FittedOnTexts } from './block.ts';

/** Which columns of all blocks of terms together stay. */
export interface SelectionOptions {
  /** `presence` asks for the mutual information of whether a column is there, which is what weights can be asked for. */
  readonly by: 'chi2' | 'mutual_info' | 'presence';
  readonly columns: number;
}

/** The blocks with the best columns only. Those that cannot do without a column, and those of which none is left, are as they were, and gone. */
export function selectColumns(
  blocks: readonly FittedOnTexts[],
  { by, columns }: SelectionOptions,
  labels: RowLabels,
): Result<readonly FittedOnTexts[]> {
  const choosy = blocks.filter(({ block }) => block.keepOnly !== undefined);
  if (choosy.length === 0) return ok(blocks);
  const scores = scoresOf(joinColumns(choosy.map(({ matrix }) => matrix)), by, labels);
  if (scores === undefined) {
    const problem = 'is chi2, which has no meaning for columns below 0; set alternate_sign to false';
    return err(failure('learning-param', { param: 'featurize.select', problem, near: [] }));
  }
  const best = bestColumns(scores, columns);
  const kept: FittedOnTexts[] = [];
  let first = 0;
  for (const fitted of blocks) {
    const { block, matrix } = fitted;
    if (block.keepOnly === undefined) {
      kept.push(fitted);
      continue;
    }
    const own = best.filter((column) => column >= first && column < first + block.columns);
    if (own.length > 0)
      kept.push(
        block.keepOnly(
          own.map((column) => column - first),
          matrix,
        ),
      );
    first += block.columns;
  }
  return ok(kept);
}

function scoresOf(x: CsrMatrix, by: SelectionOptions['by'], labels: RowLabels): Float64Array | undefined {
  if (by === 'chi2') return chiSquare(x, labels);
  if (by === 'mutual_info') return mutualInformation(x, labels);
  return mutualInformation({ ...x, values: x.values.map((value) => (value === 0 ? 0 : 1)) }, labels);
}
