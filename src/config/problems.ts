import { failure, type Failure } from '../core/failure.ts';
import type { SourceRange } from '../core/source-range.ts';

/** More than this helps nobody: the first ones usually cause the rest. */
export const mostProblems = 20;

/** Gathers failures while a document is read, so that all of them are told at once. */
export interface Problems {
  readonly add: (problem: Failure) => void;
  readonly any: () => boolean;
  /** By position, without repeats, at most `mostProblems`. */
  readonly sorted: () => readonly Failure[];
}

export function newProblems(): Problems {
  const found: Failure[] = [];
  return {
    add: (problem) => {
      found.push(problem);
    },
    any: () => found.length > 0,
    sorted: () => {
      const seen = new Set<string>();
      return [...found]
        .sort(byPosition)
        .filter((problem) => {
          const text = JSON.stringify(problem);
          return seen.has(text) ? false : seen.add(text);
        })
        .slice(0, mostProblems);
    },
  };
}

/** Sorts by line and column; failures without a place come last, in the order they were found. */
export function byPosition(a: Failure, b: Failure): number {
  if (a.at === undefined || b.at === undefined) return Number(a.at === undefined) - Number(b.at === undefined);
  return a.at.line - b.at.line || a.at.column - b.at.column;
}

/** Shorthand for the one that most checks need. */
export const malformed = (format: 'YAML' | 'JSON', problem: string, at: SourceRange, hint?: string): Failure =>
  failure('malformed-file', { format, problem, ...(hint === undefined ? {} : { hint }) }, { at });
