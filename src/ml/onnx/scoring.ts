import type { Bytes } from './protobuf.ts';

/** The part of a graph from `features` to `scores`, which has `outputs` columns. */
export interface Scoring {
  readonly nodes: readonly Bytes[];
  readonly constants: readonly Bytes[];
  readonly outputs: number;
  /** Scores are multiplied by it before the softmax. */
  readonly sharpness: number;
  /** What a column without an entry holds. */
  readonly absent: '0' | 'NaN';
}
