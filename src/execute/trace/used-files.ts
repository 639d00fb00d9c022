import { relative, sep } from 'node:path';
import type { FileCall, NamedPath } from './file-calls.ts';

/** How a stage used one file of the workspace. Paths are relative to it, with `/`. */
export interface FileUse {
  readonly path: string;
  /** Where the path leads through symbolic links, when that is known and in the workspace. */
  real?: string;
  /** What came first: a file that the stage made itself is no input when it reads it afterwards. */
  readonly first: 'read' | 'made';
  read: boolean;
  /** True, false, or open until the file's date has been looked at. */
  written: boolean | 'perhaps';
  removed: boolean;
}

export interface FolderUse {
  readonly path: string;
  readonly real?: string;
  /** Listed by a process that runs in it. */
  readonly own: boolean;
}

/** Collects what a stage does with the files of one workspace, call by call. */
export class UsedFiles {
  readonly files = new Map<string, FileUse>();
  readonly folders = new Map<string, FolderUse>();
  readonly #roots: readonly string[];

  /** `roots`: the absolute paths by which the workspace may be called; the first is its real one. */
  constructor(roots: readonly string[]) {
    this.#roots = [...new Set(roots)];
  }

  hear(call: FileCall): void {
    const from = this.#place(call.file);
    if (call.kind === 'rename' || call.kind === 'link') {
      const to = this.#place(call.to);
      if (call.kind === 'link') this.#link(from, to);
      else this.#move(from, to);
      return;
    }
    if (from === undefined) return;
    if (call.kind === 'list') {
      const known = this.folders.get(from.path);
      this.folders.set(from.path, { ...from, own: call.own && known?.own !== false });
    } else if (call.kind === 'remove') this.#remove(from);
    else if (call.kind === 'read') this.#use(from, 'read').read = true;
    else {
      const use = this.#use(from, 'made');
      if (call.kind === 'write') use.written = true;
      else if (use.written === false) use.written = 'perhaps';
      use.removed = false;
    }
  }

  #use(place: Place, first: FileUse['first']): FileUse {
    const known = this.files.get(place.path);
    if (known !== undefined) {
      if (place.real !== undefined) known.real ??= place.real;
      return known;
    }
    const use: FileUse = { ...place, first, read: false, written: false, removed: false };
    this.files.set(place.path, use);
    return use;
  }

  #remove(place: Place): void {
    const use = this.#use(place, 'read');
    use.removed = true;
    use.written = false;
  }

  #link(from: Place | undefined, to: Place | undefined): void {
    if (from !== undefined) this.#use(from, 'read').read = true;
    if (to !== undefined) this.#make(to);
  }

  #make(place: Place): void {
    const use = this.#use(place, 'made');
    use.written = true;
    use.removed = false;
  }

  /** A folder takes along what the stage made in it. */
  #move(from: Place | undefined, to: Place | undefined): void {
    const inside = from === undefined ? [] : [...this.files.values()].filter((use) => isBelow(use.path, from.path));
    if (from !== undefined && inside.length === 0) {
      const use = this.#use(from, 'read');
      // Its content goes on under another name; what was there before is an input all the same.
      use.read ||= use.first === 'read';
      use.removed = true;
      use.written = false;
    }
    for (const use of inside) {
      if (use.written !== false && to !== undefined && from !== undefined) {
        this.#make({ path: to.path + use.path.slice(from.path.length) });
      }
      use.removed = true;
      use.written = false;
    }
    if (to !== undefined && inside.length === 0) this.#make(to);
  }

  /** Undefined outside of the workspace. Of a path inside that leads out through a link, the file is not the workspace's. */
  #place({ path, real }: NamedPath): Place | undefined {
    const named = this.#inside(path);
    const actual = real === undefined ? undefined : this.#inside(real);
    if (real !== undefined && actual === undefined) return undefined;
    const shown = named ?? actual;
    if (shown === undefined) return undefined;
    return actual === undefined || actual === shown ? { path: shown } : { path: shown, real: actual };
  }

  #inside(path: string): string | undefined {
    const root = this.#roots.find((each) => path === each || path.startsWith(each + sep));
    return root === undefined ? undefined : relative(root, path).split(sep).join('/') || '.';
  }
}

interface Place {
  readonly path: string;
  readonly real?: string;
}

/** Whether a path lies below a folder. */
export const isBelow = (path: string, folder: string): boolean => path.startsWith(`${folder}/`);
