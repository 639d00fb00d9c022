import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { StageConfig } from '../config/types.ts';
import { isAlive, processIdentity, type ProcessIdentity } from '../core/process-identity.ts';
import { err, ok, type Result } from '../core/result.ts';
import { statOf } from '../fs/identity.ts';
import { copyTree, moveAway, moveBack } from '../fs/move.ts';
import { ownPath, removeOwn, removeTree } from '../fs/remove.ts';
import { systemProblem } from '../fs/system-problem.ts';
import { readJournal, type OutsEntry, type OutsJournal } from './outs-journal.ts';
import { signalGroup } from './process-group.ts';

/**
 * The outs of a stage while it runs. Its last good outs are moved aside first; a stage that fails, or a process that is killed,
 * gets them back.
 */
export class StageOuts {
  readonly #root: string;
  readonly #journal: OutsJournal;
  readonly #entry: OutsEntry;
  readonly #number: number;

  private constructor(root: string, journal: OutsJournal, entry: OutsEntry) {
    this.#root = root;
    this.#journal = journal;
    this.#entry = entry;
    this.#number = journal.begin(entry);
  }

  /**
   * Clears the way for the command: outs are moved to the journal's folder, their parent folders made. Of a `persist`
   * out the command finds a copy in its place, which shares no bytes with the cache.
   */
  static clear(
    stage: StageConfig,
    { root, journal }: { readonly root: string; readonly journal: OutsJournal },
  ): Result<StageOuts> {
    const present: string[] = [];
    const absent: string[] = [];
    for (const out of stage.outs) {
      const own = ownPath(root, out.path);
      if (!own.ok) return own;
      (statOf(own.value) === undefined ? absent : present).push(out.path);
    }
    const saved = present.map((path, index) => ({ path, waits: String(index) }));
    let outs: StageOuts | undefined;
    let doing: { what: string; path: string } = { what: 'clear the outs of', path: stage.name };
    try {
      outs = new StageOuts(root, journal, { saved, absent });
      for (const { path, waits } of saved) moveAway(join(root, path), join(journal.folderOf(outs.#number), waits));
      for (const { path } of stage.outs) {
        doing = { what: 'make the folder of', path };
        mkdirSync(dirname(join(root, path)), { recursive: true });
      }
      outs.#copyPersisting(stage);
      return ok(outs);
    } catch (error) {
      outs?.putBack();
      return err(systemProblem(error, doing));
    }
  }

  /** Removes what a failed attempt wrote, before another one, which begins as the first did. */
  clearAgain(stage: StageConfig): Result<void> {
    for (const out of stage.outs) {
      const removed = removeOwn(this.#root, out.path);
      if (!removed.ok) return removed;
    }
    try {
      this.#copyPersisting(stage);
      return ok(undefined);
    } catch (error) {
      return err(systemProblem(error, { what: 'copy the persisting outs of', path: stage.name }));
    }
  }

  /** What a command adds to stands in its place; as a copy, because the command may fail half-way. Shares blocks where it can. */
  #copyPersisting(stage: StageConfig): void {
    const persisting = new Set(stage.outs.filter((out) => out.persist).map((out) => out.path));
    for (const { path, waits } of this.#entry.saved) {
      if (!persisting.has(path)) continue;
      copyTree(join(this.#journal.folderOf(this.#number), waits), join(this.#root, path));
    }
  }

  /** The new outs are good: lets the old ones go. */
  keepNew(): void {
    this.#journal.end(this.#number);
  }

  /** The stage failed: removes what it wrote and puts the last good outs back. Where that fails, they wait for the next mlp. */
  putBack(): Result<void> {
    try {
      undo(this.#root, this.#journal.folderOf(this.#number), this.#entry);
      this.#journal.end(this.#number);
      return ok(undefined);
    } catch (error) {
      return err(
        systemProblem(error, { what: 'put back', path: this.#entry.saved.map(({ path }) => path).join(', ') }),
      );
    }
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
  const names = readdirSync(temporary, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  let stages = 0;
  for (const { name } of names) {
    const { entries, groups } = readJournal(join(temporary, name));
    for (const group of groups) endLeftBehind(group);
    for (const { entry, folder } of entries) undo(root, folder, entry);
    stages += entries.length;
  }
  removeTree(temporary);
  return stages;
}

/** Only where the process is certain to be the one that was noted: on another host its number means nothing. */
function endLeftBehind(group: ProcessIdentity): void {
  if (group.startedAt === null || group.host !== processIdentity().host) return;
  if (!isAlive(group)) return;
  signalGroup(group.pid, 'SIGKILL');
}

function undo(root: string, folder: string, { saved, absent }: OutsEntry): void {
  for (const path of absent) {
    const own = ownPath(root, path);
    if (own.ok && statOf(own.value) !== undefined) removeTree(own.value);
  }
  for (const { path, waits: name } of saved) {
    const waits = join(folder, name);
    // Not there: the move had not come to it, so what stands in the workspace is the good one.
    if (statOf(waits) === undefined) continue;
    const own = ownPath(root, path);
    if (own.ok) moveBack(waits, own.value);
  }
}
