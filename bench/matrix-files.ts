import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CsrMatrix } from '../src/ml/sparse/csr.ts';

/** A matrix and its labels as plain little-endian files, which numpy reads. */
export function writePart(folder: string, name: string, x: CsrMatrix, y: Int32Array): void {
  for (const [array, numbers] of Object.entries({ indptr: x.indptr, indices: x.indices, values: x.values, y }))
    writeFileSync(join(folder, `${name}.${array}`), numbers);
}

/** Reads back what `writePart` wrote. */
export function readPart(folder: string, name: string, columns: number): { x: CsrMatrix; y: Int32Array } {
  const bytes = (array: string): ArrayBuffer => Uint8Array.from(readFileSync(join(folder, `${name}.${array}`))).buffer;
  const indptr = new Int32Array(bytes('indptr'));
  const [indices, values] = [new Int32Array(bytes('indices')), new Float64Array(bytes('values'))];
  const x = { rows: indptr.length - 1, columns, indptr, indices, values };
  return { x, y: new Int32Array(bytes('y')) };
}
