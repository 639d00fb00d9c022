/** Rows of a node: places of the list. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** The columns that the rows of some node hold, each by ascending value. */
export interface NodeColumns {
  /** Rows of the node that it was made for. */
  readonly rows: number;
  /** Numbers of the columns in the whole table. */
  readonly columns: Int32Array;
  readonly starts: Int32Array;
  readonly entryRows: Int32Array;
  readonly values: Float32Array;
}
