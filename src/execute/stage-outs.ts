import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { StageConfig } from '../config/types.ts';
import { isAlive, processIdentity, type ProcessIdentity } from '../core/process-identity.ts';
import { err, ok, type Result } from '../core/result.ts';
import { temporaryBeside, writeFileAtomic } from '../fs/atomic-write.ts';
import { statOf } from '../fs/identity.ts';
import { ownPath, removeOwn } from '../fs/remove.ts';
import { systemProblem } from '../fs/system-problem.ts';
import { signalGroup } from './process-group.ts';

/** What is written down before a stage's outs are touched, so that they can be put back after any kind of end. */
interface Journal {
  /** The out's path in the workspace, and the name in the journal's folder under which its last good content waits. */
  readonly saved: readonly { readonly path: string; readonly waits: string }[];
  /** Outs that were not there before: what stands at them after a bad end is half done. */
  readonly absent: readonly string[];
  /** The process group of the stage's command, once it runs. */
  readonly group?: ProcessIdentity;
}

const journalName = 'journal.json';

/**
 * The outs of a stage while it runs. Its last good outs are moved aside first; a stage that fails, or a process that is killed,
 * gets them back.
 */
export class StageOuts {
  readonly #root: string;
  readonly #folder: string;
  #journal: Journal;

  private constructor(root: string, folder: string, journal: Journal) {
    this.#root = root;
    this.#folder = folder;
    this.#journal = journal;
  }

  /**
   * Clears the way for the command: outs are moved to a folder below `temporary` (absolute), their parent folders made. A `persist` out
   * stays where it is, made independent of the cache.
   */
  static clear(stage: StageConfig, options: { readonly root: string; readonly temporary: string }): Result<StageOuts> {
    const folder = join(options.temporary, `${process.pid.toString(36)}-${encodeURIComponent(stage.name)}`);
    const present: string[] = [];
    const absent: string[] = [];
    for (const out of stage.outs) {
      const own = ownPath(options.root, out.path);
      if (!own.ok) return own;
      if (!out.persist) (statOf(own.value) === undefined ? absent : present).push(out.path);
    }
    const saved = present.map((path, index) => ({ path, waits: String(index) }));
    const outs = new StageOuts(options.root, folder, { saved, absent });
    try {
      outs.#writeJournal();
      for (const { path, waits } of saved) renameSync(join(options.root, path), join(folder, waits));
      for (const out of stage.outs) {
        mkdirSync(dirname(join(options.root, out.path)), { recursive: true });
        if (out.persist) ownCopy(join(options.root, out.path));
      }
      return ok(outs);
    } catch (error) {
      outs.putBack();
      return err(systemProblem(error, { what: 'clear the outs of', path: stage.name }));
    }
  }

  /** Notes the command's process group, so that one that outlives a killed mlp can be found. */
  noteGroup(group: number): void {
    this.#journal = { ...this.#journal, group: processIdentity(group) };
    this.#writeJournal();
  }

  /** Removes what a failed attempt wrote, before another one. */
  clearAgain(stage: StageConfig): Result<void> {
    for (const out of stage.outs) {
      const removed = out.persist ? ok(undefined) : removeOwn(this.#root, out.path);
      if (!removed.ok) return removed;
    }
    return ok(undefined);
  }

  /** The new outs are good: lets the old ones go. */
  keepNew(): void {
    removeWithParent(this.#folder);
  }

  /** The stage failed: removes what it wrote and puts the last good outs back. Where that fails, they wait for the next mlp. */
  putBack(): Result<void> {
    try {
      undo(this.#root, this.#folder, this.#journal);
      return ok(undefined);
    } catch (error) {
      return err(
        systemProblem(error, { what: 'put back', path: this.#journal.saved.map(({ path }) => path).join(', ') }),
      );
    }
  }

  #writeJournal(): void {
    mkdirSync(this.#folder, { recursive: true });
    writeFileAtomic(join(this.#folder, journalName), JSON.stringify(this.#journal), { durable: false });
  }
}

/**
 * Ends what a killed mlp left behind: its stages' processes, and outs that wait to be put back. Only for the holder of the workspace
 * lock. Returns the number of stages that were put right.
 */
export function recoverStageOuts(root: string, temporary: string): Result<number> {
  try {
    return ok(recover(root, temporary));
  } catch (error) {
    return err(systemProblem(error, { what: 'put back', path: 'the outs of a run that was killed' }));
  }
}

function recover(root: string, temporary: string): number {
  if (!existsSync(temporary)) return 0;
  const folders = readdirSync(temporary, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  for (const { name } of folders) {
    const folder = join(temporary, name);
    const journal = readJournal(join(folder, journalName));
    endLeftBehind(journal?.group);
    if (journal !== undefined) undo(root, folder, journal);
  }
  rmSync(temporary, { recursive: true, force: true });
  return folders.length;
}

/** Only where the process is certain to be the one that was noted: on another host its number means nothing. */
function endLeftBehind(group: ProcessIdentity | undefined): void {
  if (group === undefined || group.startedAt === null || group.host !== processIdentity().host) return;
  if (!isAlive(group)) return;
  signalGroup(group.pid, 'SIGKILL');
}

function undo(root: string, folder: string, journal: Journal): void {
  for (const path of journal.absent) {
    const own = ownPath(root, path);
    if (own.ok && statOf(own.value) !== undefined) rmSync(own.value, { recursive: true, force: true });
  }
  for (const { path, waits: name } of journal.saved) {
    const waits = join(folder, name);
    // Not there: the move had not come to it, so what stands in the workspace is the good one.
    if (statOf(waits) === undefined) continue;
    const own = ownPath(root, path);
    if (!own.ok) continue;
    rmSync(own.value, { recursive: true, force: true });
    mkdirSync(dirname(own.value), { recursive: true });
    renameSync(waits, own.value);
  }
  removeWithParent(folder);
}

/** The parent goes with the last of its folders: its being there says that a run was interrupted. */
function removeWithParent(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  try {
    rmdirSync(dirname(folder));
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

/** Undefined when the process was killed before the journal was whole: then nothing was moved yet. */
function readJournal(file: string): Journal | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Journal;
  } catch {
    return undefined;
  }
}

/** Turns a file (or the files of a folder) that may share its bytes with the cache into files of their own. */
function ownCopy(path: string): void {
  const stats = statOf(path);
  if (stats === undefined) return;
  if (stats.isDirectory()) {
    for (const name of readdirSync(path)) ownCopy(join(path, name));
  } else if (stats.isFile() && statSync(path).nlink > 1) {
    const copy = temporaryBeside(path);
    copyFileSync(path, copy);
    renameSync(copy, path);
  }
}
