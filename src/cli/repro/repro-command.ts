import { exitCode, type ExitCode } from '../../core/exit-code.ts';
import { systemClock } from '../../core/clock.ts';
import type { EngineEvent, EventSink } from '../../core/events.ts';
import type { Failure } from '../../core/failure.ts';
import { planProject } from '../../pipeline/plan-project.ts';
import type { Project } from '../../pipeline/open-project.ts';
import { repro } from '../../pipeline/repro.ts';
import type { ReproOptions, ReproOutcome } from '../../pipeline/repro-types.ts';
import { renderPlan } from '../../report/plan.ts';
import { renderUpToDate } from '../../report/run-summary.ts';
import { styleFor } from '../../report/style.ts';
import { renderWaiting } from '../../report/waiting.ts';
import type { Reporter } from '../../report/reporter.ts';
import type { PackageProbe } from '../../registry/probe.ts';
import type { CliContext } from '../context.ts';
import { openCalledProject } from '../open.ts';
import { onFailure, planOptions } from './engine-options.ts';
import { probeAhead } from './probe-ahead.ts';
import type { Interrupts } from './interrupts.ts';
import { outcomeText } from './outcome-text.ts';
import { reproInterrupts } from './repro-interrupts.ts';
import type { Round } from './round.ts';
import type { ReproFlags } from './types.ts';
import { withoutDry } from './without-dry.ts';
import { paramChange, type ParamChange } from './param-change.ts';

/** Everything behind `mlp repro`. */
export async function reproCommand(
  context: CliContext,
  words: readonly string[],
  flags: ReproFlags,
  round?: Round,
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
  if (!opened.ok) return nothingRan(context, opened.error, { flags, change, round });
  const project = opened.value;
  const targets = words.length > 0 || flags.allPipelines === true ? words : calledFile(project);
  const probe = probeAhead(project);
  try {
    if (flags.dry === true) return await dryRun(context, project, { targets, flags });
    const reporter = lazily(async () => {
      const { chooseReporter } = await import('./choose-reporter.ts');
      return chooseReporter(project.workspace.root, screen, flags.ci === true ? context.env : undefined);
    });
    relay.to = reporter.sink;
    const warn = warningTo(reporter);
    await round?.onProject(project, targets, warn);
    const { interrupts, hear } = round ?? listeningFor(context, warn);
    const outcome = await repro(
      project,
      reproOptions(context, project, {
        targets,
        flags,
        change,
        emit: hearing(reporter, flags.commit ? [hear, probe.hear] : [hear]),
        interrupts,
      }),
    );
    interrupts.stop();
    await reporter.finish();
    if (!outcome.ok) return await nothingRan(context, outcome.error, { flags, change, round });
    const seconds = (performance.now() - startedAt) / 1000;
    return await conclude(context, project, {
      outcome: outcome.value,
      flags,
      seconds,
      interruptedBy: interrupts.received(),
      isRestarted: round?.isRestarted() === true,
      probe: probe.ask,
    });
  } finally {
    await probe.close();
    await round?.onEnd(project);
    project.close();
  }
}

function listeningFor(context: CliContext, warn: (text: string) => void): Pick<Round, 'interrupts' | 'hear'> {
  const interrupts = reproInterrupts(context, warn);
  return { interrupts, hear: interrupts.hear };
}

/** Of several pipeline files, the one that the command was called with; all where that has no stages of its own. */
function calledFile({ config, graph }: Project): string[] {
  const hasOwn = config.files !== undefined && graph.stages.some(({ at }) => at.file === config.file);
  return hasOwn ? [config.file] : [];
}

/** Fails before any stage ran, and says so of the params files and to CI too. */
async function nothingRan(
  context: CliContext,
  problems: readonly Failure[],
  {
    flags,
    change,
    round,
  }: { readonly flags: ReproFlags; readonly change: ParamChange | undefined; readonly round: Round | undefined },
): Promise<ExitCode> {
  round?.onProblems(problems);
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
  const planned = await planProject(project, { ...planOptions(context, about.targets, about.flags), expectData: true });
  if (!planned.ok) return context.failAll(planned.error);
  const { plan } = planned.value;
  if (about.flags.json === true) context.out.write(`${JSON.stringify(plan, null, 2)}\n`);
  else
    context.out.write(
      renderPlan(plan, {
        style: styleFor(context.out.colour),
        columns: context.out.columns,
        next: withoutDry(context.argv),
      }),
    );
  return exitCode.done;
}

function reproOptions(
  context: CliContext,
  project: Project,
  about: {
    targets: readonly string[];
    flags: ReproFlags;
    change: ParamChange | undefined;
    emit: EventSink;
    interrupts: Interrupts;
  },
): ReproOptions {
  const { flags, change } = about;
  return {
    ...planOptions(context, about.targets, flags),
    concurrency: flags.jobs,
    wait: flags.wait === true,
    onWait: (holder) => {
      context.log.write(renderWaiting(holder));
    },
    onFailure: onFailure(flags),
    ...(flags.trace === undefined ? {} : { trace: flags.trace }),
    command: ['mlp', ...context.argv].join(' '),
    tags: async () => {
      const { runTags } = await import('./run-tags.ts');
      return runTags(context, project.workspace.root, flags.message);
    },
    ...(change === undefined ? {} : { writeTexts: () => change.write() }),
    openStore: () => context.tracking(project.workspace),
    clock: systemClock,
    emit: about.emit,
    signal: about.interrupts.signal,
    hurry: about.interrupts.hurry,
  };
}

const warningTo =
  (reporter: Reporter) =>
  (text: string): void => {
    reporter.sink({ type: 'warning', text });
  };

const hearing =
  (reporter: Reporter, others: readonly EventSink[]): EventSink =>
  (event) => {
    for (const hear of others) hear(event);
    reporter.sink(event);
  };

interface Conclusion {
  readonly outcome: ReproOutcome;
  readonly flags: ReproFlags;
  readonly seconds: number;
  readonly interruptedBy: string | undefined;
  readonly isRestarted: boolean;
  readonly probe: PackageProbe;
}

async function conclude(context: CliContext, project: Project, about: Conclusion): Promise<ExitCode> {
  const { outcome, flags, seconds } = about;
  if (outcome.kind === 'executed') {
    const { concludeRun } = await import('./conclude-run.ts');
    return concludeRun(context, project, { ...about, outcome });
  }
  const { plan } = outcome.planned;
  if (flags.json === true) context.out.write(outcomeText({ upToDate: true, seconds, plan }, flags));
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
