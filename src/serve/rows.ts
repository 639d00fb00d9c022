import { failure } from '../core/failure.ts';
import type { JsonValue } from '../core/json.ts';
import { err, ok, type Result } from '../core/result.ts';
import { cellProblem, joinRows, type CellValue, type ModelInput } from '../ml/columns/column.ts';
import type { ModelInfo } from '../ml/package/types.ts';
import type { Limits } from './limits.ts';
import { checkTexts } from './texts.ts';

/** A column of a request, before its values are checked. */
export interface AskedColumn {
  readonly values: readonly JsonValue[];
  /** Where value i stood in the body, for messages. */
  readonly nameOf: (index: number) => string;
}

/** The column of a request that has the name; undefined where it has none. */
export type FindColumn = (name: string) => Result<AskedColumn | undefined>;

/** Texts with the other columns that the model takes, where the request has them: what is not there is missing. Columns that it does not take are passed over. */
export function rowsFor(
  model: { readonly info: Pick<ModelInfo, 'signature'> },
  texts: readonly string[],
  { find, limits }: { readonly find: FindColumn; readonly limits: Limits },
): Result<readonly ModelInput[]> {
  const columns = new Map<string, readonly CellValue[]>();
  for (const { name, type } of model.info.signature.columns ?? []) {
    const found = find(name);
    if (!found.ok) return found;
    if (found.value === undefined) continue;
    const cells = checkCells(found.value, { type, rows: texts.length, limits });
    if (!cells.ok) return cells;
    columns.set(name, cells.value);
  }
  return ok(joinRows(texts, columns));
}

interface Expected {
  readonly type: 'number' | 'string';
  readonly rows: number;
  readonly limits: Limits;
}

function checkCells({ values, nameOf }: AskedColumn, { type, rows, limits }: Expected): Result<readonly CellValue[]> {
  if (values.length !== rows) {
    const problem = `${nameOf(Math.min(values.length, rows))}: the column has ${values.length} values for ${rows} texts`;
    return err(failure('bad-request', { problem }));
  }
  for (const [index, value] of values.entries()) {
    const problem = cellProblem(type, value);
    if (problem !== undefined) {
      const next =
        type === 'number'
          ? 'send a number, or null where it is missing'
          : 'send a category as text, or null where it is missing';
      return err(failure('bad-request', { problem: `${nameOf(index)} ${problem}`, next }));
    }
    if (typeof value !== 'string') continue;
    const checked = checkTexts([value], limits, () => nameOf(index));
    if (!checked.ok) return checked;
  }
  return ok(values as readonly CellValue[]);
}
