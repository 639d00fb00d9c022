import type { StageConfig } from '../../config/types.ts';
import type { StageName } from '../../core/brands.ts';
import type { Project } from '../../pipeline/open-project.ts';
import { readParamsFiles, settingsOf } from '../../pipeline/settings.ts';

/** All of a stage's definition and settings in one text: another text means that what it was started with counts no more. */
export type StageKeys = ReadonlyMap<StageName, string>;

/** Undefined while a params file cannot be read. */
export async function stageKeys(
  project: Project,
  stages: readonly StageConfig[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<StageKeys | undefined> {
  const files = await readParamsFiles(stages, {
    root: project.workspace.root,
    memo: project.memo,
    texts: project.texts,
  });
  if (!files.ok) return undefined;
  // Where something stands in a file does not change what it is.
  const withoutPlaces = (name: string, value: unknown): unknown => (name === 'at' ? undefined : value);
  return new Map(
    stages.map((stage) => {
      const { params, env: variables } = settingsOf(stage, files.value, env);
      return [stage.name, JSON.stringify({ stage, params, variables }, withoutPlaces)];
    }),
  );
}

/** Stages of `before` that are gone or not the same any more. */
export const changedStages = (before: StageKeys, now: StageKeys): readonly StageName[] =>
  [...before.keys()].filter((name) => before.get(name) !== now.get(name));
