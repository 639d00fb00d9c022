import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CsrMatrix } from '../src/ml/sparse/csr.ts';

/** A matrix and its labels as plain little-endian files, which numpy reads. */
export function writePart(folder: string, name: string, x: CsrMatrix, y: Int32Array): void {
  for (const [array, numbers] of Object.entries({ indptr: x.indptr, indices: x.indices, values: x.values, y }))
    writeFileSync(join(folder, `${name}.${array}`), numbers);
}
