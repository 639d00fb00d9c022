import { exitCode, type ExitCode } from '../../core/exit-code.ts';
import { failure, failureExit, type Failure } from '../../core/failure.ts';
import type { Project } from '../../pipeline/open-project.ts';
import type { PackageProbe } from '../../registry/probe.ts';
import { renderRunSummary } from '../../report/run-summary.ts';
import { styleFor } from '../../report/style.ts';
import type { CliContext } from '../context.ts';
import { registerModels, type RegisteredModels } from './register-models.ts';
import { outcomeText } from './outcome-text.ts';
import type { Executed, ReproFlags } from './types.ts';
import { reproJson, summaryOf } from './summary.ts';
import { summaryModel } from './summary-model.ts';

interface Conclusion {
  readonly outcome: Executed;
  readonly flags: ReproFlags;
  /** Seconds that the stages took. */
  readonly seconds: number;
  /** The signal that ended the run early, if one did. */
  readonly interruptedBy: string | undefined;
  /** The stages were ended to begin again. */
  readonly isRestarted: boolean;
  /** Measures the models that were made. */
  readonly probe: PackageProbe;
}

/** After the stages: registers models, says how it went, and gives the exit code. */
export async function concludeRun(context: CliContext, project: Project, about: Conclusion): Promise<ExitCode> {
  const { outcome, flags } = about;
  const startedAt = performance.now();
  // A version is kept by what the cache holds, so without that there is none.
  const registered = flags.commit
    ? await registerModels(project, outcome, about.probe)
    : { versions: [], problems: [] };
  const seconds = about.seconds + (performance.now() - startedAt) / 1000;
  const models = registered.versions.map(summaryModel);
  if (flags.json === true) context.out.write(outcomeText(reproJson(outcome, seconds, models), flags));
  else if (outcome.report.status === 'FINISHED' && outcome.run !== undefined) {
    const screen = { style: styleFor(context.out.colour), columns: context.out.columns };
    context.out.write(`\n${renderRunSummary(summaryOf(outcome, seconds, models), screen)}`);
  }
  const unreported = await reportToCi(context, project, { ...about, seconds, versions: registered.versions });
  return exitOf(context, about, [...registered.problems, ...unreported]);
}

async function reportToCi(
  context: CliContext,
  project: Project,
  about: Pick<Conclusion, 'outcome' | 'flags' | 'seconds'> & Pick<RegisteredModels, 'versions'>,
): Promise<readonly Failure[]> {
  if (about.flags.ci !== true) return [];
  const { writeCiReport } = await import('./ci-report.ts');
  const written = await writeCiReport(context, project, { ...about, report: about.flags.report });
  return written.ok ? [] : [written.error];
}

function exitOf(context: CliContext, about: Conclusion, unregistered: readonly Failure[]): ExitCode {
  const { report } = about.outcome;
  const problems = [...about.outcome.problems, ...unregistered];
  if (problems.length > 0) context.failAll(problems);
  if (report.status === 'KILLED' && about.isRestarted) return exitCode.interrupted;
  if (report.status === 'KILLED')
    return context.fail(failure('interrupted', { signal: about.interruptedBy ?? 'a signal' }));
  const first = report.failed[0]?.failure ?? problems[0];
  return first === undefined ? exitCode.done : failureExit(first);
}
