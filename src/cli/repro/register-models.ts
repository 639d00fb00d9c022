import type { Failure } from '../../core/failure.ts';
import type { Project } from '../../pipeline/open-project.ts';
import type { SummaryModel } from '../../report/run-summary.ts';
import type { CliContext } from '../context.ts';
import type { Executed } from './conclude-run.ts';

interface Registered {
  readonly models: readonly SummaryModel[];
  readonly problems: readonly Failure[];
}

export function registerModels(_context: CliContext, _project: Project, _outcome: Executed): Promise<Registered> {
  return Promise.resolve({ models: [], problems: [] });
}
