import { statSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import type { StageConfig } from '../../config/types.ts';
import type { TraceFindings, UndeclaredUse } from '../../core/trace.ts';
import { declaringLine } from './declaring-line.ts';
import { summariseFolders, type Summarised } from './summarise-folders.ts';
import type { TraceScene } from './scene.ts';
import { sourceOfCompiled } from './unremarkable.ts';
import { isBelow, type FileUse, type FolderUse, type UsedFiles } from './used-files.ts';

/** Times of files come from a coarser clock than ours. */
const clockSlackMs = 20;

/** Compares what a stage used with what it declares. `startedAt`: when its commands began, in milliseconds since 1970. */
export function judgeUses(used: UsedFiles, stage: StageConfig, scene: TraceScene, startedAt: number): TraceFindings {
  const uses = settled(used, scene.root, startedAt);
  const declared = new Declared(stage);
  const remarkable = uses.filter(({ path }) => !scene.unremarkable.has(path));
  const inputs = remarkable.filter((use) => use.first === 'read' && !use.written && use.read);
  const reads = inputs.filter((use) => !use.removed && !declared.asInput(use)).map(({ path }) => path);
  const lists = listedFolders(used.folders, uses, scene)
    .filter((folder) => !declared.asInput(folder) && !declared.holdsOut(folder.path))
    .map(({ path }) => path);
  const writes = remarkable.filter((use) => use.written && !declared.asOut(use)).map(({ path }) => path);
  const removed = remarkable.filter((use) => use.first === 'read' && use.removed && !declared.asOut(use));
  const outs = [...scene.makers.keys()];
  const madeElsewhere = partsOfOuts([...reads, ...lists], scene.makers);
  const isPart = (path: string): boolean => madeElsewhere.some((out) => covered({ path }, [out.path]));
  const others = (paths: readonly string[]): string[] => paths.filter((path) => !isPart(path));
  const inputsOfOwn = summariseFolders(others(reads), { closed: outs, folders: others(lists) });
  const undeclared = [
    ...[...madeElsewhere, ...inputsOfOwn].map((use) => ({ ...use, how: 'read' as const })),
    ...summariseFolders(writes, { closed: [...outs, ...stage.deps.map(({ path }) => path)], folders: [] }).map(
      (use) => ({
        ...use,
        how: 'written' as const,
      }),
    ),
    ...removed.map(({ path }) => ({ path, how: 'removed' as const })),
  ].map((use): UndeclaredUse => ({ ...use, ...declaringLine(use, stage, scene) }));
  undeclared.sort((a, b) => rank(a) - rank(b) || (a.path < b.path ? -1 : 1));
  return { undeclared, unread: unreadDeps(stage, uses, used.folders) };
}

const fields = ['deps', 'params', 'outs'];
const rank = ({ field }: UndeclaredUse): number => (field === undefined ? fields.length : fields.indexOf(field));

/** Outs of other stages, whole, in place of the paths in them. */
function partsOfOuts(paths: readonly string[], makers: TraceScene['makers']): readonly Summarised[] {
  return [...makers.keys()].sort().flatMap((out) => {
    const inside = paths.filter((path) => isBelow(path, out));
    if (inside.length > 0) return [{ path: out, files: inside.length }];
    return paths.includes(out) ? [{ path: out }] : [];
  });
}

/** The uses as they really were: what was opened for writing and not written was read; a compiled module stands for its source. */
function settled(used: UsedFiles, root: string, startedAt: number): FileUse[] {
  const found = [...used.files.values()].flatMap((use): FileUse[] => {
    const now = statOrNothing(join(root, use.path));
    if (now === undefined) return [{ ...use, written: false, removed: true }];
    // Opening a folder like a file is how some programs list it, or make sure that it is on the disk.
    if (now.isDirectory()) return use.written === true ? [{ ...use }] : [];
    const touched = use.written === true || (use.written === 'perhaps' && now.mtimeMs > startedAt - clockSlackMs);
    if (use.written === 'perhaps' && !touched) return [{ ...use, first: 'read', read: true, written: false }];
    return [{ ...use, written: touched, removed: false }];
  });
  const sources = found.flatMap((use): FileUse[] => {
    const source = use.first === 'read' ? sourceOfCompiled(use.path) : undefined;
    const isNew = source !== undefined && !used.files.has(source);
    if (!isNew || statOrNothing(join(root, source)) === undefined) return [];
    return [{ path: source, first: 'read', read: true, written: false, removed: false }];
  });
  return [...found, ...sources].sort((a, b) => (a.path < b.path ? -1 : 1));
}

function statOrNothing(path: string): Stats | undefined {
  return statSync(path, { throwIfNoEntry: false });
}

const modules = /\.(?:py|rb|pl|jl|lua)$/;

/**
 * Folders whose names matter: not the one that a process runs in, nor one from which an interpreter took a module. Python lists those
 * whenever it imports anything.
 */
function listedFolders(
  folders: ReadonlyMap<string, FolderUse>,
  uses: readonly FileUse[],
  scene: TraceScene,
): readonly FolderUse[] {
  const withModules = new Set(uses.filter(({ path }) => modules.test(path)).map(({ path }) => folderOf(path)));
  const made = new Set(uses.filter(({ first }) => first === 'made').map(({ path }) => folderOf(path)));
  return [...folders.values()].filter(
    ({ path, own }) =>
      !own && path !== '.' && !withModules.has(path) && !made.has(path) && !scene.unremarkable.has(path),
  );
}

const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

/** What a stage says that it reads and makes. */
class Declared {
  readonly #inputs: readonly string[];
  readonly #outs: readonly string[];

  constructor(stage: StageConfig) {
    this.#outs = stage.outs.map(({ path }) => path);
    const params = stage.params.map(({ file }) => file);
    this.#inputs = [...stage.deps.map(({ path }) => path), ...params, ...this.#outs];
  }

  /** A path counts by its own name and by the one that it leads to. */
  asInput(use: { readonly path: string; readonly real?: string }): boolean {
    return covered(use, this.#inputs);
  }

  asOut(use: { readonly path: string; readonly real?: string }): boolean {
    return covered(use, this.#outs);
  }

  holdsOut(folder: string): boolean {
    return this.#outs.some((out) => isBelow(out, folder));
  }
}

function covered({ path, real }: { path: string; real?: string }, declared: readonly string[]): boolean {
  return declared.some((each) =>
    [path, real].some((name) => name !== undefined && (name === each || isBelow(name, each) || each === '.')),
  );
}

function unreadDeps(
  stage: StageConfig,
  uses: readonly FileUse[],
  folders: ReadonlyMap<string, FolderUse>,
): readonly string[] {
  const names = [...uses.filter(({ read, written }) => read || written), ...folders.values()].flatMap(
    ({ path, real }) => (real === undefined ? [path] : [path, real]),
  );
  return stage.deps
    .map(({ path }) => path)
    .filter(
      (dep) => !dep.startsWith('../') && !names.some((name) => name === dep || isBelow(name, dep) || dep === '.'),
    );
}
