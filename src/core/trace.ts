import type { StageName } from './brands.ts';

/** Files of the workspace that a stage used without declaring them, of one kind and with one line to declare them. */
export interface UndeclaredUse {
  /** Relative to the workspace. A folder stands for the files below it. */
  readonly path: string;
  /** How many files `path` stands for, when it is a folder. */
  readonly files?: number;
  readonly how: 'read' | 'written' | 'removed';
  /** The field of the stage that it belongs in, and the line there; absent where no line would be right. */
  readonly field?: 'deps' | 'params' | 'outs';
  readonly line?: string;
  /** The stage whose out it is. */
  readonly madeBy?: StageName;
}

/** What a trace found out about a stage that ran. */
export interface TraceFindings {
  /** Sorted by field, then path. */
  readonly undeclared: readonly UndeclaredUse[];
  /** Declared deps that were never opened. Not wrong by itself: some stages only look at dates, or at some of their deps. */
  readonly unread: readonly string[];
}

/** `warn` tells of undeclared files; `strict` fails the stage. */
export type TraceMode = 'warn' | 'strict';
