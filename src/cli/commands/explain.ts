import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { failure, type Failure } from '../../core/failure.ts';
import { nearestNames } from '../../core/nearest.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { placeOf } from '../../core/workspace.ts';
import { explainStage, recordedFingerprint } from '../../pipeline/explain.ts';
import type { Project } from '../../pipeline/open-project.ts';
import { planProject } from '../../pipeline/plan-project.ts';
import type { RunOrigin, StageExplanation } from '../../plan/explain-types.ts';
import type { StageEvidence } from '../../plan/types.ts';
import { renderExplanation } from '../../report/explain.ts';
import type { CliContext } from '../context.ts';
import { openCalledProject } from '../open.ts';
import { printAll } from '../print-result.ts';

interface ExplainOptions {
  readonly file?: string;
  readonly json?: true;
}

/** `mlp explain STAGE`: every input as recorded and as it is, and what follows. */
export function command(context: CliContext): Command {
  return new Command('explain')
    .description('Show why a stage would run or not: every input as recorded and as it is now')
    .argument('<stage>', 'the stage')
    .option('-f, --file <file>', 'pipeline file')
    .option('--json', 'print the explanation as JSON')
    .action(async (stage: string, options: ExplainOptions) => {
      printAll(context, await explain(context, stage, options), {
        json: options.json === true,
        text: (explanation, screen) => renderExplanation(explanation, { ...screen, now: Date.now() }),
      });
    });
}

async function explain(
  context: CliContext,
  name: string,
  options: ExplainOptions,
): Promise<Result<StageExplanation, readonly Failure[]>> {
  const project = await openCalledProject(context, options.file);
  if (!project.ok) return project;
  try {
    return await explainIn(context, project.value, name);
  } finally {
    project.value.close();
  }
}

async function explainIn(
  context: CliContext,
  project: Project,
  name: string,
): Promise<Result<StageExplanation, readonly Failure[]>> {
  const names = [...project.graph.byName.keys()];
  const stage = names.find((known) => known === project.graph.home + name) ?? names.find((known) => known === name);
  if (stage === undefined) return err([failure('unknown-stage', { name, near: nearestNames(name, names) })]);
  const planned = await planProject(project, {
    targets: [stage],
    force: false,
    env: context.env,
    rebuildLock: true,
    expectData: true,
  });
  if (!planned.ok) return planned;
  const explanation = explainStage(project, planned.value, stage);
  if (explanation === undefined) return err([failure('unknown-stage', { name, near: [] })]);
  const origin = await originOf(context, project, planned.value.evidence.get(stage));
  return ok({ ...explanation, ...(origin === undefined ? {} : { origin }) });
}

/** The run that made the recorded result; a missing or unreadable store only means that this is not known. */
async function originOf(
  context: CliContext,
  project: Project,
  recorded: StageEvidence | undefined,
): Promise<RunOrigin | undefined> {
  if (recorded === undefined || !existsSync(placeOf(project.workspace, 'store'))) return undefined;
  const store = await context.tracking(project.workspace);
  if (!store.ok) return undefined;
  const found = await store.value.findStageOrigin(recordedFingerprint(recorded));
  await store.value.close();
  return found.ok && found.value !== null ? { runName: found.value.runName, at: found.value.startedAt } : undefined;
}
