import { byPosition, mostProblems } from '../core/failure-order.ts';
import { failure, type Failure } from '../core/failure.ts';
import type { SourceRange } from '../core/source-range.ts';

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
          const text = withoutInstance(JSON.stringify(problem));
          return seen.has(text) ? false : seen.add(text);
        })
        .slice(0, mostProblems);
    },
  };
}

/** A mistake in a group is told once, not once for each of its stages. */
const withoutInstance = (text: string): string => text.replace(/(stage \\"[^"\\@]*)@[^"\\]*/g, '$1');

/** Shorthand for the one that most checks need. */
export const malformed = (
  format: 'YAML' | 'JSON' | 'TOML' | 'Python',
  problem: string,
  at: SourceRange,
  hint?: string,
): Failure => failure('malformed-file', { format, problem, ...(hint === undefined ? {} : { hint }) }, { at });
