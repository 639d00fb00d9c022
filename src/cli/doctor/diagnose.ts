import type { EventSink } from '../../core/events.ts';
import { failureMessage, type Failure } from '../../core/failure.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { placeOf, type Workspace } from '../../core/workspace.ts';
import { lockHolder, lockWorkspace } from '../../execute/workspace-lock.ts';
import { ensureStateFolder } from '../../fs/state-folder.ts';
import { systemProblem } from '../../fs/system-problem.ts';
import { cachedObjects, damagedObjects, objectFindings } from './check-cache.ts';
import { checkDatabases } from './check-databases.ts';
import { checkFileSystem } from './check-file-system.ts';
import { checkLeftovers } from './check-leftovers.ts';
import { checkMachine } from './check-machine.ts';
import { checkProject } from './check-project.ts';
import { checkResults } from './check-run-cache.ts';
import { findingOf, type Finding, type Site } from './finding.ts';

/** A finding, and what was done about it. */
export interface Examined extends Finding {
  readonly mended?: string;
}

export interface Diagnosis {
  readonly findings: readonly Examined[];
  readonly seconds: number;
}

/** Whether nothing is left to mend. */
export const isHealthy = ({ findings }: Diagnosis): boolean =>
  findings.every(({ verdict, mended }) => verdict !== 'problem' || mended !== undefined);

export interface DiagnoseOptions {
  readonly cwd: string;
  /** A failure where there is no project: then the machine alone is looked at. */
  readonly workspace: Result<Workspace>;
  readonly quick: boolean;
  readonly fix: boolean;
  readonly emit: EventSink;
}

/** Looks at everything that mlp stands on. Changes nothing, and needs no lock, unless it is asked to mend what can be mended safely. */
export async function diagnose(options: DiagnoseOptions): Promise<Result<Diagnosis>> {
  const startedAt = performance.now();
  const machine = await checkMachine(options.cwd);
  const sqliteLoads = machine.every(({ subject, verdict }) => subject !== 'sqlite' || verdict === 'ok');
  const { workspace } = options;
  const findings = workspace.ok
    ? await checkWorkspace({ ...options, workspace: workspace.value }, sqliteLoads)
    : [withoutProject(workspace.error)];
  const all = [...machine, ...findings];
  const examined = options.fix && workspace.ok ? mendAll(workspace.value, all) : ok(all);
  return examined.ok ? ok({ findings: examined.value, seconds: (performance.now() - startedAt) / 1000 }) : examined;
}

/** Outside a project there is nothing ill; a pipeline file that -f names and that is not there is. */
function withoutProject(problem: Failure): Finding {
  const verdict = problem.reason === 'no-workspace' ? 'note' : 'problem';
  return { ...findingOf('project', 'pipeline', problem), verdict };
}

type CheckOptions = Pick<Site, 'workspace' | 'quick' | 'emit'>;

async function checkWorkspace(options: CheckOptions, sqliteLoads: boolean): Promise<Finding[]> {
  const site: Site = {
    ...options,
    holder: sqliteLoads ? lockHolder(placeOf(options.workspace, 'processLock')) : undefined,
  };
  const checks: readonly (readonly [Finding['area'], () => Finding[] | Promise<Finding[]>])[] = [
    ['file system', () => checkFileSystem(site)],
    ['project', () => checkProject(site)],
    ['project', () => checkLeftovers(site)],
    [
      'cache',
      async () => {
        const objects = cachedObjects(site);
        const damaged = new Set(await damagedObjects(site, objects));
        const sound = objects.filter((object) => !damaged.has(object));
        return [...objectFindings(site, objects, [...damaged]), ...(await checkResults(site, sound))];
      },
    ],
    ['records', () => (sqliteLoads ? checkDatabases(site) : [])],
  ];
  const findings: Finding[] = [];
  for (const [area, check] of checks) findings.push(...(await orRefusal(area, check)));
  return findings;
}

/** What the system refuses to one check is a finding too, and the next one goes on. */
async function orRefusal(area: Finding['area'], check: () => Finding[] | Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await check();
  } catch (error) {
    const path = (error as NodeJS.ErrnoException).path ?? area;
    return [findingOf(area, area, systemProblem(error, { what: 'look at', path }))];
  }
}

function mendAll(workspace: Workspace, findings: readonly Finding[]): Result<Examined[]> {
  if (!findings.some(({ mend }) => mend !== undefined)) return ok([...findings]);
  try {
    ensureStateFolder(workspace.root);
  } catch (error) {
    return err(systemProblem(error, { what: 'make', path: '.mlp' }));
  }
  const lock = lockWorkspace(placeOf(workspace, 'processLock'), 'mlp doctor --fix');
  if (!lock.ok) return lock;
  try {
    return ok(findings.map(mendOne));
  } finally {
    lock.value.release();
  }
}

function mendOne(finding: Finding): Examined {
  if (finding.mend === undefined) return finding;
  const done = attempt(finding.mend, finding.subject);
  if (done.ok) return { ...finding, mended: done.value };
  return { ...finding, verdict: 'problem', text: `${finding.text}; ${failureMessage(done.error)}` };
}

function attempt(mend: () => Result<string>, subject: string): Result<string> {
  try {
    return mend();
  } catch (error) {
    return err(systemProblem(error, { what: 'mend', path: subject }));
  }
}
