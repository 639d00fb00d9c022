import { appendFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { endedWithRun } from '../../core/events.ts';
import { failureMessage, failureNext, type Failure } from '../../core/failure.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { writeFileAtomic } from '../../fs/atomic-write.ts';
import { readLogTail } from '../../fs/log-text.ts';
import { systemProblem } from '../../fs/system-problem.ts';
import type { Project } from '../../pipeline/open-project.ts';
import { nameMetrics } from '../../pipeline/read-metrics.ts';
import type { ReproOutcome } from '../../pipeline/repro-types.ts';
import { gateCount } from '../../registry/gates.ts';
import type { StagedVersion } from '../../registry/register-and-stage.ts';
import { ciProblemsMarkdown } from '../../report/ci-problems.ts';
import { ciMarkdown, type CiFailure, type CiModel, type CiReport, type CiStage } from '../../report/ci-markdown.ts';
import { gateMeasured, gateTitle } from '../../report/gate-text.ts';
import type { FileValues } from '../../report/values.ts';
import type { CliContext } from '../context.ts';
import type { Executed } from './types.ts';

interface CiOutcome {
  readonly outcome: ReproOutcome;
  readonly seconds: number;
  readonly versions: readonly StagedVersion[];
  /** The file to write, relative to the folder that the command was called in. */
  readonly report: string;
}

/** Where CI systems take a Markdown summary of a job: the variable that names the file to add to. */
const summaryVariables = ['GITHUB_STEP_SUMMARY'];
const tailLines = 30;

/** Writes the Markdown report to its file, and adds it to the CI system's summary where there is one. */
export async function writeCiReport(context: CliContext, project: Project, about: CiOutcome): Promise<Result<void>> {
  return putReport(context, about.report, ciMarkdown(await reportOf(project, about)));
}

/** The report of a repro that could not begin: what was wrong, where, and what to do. */
export function writeCiProblems(context: CliContext, report: string, problems: readonly Failure[]): Result<void> {
  return putReport(context, report, ciProblemsMarkdown(problems));
}

function putReport(context: CliContext, report: string, text: string): Result<void> {
  const summaries = summaryVariables.flatMap((name) => context.env[name] ?? []).filter((file) => file !== '');
  let doing = report;
  try {
    writeFileAtomic(resolve(context.cwd, report), text);
    for (const file of summaries) {
      doing = file;
      appendFileSync(file, text);
    }
    context.log.write(`report: ${report}\n`);
    return ok(undefined);
  } catch (error) {
    return err(systemProblem(error, { what: 'write the report', path: doing }));
  }
}

async function reportOf(project: Project, about: CiOutcome): Promise<CiReport> {
  const { outcome, seconds } = about;
  const executed = outcome.kind === 'executed' ? outcome : undefined;
  return {
    ...(executed?.run === undefined ? {} : { runName: executed.run.name }),
    status: executed?.report.status ?? 'FINISHED',
    seconds,
    stages: stagesOf(outcome),
    metrics: await metricsOf(project),
    models: about.versions.map(modelOf),
    failures: executed === undefined ? [] : await failuresOf(project, failedOf(executed.report)),
  };
}

const failedOf = ({ failed }: Executed['report']): Executed['report']['failed'] =>
  failed.filter((each) => !endedWithRun(each));

function stagesOf(outcome: ReproOutcome): CiStage[] {
  const { stages } = outcome.planned.plan;
  if (outcome.kind === 'up-to-date') return stages.map(({ stage }) => ({ stage, action: 'unchanged', reasons: [] }));
  const { done, failed, notRun } = outcome.report;
  const known = new Map<string, CiStage>([
    ...done.map((each): [string, CiStage] => [each.stage, each]),
    ...failed.map((each): [string, CiStage] => [
      each.stage,
      { ...each, action: endedWithRun(each) ? 'ended' : 'failed' },
    ]),
    ...notRun.map(({ stage }): [string, CiStage] => [stage, { stage, action: 'not-run', reasons: [] }]),
  ]);
  return stages.flatMap(({ stage }) => known.get(stage) ?? []);
}

/** Metrics of the workspace beside those of the last commit, where this is a git repository. */
async function metricsOf(project: Project): Promise<CiReport['metrics']> {
  const { revisionSource, workspaceSource } = await import('../values/source.ts');
  const { collectValues } = await import('../values/collect.ts');
  const now = await collectValues(workspaceSource(project), 'metric');
  const head = await revisionSource(project, 'HEAD');
  const then = head.ok ? await collectValues(head.value, 'metric') : head;
  const present = now.ok ? numbersOf(now.value.files) : {};
  const committed = then.ok ? numbersOf(then.value.files) : {};
  return [...new Set([...Object.keys(present), ...Object.keys(committed)])].map((name) => {
    const value = present[name];
    const was = committed[name];
    return { name, ...(value === undefined ? {} : { value }), ...(was === undefined ? {} : { committed: was }) };
  });
}

function numbersOf(files: readonly FileValues[]): Record<string, number> {
  const isNumber = (entry: [string, unknown]): entry is [string, number] => typeof entry[1] === 'number';
  return nameMetrics(
    files.map(({ file, values }) => ({ file, values: Object.fromEntries(Object.entries(values).filter(isNumber)) })),
  );
}

function modelOf(version: StagedVersion): CiModel {
  const gates = version.gates.map((gate) => ({
    gate: gateTitle(gate),
    passed: gate.verdict !== 'refused',
    detail: gateMeasured(gate),
  }));
  const { model: name, version: number, stage } = version;
  const count = version.isNew ? { gates: gateCount(version.gates) } : {};
  return { name, version: number, stage, ...count, gateResults: gates };
}

async function failuresOf(
  project: Project,
  failed: readonly { readonly stage: string; readonly failure: Failure; readonly logFile?: string }[],
): Promise<CiFailure[]> {
  return Promise.all(
    failed.map(async ({ stage, failure, logFile }) => {
      const next = failureNext(failure);
      const tail = logFile === undefined ? [] : await readLogTail(resolve(project.workspace.root, logFile), tailLines);
      return { stage, message: failureMessage(failure), ...(next === undefined ? {} : { next }), logTail: tail ?? [] };
    }),
  );
}
