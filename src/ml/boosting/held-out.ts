import type { CsrMatrix } from '../sparse/csr.ts';
import { margins } from '../trees/margins.ts';
import { workspaceOf } from '../trees/workspace.ts';
import type { BinnedMatrix } from './binned-matrix.ts';
import type { Objective } from './objectives/objective.ts';
import { toEnsemble } from './to-ensemble.ts';
import type { GrownTree } from './tree-params.ts';

/** Rows that no tree is grown on, with their scores. */
export class HeldOut {
  readonly #x: CsrMatrix;
  readonly #objective: Objective;
  readonly #ownRow: Int32Array;

  constructor(x: CsrMatrix, objective: Objective) {
    this.#x = x;
    this.#objective = objective;
    this.#ownRow = Int32Array.from({ length: x.rows }, (_, row) => row);
  }

  /** Mean loss after one iteration's trees. */
  lossAfter(trees: readonly GrownTree[], data: BinnedMatrix): number {
    const { outputs } = this.#objective;
    const shape = { columns: this.#x.columns, outputs, base: new Float64Array(outputs) };
    const ensemble = toEnsemble(trees, data, shape);
    const added = margins(ensemble, this.#x, workspaceOf(ensemble));
    for (let output = 0; output < outputs; output++) {
      const values = Float64Array.from(this.#ownRow, (row) => added[row * outputs + output] ?? 0);
      this.#objective.add(output, this.#ownRow, values);
    }
    this.#objective.settle();
    return this.#objective.loss();
  }
}

/** Ends the work when the loss of held-out rows has not become smaller for so many iterations. */
export class Patience {
  readonly #most: number;
  best = { iteration: 0, loss: Infinity };

  constructor(most: number) {
    this.#most = most;
  }

  isOver(iteration: number, loss: number): boolean {
    // Where held-out rows weigh nothing, there is no loss to compare.
    if (loss < this.best.loss || iteration === 1) this.best = { iteration, loss };
    return iteration - this.best.iteration >= this.#most;
  }
}
