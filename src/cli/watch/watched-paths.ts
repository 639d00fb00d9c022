import type { StageConfig } from '../../config/types.ts';
import type { StageName } from '../../core/brands.ts';
import { selectTargets, type Reach } from '../../graph/select-targets.ts';
import type { Project } from '../../pipeline/open-project.ts';

/** What a pipeline reads and makes, by path relative to the workspace. */
export interface WatchedPaths {
  /** Files that are read as text: the pipeline file, those its templates read, params files. */
  readonly texts: readonly string[];
  /** Deps that no watched stage makes. */
  readonly inputs: readonly string[];
  /** Outs, and deps that hold or lie in outs: what the stages themselves write. */
  readonly made: readonly string[];
}

/** The stages that targets choose; none when a target is unknown. Frozen ones read nothing. */
export function watchedStages(
  project: Project,
  targets: readonly string[],
  reach: Reach | undefined,
): readonly StageConfig[] {
  const selection = selectTargets(project.graph, targets, reach);
  if (!selection.ok) return [];
  return project.graph.stages.filter((stage) => selection.value.stages.has(stage.name));
}

const ignoreFiles = ['.mlpignore', '.dvcignore'];

export function watchedPaths(project: Project, stages: readonly StageConfig[]): WatchedPaths {
  const chosen = new Set<StageName>(stages.map(({ name }) => name));
  const isMade = (path: string): boolean => (project.graph.makers.get(path) ?? []).some((maker) => chosen.has(maker));
  const reading = stages.filter((stage) => !stage.frozen);
  const params = reading.flatMap((stage) => stage.params.map(({ file }) => file));
  const deps = reading.flatMap((stage) => stage.deps.map(({ path }) => path));
  const { file, files = [], sources = [] } = project.config;
  const texts = new Set([file, ...files, ...sources, ...params.filter((path) => !isMade(path)), ...ignoreFiles]);
  const made = new Set([...stages.flatMap((stage) => stage.outs.map(({ path }) => path)), ...deps.filter(isMade)]);
  const inputs = new Set(deps.filter((path) => !made.has(path) && !texts.has(path)));
  return { texts: [...texts], inputs: [...inputs], made: [...made] };
}

/** Whether anything below or above a path, or it itself, is watched: the folders above must be, to see it come and go. */
export function isWatched(path: string, watched: ReadonlySet<string>, above: ReadonlySet<string>): boolean {
  if (path === '' || above.has(path) || watched.has(path)) return true;
  const parts = path.split('/');
  if (parts.some((part) => neverWatched.has(part))) return false;
  return parts.some((_, index) => watched.has(parts.slice(0, index + 1).join('/')));
}

const neverWatched = new Set(['.git', '.mlp', '.dvc']);

/** The folders that lead to the paths. */
export function foldersAbove(paths: Iterable<string>): ReadonlySet<string> {
  const found = new Set<string>();
  for (const path of paths) {
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) found.add(path.slice(0, at));
  }
  return found;
}
