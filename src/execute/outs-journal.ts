import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmdirSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { processIdentity, type ProcessIdentity } from '../core/process-identity.ts';
import { removeTree } from '../fs/remove.ts';

/** What is written down before a stage's outs are touched, so that they can be put back after any kind of end. */
export interface OutsEntry {
  /** The out's path in the workspace, and the name in the entry's folder under which its last good content waits. */
  readonly saved: readonly { readonly path: string; readonly waits: string }[];
  /** Outs that were not there before: what stands at them after a bad end is half done. */
  readonly absent: readonly string[];
}

/** One line of the file. */
type Line =
  | ({ readonly begin: number } & OutsEntry)
  | { readonly end: number }
  /** A process group in which commands of stages are about to run. */
  | { readonly group: ProcessIdentity };

const fileName = 'journal';

/**
 * The journal of one process over the outs of all stages that it runs: a file to which a line is added before something is moved and
 * another when it is settled. Adding a line is one write, where a file for each stage costs a dozen changes of folders.
 */
export class OutsJournal {
  readonly #temporary: string;
  #folder: string | undefined;
  #file: number | undefined;
  #entries = 0;
  readonly #open = new Set<number>();
  readonly #groups = new Set<number>();

  /** `temporary`: where outs wait; absolute, in the workspace's file system. The folder is made with the first entry. */
  constructor(temporary: string) {
    this.#temporary = temporary;
  }

  /** Writes an entry down; its number. Throws the system's error, and then nothing may be moved. */
  begin(entry: OutsEntry): number {
    const number = this.#entries++;
    this.#add({ begin: number, ...entry });
    this.#open.add(number);
    if (entry.saved.length > 0) mkdirSync(this.folderOf(number), { recursive: true });
    return number;
  }

  /** Where the outs of an entry wait. */
  folderOf(entry: number): string {
    return folderOf(this.#folder ?? this.#temporary, entry);
  }

  /** The entry's outs are settled: nothing is put back any more, and what waited goes. */
  end(entry: number): void {
    // The line comes first: a process killed between the two must not remove new outs because old ones are gone.
    this.#add({ end: entry });
    this.#open.delete(entry);
    removeTree(this.folderOf(entry));
  }

  /** Notes a process group, so that one that outlives a killed mlp can be found. */
  noteGroup(group: number): void {
    if (this.#groups.has(group)) return;
    this.#add({ group: processIdentity(group) });
    this.#groups.add(group);
  }

  /** Takes the journal away, unless outs still wait to be put back by the next mlp. */
  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
    if (this.#folder === undefined || this.#open.size > 0) return;
    removeTree(this.#folder);
    this.#folder = undefined;
    removeIfEmpty(this.#temporary);
  }

  #add(line: Line): void {
    // A line of its own even after one that a full disk cut off.
    const bytes = Buffer.from(`\n${JSON.stringify(line)}\n`);
    const file = this.#openFile();
    for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done);
  }

  #openFile(): number {
    if (this.#folder === undefined) {
      mkdirSync(this.#temporary, { recursive: true });
      this.#folder = mkdtempSync(join(this.#temporary, `${process.pid.toString(36)}-`));
    }
    this.#file ??= openSync(join(this.#folder, fileName), 'a');
    return this.#file;
  }
}

const folderOf = (journal: string, entry: number): string => join(journal, String(entry));

/** Its being there says that a run was interrupted, so it goes with the last journal in it. */
function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

/** What a journal in a folder says that is left to be done. */
export interface Unsettled {
  readonly entries: readonly { readonly entry: OutsEntry; readonly folder: string }[];
  readonly groups: readonly ProcessIdentity[];
}

/** Reads the journal of a process that was killed. A line that is not whole was never acted upon. */
export function readJournal(folder: string): Unsettled {
  const file = join(folder, fileName);
  const open = new Map<number, OutsEntry>();
  const groups: ProcessIdentity[] = [];
  for (const text of existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []) {
    const line = parseLine(text);
    if (line === undefined) continue;
    if ('begin' in line) open.set(line.begin, line);
    else if ('end' in line) open.delete(line.end);
    else groups.push(line.group);
  }
  const entries = [...open].map(([number, entry]) => ({ entry, folder: folderOf(folder, number) }));
  return { entries, groups };
}

function parseLine(text: string): Line | undefined {
  try {
    return text === '' ? undefined : (JSON.parse(text) as Line);
  } catch {
    return undefined;
  }
}
