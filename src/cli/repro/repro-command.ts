import { exitCode, type ExitCode } from '../../core/exit-code.ts';
import { systemClock } from '../../core/clock.ts';
import type { EngineEvent } from '../../core/events.ts';
import type { Failure } from '../../core/failure.ts';
import { planProject } from '../../pipeline/plan-project.ts';
import type { Project } from '../../pipeline/open-project.ts';
import { repro } from '../../pipeline/repro.ts';
import type { ReproOptions, ReproOutcome } from '../../pipeline/repro-types.ts';
import { renderPlan } from '../../report/plan.ts';
import { renderUpToDate } from '../../report/run-summary.ts';
import { styleFor } from '../../report/style.ts';
import type { Reporter } from '../../report/reporter.ts';
import type { CliContext } from '../context.ts';
import { openCalledProject } from '../open.ts';
import { listenForInterrupts } from './interrupts.ts';
import type { ReproFlags } from './types.ts';
import { paramChange, type ParamChange } from './param-change.ts';

/** Everything behind `mlp repro`. */
export async function reproCommand(
  context: CliContext,
  targets: readonly string[],
  flags: ReproFlags,
): Promise<ExitCode> {
  const startedAt = performance.now();
  const screen = flags.json === true ? context.log : context.out;
  const relay: { to: (event: EngineEvent) => void } = { to: () => undefined };
  const changed = await paramChange(context.workspace(flags.file), flags.set ?? []);
  if (!changed.ok) return context.fail(changed.error);
  const change = changed.value;
  const opened = await openCalledProject(context, flags.file, {
    texts: change?.texts ?? new Map(),
    emit: (event) => {
      relay.to(event);
    },
  });
  if (!opened.ok) return nothingRan(context, opened.error, { flags, change });
  const project = opened.value;
  try {
    if (flags.dry === true) return await dryRun(context, project, { targets, flags });
    const reporter = lazily(async () => {
      const { chooseReporter } = await import('./choose-reporter.ts');
      return chooseReporter(project.workspace.root, screen, flags.ci === true ? context.env : undefined);
    });
    relay.to = reporter.sink;
    const interrupts = listenForInterrupts((signal) => {
      context.log.write(`\n${signal}: ending the running stages\n`);
    });
    const outcome = await repro(
      project,
      reproOptions(context, project, { targets, flags, change, reporter, signal: interrupts.signal }),
    );
    interrupts.stop();
    await reporter.finish();
    if (!outcome.ok) return await nothingRan(context, outcome.error, { flags, change });
    const seconds = (performance.now() - startedAt) / 1000;
    return await conclude(context, project, {
      outcome: outcome.value,
      flags,
      seconds,
      interruptedBy: interrupts.received(),
    });
  } finally {
    project.close();
  }
}

/** Fails before any stage ran, and says so of the params files and to CI too. */
async function nothingRan(
  context: CliContext,
  problems: readonly Failure[],
  { flags, change }: { readonly flags: ReproFlags; readonly change: ParamChange | undefined },
): Promise<ExitCode> {
  const code = context.failAll(problems);
  if (change !== undefined) context.log.write(`  nothing ran: ${[...change.texts.keys()].join(', ')} as before\n`);
  if (flags.ci !== true) return code;
  const { writeCiProblems } = await import('./ci-report.ts');
  const written = writeCiProblems(context, flags.report, problems);
  if (!written.ok) context.fail(written.error);
  return code;
}

async function dryRun(
  context: CliContext,
  project: Project,
  about: { targets: readonly string[]; flags: ReproFlags },
): Promise<ExitCode> {
  const planned = await planProject(project, {
    targets: about.targets,
    force: about.flags.force === true,
    env: context.env,
    rebuildLock: true,
  });
  if (!planned.ok) return context.failAll(planned.error);
  const { plan } = planned.value;
  if (about.flags.json === true) context.out.write(`${JSON.stringify(plan, null, 2)}\n`);
  else context.out.write(renderPlan(plan, { style: styleFor(context.out.colour), columns: context.out.columns }));
  return exitCode.done;
}

function reproOptions(
  context: CliContext,
  project: Project,
  about: {
    targets: readonly string[];
    flags: ReproFlags;
    change: ParamChange | undefined;
    reporter: Reporter;
    signal: AbortSignal;
  },
): ReproOptions {
  const { flags, change } = about;
  return {
    targets: about.targets,
    force: flags.force === true,
    env: context.env,
    rebuildLock: true,
    concurrency: flags.jobs,
    command: ['mlp', ...context.argv].join(' '),
    tags: async () => {
      const { runTags } = await import('./run-tags.ts');
      return runTags(context, project.workspace.root, flags.message);
    },
    ...(change === undefined ? {} : { writeTexts: () => change.write() }),
    openStore: () => context.tracking(project.workspace),
    clock: systemClock,
    emit: about.reporter.sink,
    signal: about.signal,
  };
}

async function conclude(
  context: CliContext,
  project: Project,
  about: { outcome: ReproOutcome; flags: ReproFlags; seconds: number; interruptedBy: string | undefined },
): Promise<ExitCode> {
  const { outcome, flags, seconds } = about;
  if (outcome.kind === 'executed') {
    const { concludeRun } = await import('./conclude-run.ts');
    return concludeRun(context, project, { ...about, outcome });
  }
  const { plan } = outcome.planned;
  if (flags.json === true) context.out.write(`${JSON.stringify({ upToDate: true, seconds, plan }, null, 2)}\n`);
  else context.out.write(renderUpToDate(plan.stages.length, seconds));
  if (flags.ci !== true) return exitCode.done;
  const { writeCiReport } = await import('./ci-report.ts');
  const written = await writeCiReport(context, project, { outcome, seconds, versions: [], report: flags.report });
  return written.ok ? exitCode.done : context.fail(written.error);
}

/** A reporter whose code is read with the first event: a run with nothing to do has none. */
function lazily(load: () => Promise<Reporter>): Reporter {
  let reporter: Reporter | undefined;
  let loading: Promise<void> | undefined;
  const early: EngineEvent[] = [];
  return {
    sink: (event) => {
      if (reporter !== undefined) {
        reporter.sink(event);
        return;
      }
      early.push(event);
      loading ??= load().then((loaded) => {
        reporter = loaded;
        for (const each of early.splice(0)) loaded.sink(each);
      });
    },
    finish: async () => {
      await loading;
      await reporter?.finish();
    },
  };
}
