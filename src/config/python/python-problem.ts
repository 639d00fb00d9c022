import type { Failure } from '../../core/failure.ts';
import type { Lines } from '../lines.ts';
import { malformed } from '../problems.ts';

/** Where reading a Python file stopped; thrown below `parsePythonTree` and caught there, so that no step needs a check after it. */
export class PythonProblem extends Error {
  readonly problem: Failure;
  constructor(problem: Failure) {
    super('malformed Python');
    this.problem = problem;
  }
}

export interface PythonText {
  readonly text: string;
  readonly lines: Lines;
}

export function refuse({ lines }: PythonText, problem: string, start: number, hint?: string): never {
  throw new PythonProblem(malformed('Python', problem, lines.rangeOf(start, start + 1), hint));
}
