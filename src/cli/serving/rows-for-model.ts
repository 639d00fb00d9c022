import { failure, type Failure } from '../../core/failure.ts';
import { didYouMean } from '../../core/failures/kind.ts';
import { nearestNames } from '../../core/nearest.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { cellProblem, joinRows, type CellValue, type ColumnInput, type ModelInput } from '../../ml/columns/column.ts';
import type { TextTable } from './read-texts.ts';

/** Rows as a model is asked about them. */
export interface AskedRows {
  readonly rows: readonly ModelInput[];
  /** Columns that the model takes and nobody gave: missing in every row. */
  readonly missing: readonly string[];
}

/**
 * Texts with those other columns that the model takes: of the table they were read from, or given as `NAME=VALUE` for all of them alike. A cell that is no
 * number where one belongs is a failure, and so is a given name that the model does not take.
 */
export function rowsForModel(
  { texts, columns, file, numbers }: TextTable,
  inputs: readonly ColumnInput[],
  given: readonly string[],
): Result<AskedRows> {
  const values = readGiven(given, inputs);
  if (!values.ok) return values;
  const found = new Map<string, readonly CellValue[]>();
  for (const { name, type } of inputs) {
    const value = values.value.get(name);
    const cells = value === undefined ? columns.get(name) : texts.map(() => value);
    if (cells === undefined) continue;
    const wrong = cells.findIndex((cell) => cellProblem(type, cell) !== undefined);
    if (wrong >= 0) {
      const cell = String(cells[wrong] ?? '').slice(0, 40);
      return err(
        value === undefined
          ? failure('number-invalid', { file, row: numbers[wrong] ?? 0, column: name, cell })
          : badGiven(`"${cell}", given for ${name}, is no number`),
      );
    }
    found.set(name, cells);
  }
  return ok({
    rows: joinRows(texts, found),
    missing: inputs.filter(({ name }) => !found.has(name)).map(({ name }) => name),
  });
}

function readGiven(given: readonly string[], inputs: readonly ColumnInput[]): Result<ReadonlyMap<string, string>> {
  const values = new Map<string, string>();
  const known = inputs.map(({ name }) => name);
  for (const word of given) {
    // A name may hold "=" itself, so the longest known one counts.
    const name = known.filter((other) => word.startsWith(`${other}=`)).sort((a, b) => b.length - a.length)[0];
    if (name === undefined) return err(badGiven(unknownName(word, known)));
    values.set(name, word.slice(name.length + 1));
  }
  return ok(values);
}

function unknownName(word: string, known: readonly string[]): string {
  if (!word.includes('=')) return `--with takes NAME=VALUE, not "${word}"`;
  if (known.length === 0) return `the model looks at the text alone, and takes no "${word}"`;
  const [name = ''] = word.split('=');
  const near = didYouMean(nearestNames(name, known));
  return `the model takes no column "${name}", only ${known.join(', ')}${near === undefined ? '' : `; ${near}`}`;
}

const badGiven = (problem: string): Failure => failure('wrong-usage', { problem, command: 'predict' });
