import type { CsrMatrix } from '../sparse/csr.ts';
import { transpose } from '../sparse/csr.ts';
import type { RowLabels } from './chi-square.ts';

/**
 * What each column says about the class, in nats, where each distinct number in it is a category of its own: scikit-learn's
 * `mutual_info_classif(discrete_features=True)`.
 */
export function mutualInformation(x: CsrMatrix, { y, classes }: RowLabels): Float64Array {
  const byColumn = transpose(x);
  const classRows = new Float64Array(classes);
  for (const label of y) classRows[label] = (classRows[label] ?? 0) + 1;
  const table = new ContingencyTable(classRows);
  return Float64Array.from({ length: x.columns }, (_, column) => {
    table.clear();
    const end = byColumn.indptr[column + 1] ?? 0;
    for (let at = byColumn.indptr[column] ?? 0; at < end; at++) {
      table.add(byColumn.values[at] ?? 0, y[byColumn.indices[at] ?? 0] ?? 0);
    }
    return table.information();
  });
}

/** Rows by number and class, in a table that is used for one column after the other. Rows that are not added hold a zero. */
class ContingencyTable {
  readonly #classRows: Float64Array;
  readonly #rows: number;
  readonly #levels = new Map<number, Float64Array>();

  constructor(classRows: Float64Array) {
    this.#classRows = classRows;
    this.#rows = classRows.reduce((sum, count) => sum + count, 0);
  }

  clear(): void {
    this.#levels.clear();
  }

  add(value: number, label: number): void {
    if (value === 0) return;
    let counts = this.#levels.get(value);
    if (counts === undefined) {
      counts = new Float64Array(this.#classRows.length);
      this.#levels.set(value, counts);
    }
    counts[label] = (counts[label] ?? 0) + 1;
  }

  information(): number {
    const zeros = this.#classRows.slice();
    let sum = 0;
    for (const counts of this.#levels.values()) {
      sum += this.#informationOf(counts);
      counts.forEach((count, label) => (zeros[label] = (zeros[label] ?? 0) - count));
    }
    sum += this.#informationOf(zeros);
    // What rounding leaves of nothing is nothing, as the reference has it.
    return sum < Number.EPSILON ? 0 : sum;
  }

  #informationOf(counts: Float64Array): number {
    const total = counts.reduce((sum, count) => sum + count, 0);
    return counts.reduce((sum, count, label) => {
      if (count === 0) return sum;
      const ratio = (count * this.#rows) / (total * (this.#classRows[label] ?? 0));
      return sum + (count / this.#rows) * Math.log(ratio);
    }, 0);
  }
}
