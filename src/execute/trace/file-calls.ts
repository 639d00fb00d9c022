import { createReadStream } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseCall, type Call, type CallArgument } from './strace-call.ts';
import { birthIn, LineJoiner, type Birth } from './strace-lines.ts';

/** A path that a process named: as it named it, made absolute, and where the kernel says it leads, when it was opened. */
export interface NamedPath {
  readonly path: string;
  readonly real?: string;
}

/** What a process did with files, as far as it matters for what a stage reads and makes. Calls that failed are left out. */
export type FileCall =
  /** `update`: opened so that it can be written, with what was in it. Programs do so, too, that only read. */
  | { readonly kind: 'read' | 'write' | 'update' | 'remove'; readonly file: NamedPath }
  /** The names in a folder were read. `own`: it is the folder that the process runs in. */
  | { readonly kind: 'list'; readonly file: NamedPath; readonly own: boolean }
  /** `link` leaves the old name there. */
  | { readonly kind: 'rename' | 'link'; readonly file: NamedPath; readonly to: NamedPath };

/** The system calls to ask strace for; `?` because not every processor has every one. */
export const tracedCalls = [
  ...['open', 'openat', 'openat2', 'creat', 'truncate', 'execve', 'execveat'],
  ...['rename', 'renameat', 'renameat2', 'link', 'linkat', 'symlink', 'symlinkat', 'unlink', 'unlinkat'],
  ...['chdir', 'fchdir', 'clone', 'clone3', 'fork', 'vfork'],
]
  .map((name) => `?${name}`)
  .join(',');

/** Reads a trace in the order in which things happened. `folder`: where the first process starts. */
export async function readFileCalls(file: string, folder: string, hear: (call: FileCall) => void): Promise<void> {
  const reader = new CallReader(await birthsIn(file), folder);
  for await (const { pid, text } of wholeCalls(file)) {
    const call = parseCall(pid, text);
    const said = call === undefined ? undefined : reader.understand(call);
    if (said !== undefined) hear(said);
  }
}

/** A child's first lines may stand before the line that tells whose child it is, so births are looked for first. */
async function birthsIn(file: string): Promise<ReadonlyMap<number, Birth>> {
  const births = new Map<number, Birth>();
  for await (const { pid, text } of wholeCalls(file)) {
    const found = birthIn(pid, text);
    if (found !== undefined) births.set(found.child, found.birth);
  }
  return births;
}

async function* wholeCalls(file: string): AsyncGenerator<{ pid: number; text: string }> {
  const joiner = new LineJoiner();
  for await (const line of createInterface({ input: createReadStream(file, 'latin1'), crlfDelay: Infinity })) {
    const read = joiner.read(line);
    if (read?.kind === 'call') yield read;
  }
}

/** Knows in which folder every process is, so that it can tell which file a relative path means. */
class CallReader {
  readonly #births: ReadonlyMap<number, Birth>;
  readonly #start: string;
  readonly #folders = new Map<number, { path: string }>();

  constructor(births: ReadonlyMap<number, Birth>, start: string) {
    this.#births = births;
    this.#start = start;
  }

  understand(call: Call): FileCall | undefined {
    const folder = this.#folderOf(call.pid);
    const [first, second, third, fourth] = call.args;
    const at = (base: CallArgument | undefined, name: CallArgument | undefined): NamedPath => ({
      path: this.#absolute(folder, base, name),
    });
    switch (call.name) {
      case 'open':
      case 'creat':
        return this.#opened(call, at(undefined, first), call.name === 'creat' ? 'O_TRUNC' : second?.text);
      case 'openat':
      case 'openat2':
        return this.#opened(call, at(first, second), third?.text);
      case 'truncate':
        return { kind: 'write', file: at(undefined, first) };
      case 'execve':
        return { kind: 'read', file: at(undefined, first) };
      case 'execveat':
        return { kind: 'read', file: at(first, second) };
      case 'rename':
      case 'link':
        return { kind: call.name, file: at(undefined, first), to: at(undefined, second) };
      case 'renameat':
      case 'renameat2':
        return { kind: 'rename', file: at(first, second), to: at(third, fourth) };
      case 'linkat':
        return { kind: 'link', file: at(first, second), to: at(third, fourth) };
      case 'symlink':
        return { kind: 'write', file: at(undefined, second) };
      case 'symlinkat':
        return { kind: 'write', file: at(second, third) };
      case 'unlink':
        return { kind: 'remove', file: at(undefined, first) };
      case 'unlinkat':
        return call.args.at(-1)?.text.includes('AT_REMOVEDIR') === true
          ? undefined
          : { kind: 'remove', file: at(first, second) };
      case 'chdir':
        folder.path = at(undefined, first).path;
        return undefined;
      case 'fchdir':
        folder.path = first?.opened ?? folder.path;
        return undefined;
      default:
        return undefined;
    }
  }

  #opened(call: Call, named: NamedPath, flags = ''): FileCall | undefined {
    const file = call.opened === undefined ? named : { ...named, real: call.opened };
    if (/\bO_(PATH|TMPFILE)\b/.test(flags)) return undefined;
    if (flags.includes('O_DIRECTORY')) {
      return { kind: 'list', file, own: (file.real ?? file.path) === this.#folderOf(call.pid).path };
    }
    if (/\bO_(TRUNC|EXCL)\b/.test(flags)) return { kind: 'write', file };
    return { kind: /\bO_(WRONLY|RDWR|CREAT)\b/.test(flags) ? 'update' : 'read', file };
  }

  #absolute(folder: { path: string }, base: CallArgument | undefined, name: CallArgument | undefined): string {
    // strace asks the kernel for the folder of every AT_FDCWD, which is more certain than what was made of the calls before.
    if (base?.opened !== undefined && base.text.startsWith('AT_FDCWD')) folder.path = base.opened;
    const path = name?.path ?? '';
    return isAbsolute(path) ? join(path) : join(base?.opened ?? folder.path, path);
  }

  #folderOf(pid: number): { path: string } {
    const known = this.#folders.get(pid);
    if (known !== undefined) return known;
    const birth = this.#births.get(pid);
    // A process number that is its own ancestor's was given out twice; then the kernel's word has to do.
    const above = birth === undefined || birth.parent === pid ? undefined : this.#folders.get(birth.parent);
    const folder = above === undefined ? { path: this.#start } : birth?.sharesFolder === true ? above : { ...above };
    this.#folders.set(pid, folder);
    return folder;
  }
}
