import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { compare } from './compare.ts';
import { makeEdit, type Edit } from './edits.ts';
import { generateProject } from './generate.ts';
import { pipelineText, type ModelProject } from './project.ts';
import { Random } from './random.ts';
import { mlpSide, reproduce, writeProject, type DvcWorker, type Outcome, type Side } from './sides.ts';

/** Both outcomes after one edit, with all that is needed to look at it by hand. */
export interface Step {
  readonly edit: Edit;
  readonly project: ModelProject;
  readonly dvc: Outcome;
  readonly mlp: Outcome;
  /** Outcomes since the last time that all was well. */
  readonly failures: readonly { readonly dvc: Outcome; readonly mlp: Outcome }[];
  /** Edits so far, this one included. */
  readonly history: readonly Edit[];
}

/** What keeps the two outcomes from being the same; empty when they are. */
export interface Disagreement {
  readonly seed: number;
  readonly step: Step;
  readonly what: readonly string[];
}

/** What became of a case. */
export interface CaseReport {
  readonly edits: readonly Edit[];
  /** Names of the deliberate differences that were met. */
  readonly explained: readonly string[];
  readonly disagreement?: Disagreement;
}

/** A seeded project through a first run and some edits, in both tools. Ends at the first disagreement. */
export async function runCase(
  seed: number,
  at: { readonly folder: string; readonly dvc: DvcWorker; readonly edits: number },
): Promise<CaseReport> {
  const random = new Random(seed);
  const project = generateProject(random);
  const sides = await prepare(at.folder, at.dvc);
  const history: Edit[] = [];
  const failures: Step[] = [];
  const explained: string[] = [];
  let putBack: ModelProject | undefined;
  let before = structuredClone(project);
  for (let step = 0; step <= at.edits; step++) {
    const edit: Edit = step === 0 ? { name: 'nothing', on: '', files: [] } : nextEdit(project, random, putBack);
    const now = edit.name === 'put back' && putBack !== undefined ? structuredClone(putBack) : project;
    putBack = edit.name === 'edit a source' || edit.name === 'change a param' ? before : undefined;
    if (now !== project) Object.assign(project, now);
    history.push(edit);
    const done = await runBoth(sides, {
      edit,
      project: structuredClone(project),
      failures: [...failures],
      history: [...history],
    });
    const { wrong, explained: reasons, apart } = compare(done);
    explained.push(...reasons.map(({ name }) => name));
    if (done.dvc.good) failures.length = 0;
    else failures.push(done);
    if (wrong.length > 0) return { edits: history, explained, disagreement: { seed, step: done, what: wrong } };
    if (apart) break;
    before = structuredClone(project);
  }
  return { edits: history, explained };
}

/** After an edit of a source or a param, it is put back half of the time. */
function nextEdit(project: ModelProject, random: Random, putBack: ModelProject | undefined): Edit {
  if (putBack !== undefined && random.chance(0.5)) return { name: 'put back', on: '', files: [] };
  return makeEdit(project, random);
}

async function prepare(folder: string, worker: DvcWorker): Promise<{ dvc: Side; mlp: Side }> {
  const [dvc, mlp] = [join(folder, 'dvc'), join(folder, 'mlp')];
  mkdirSync(dvc, { recursive: true });
  mkdirSync(mlp, { recursive: true });
  return { dvc: await worker.side(dvc), mlp: mlpSide(mlp) };
}

async function runBoth(
  sides: { readonly dvc: Side; readonly mlp: Side },
  step: Omit<Step, 'dvc' | 'mlp'>,
): Promise<Step> {
  for (const side of [sides.dvc, sides.mlp]) writeProject(side.folder, step.project, step.edit.files);
  const [dvc, mlp] = await Promise.all([reproduce(sides.dvc), reproduce(sides.mlp)]);
  return { ...step, dvc, mlp };
}

export function describeDisagreement({ seed, step, what }: Disagreement): string {
  return [
    `seed ${seed}: ${what.join('; ')}`,
    `edits: ${step.history.map(({ name, on }) => `${name} ${on}`.trim()).join(' -> ')}`,
    `DVC ran ${step.dvc.ran.join(' ')} (${step.dvc.good ? 'good' : step.dvc.said})`,
    `mlp ran ${step.mlp.ran.join(' ')} (${step.mlp.good ? 'good' : step.mlp.said})`,
    pipelineText(step.project),
  ].join('\n');
}
