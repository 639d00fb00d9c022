/** A place in a text file, for messages. Lines and columns count from 1; `length` is what the caret underlines. */
export interface SourceRange {
  /** Relative to the workspace, with `/`. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly length: number;
}
