import type { ColumnInput } from '../columns/column.ts';
import type { ModelSignature } from './types.ts';

/** What a model of so many classes takes and gives. Columns are named only where there are any. */
export const signatureOf = (classes: number, inputs: readonly ColumnInput[]): ModelSignature => ({
  input: { name: 'text', type: 'string' },
  ...(inputs.length === 0 ? {} : { columns: inputs.map(({ name, type }) => ({ name, type, required: false })) }),
  outputs: [
    { name: 'label', type: 'string' },
    { name: 'probabilities', type: 'number[]', length: classes },
  ],
});
