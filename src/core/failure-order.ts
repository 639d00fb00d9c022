import type { Failure } from './failure.ts';

/** More than this helps nobody: the first ones usually cause the rest. */
export const mostProblems = 20;

/** Sorts by line and column; failures without a place come last, in the order they were found. */
export function byPosition(a: Failure, b: Failure): number {
  if (a.at === undefined || b.at === undefined) return Number(a.at === undefined) - Number(b.at === undefined);
  return a.at.line - b.at.line || a.at.column - b.at.column;
}
