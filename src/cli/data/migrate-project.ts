import { posix } from 'node:path';
import type { Failure } from '../../core/failure.ts';
import { ok, type Result } from '../../core/result.ts';
import { migrate, type Migrated, type MigrateOptions } from '../../pipeline/migrate/migrate.ts';
import type { Project } from '../../pipeline/open-project.ts';
import { planProject } from '../../pipeline/plan-project.ts';
import type { Plan } from '../../plan/types.ts';
import type { CliContext } from '../context.ts';
import { openCalledProject } from '../open.ts';
import { versionsBeside } from '../processes/git-versions.ts';
import { changingProject } from './changing-project.ts';

/** What was taken over, and what is stale all the same; without `plan` where that could not be told. */
export interface MigratedProject extends Migrated {
  readonly dry: boolean;
  readonly plan?: Plan;
}

type Outcome = Result<MigratedProject, readonly Failure[]>;

export async function migrateProject(
  context: CliContext,
  { file, dry }: { readonly file: string | undefined; readonly dry: boolean },
): Promise<Outcome> {
  if (dry) return look(context, file);
  return changingProject<MigratedProject>(context, file, async (project, { env }): Promise<Outcome> => {
    const done = await migrate(project, optionsFor(project, dry));
    if (!done.ok) return done;
    const planned = await planProject(project, { targets: [], force: false, env, rebuildLock: false });
    return ok({ dry, ...done.value, ...(planned.ok ? { plan: planned.value.plan } : {}) });
  });
}

async function look(context: CliContext, file: string | undefined): Promise<Outcome> {
  const project = await openCalledProject(context, file);
  if (!project.ok) return project;
  try {
    const would = await migrate(project.value, optionsFor(project.value, true));
    return would.ok ? ok({ dry: true, ...would.value }) : would;
  } finally {
    project.value.close();
  }
}

function optionsFor({ config, workspace }: Project, dry: boolean): MigrateOptions {
  const locks = (config.files ?? [config.file]).map((each) => posix.join(posix.dirname(each), 'dvc.lock'));
  return { dry, oldVersions: versionsBeside(workspace.root, locks) };
}
