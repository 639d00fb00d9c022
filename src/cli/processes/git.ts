import { failure } from '../../core/failure.ts';
import { err, ok, type Result } from '../../core/result.ts';

/** More than any text file that belongs into git; what is larger is refused instead of read. */
const mostBytes = 256 << 20;

/** How git is started everywhere: it asks nothing, waits for no lock, and speaks English. */
export const gitOptions = (folder: string) =>
  ({
    cwd: folder,
    reject: false,
    stripFinalNewline: false,
    encoding: 'buffer',
    maxBuffer: mostBytes,
    env: { GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' },
  }) as const;

/** Runs git in a folder and gives what it prints, as text. `what` completes "git could not ..." when it fails. */
export async function git(folder: string, words: readonly string[], what: string): Promise<Result<string>> {
  const printed = await gitBytes(folder, words, what);
  return printed.ok ? ok(Buffer.from(printed.value).toString('utf8')) : printed;
}

/** As `git`, for what need not be text. */
export const gitBytes = (folder: string, words: readonly string[], what: string): Promise<Result<Uint8Array>> =>
  gitFed(folder, words, { what, input: '' });

/** As `gitBytes`, with what git is to read. */
export async function gitFed(
  folder: string,
  words: readonly string[],
  { what, input }: { readonly what: string; readonly input: string },
): Promise<Result<Uint8Array>> {
  const { execa } = await import('execa');
  const ended = await execa('git', words, { ...gitOptions(folder), input });
  if (!ended.failed) return ok(ended.stdout);
  const problem = Buffer.from(ended.stderr).toString('utf8').trim().split('\n', 1).join('');
  return err(
    failure('git-failed', {
      what,
      problem: problem === '' ? (ended.shortMessage ?? 'it could not be started') : problem,
    }),
  );
}

/** Where the working tree stands; undefined outside a git repository. */
export interface GitState {
  /** Absent before the first commit. */
  readonly commit?: string;
  /** Absent on a detached head. */
  readonly branch?: string;
  /** Whether tracked files differ from the commit. */
  readonly dirty: boolean;
}

export async function gitState(folder: string): Promise<GitState | undefined> {
  const status = await git(folder, ['status', '--porcelain=v2', '--branch', '--untracked-files=no'], 'read the state');
  if (!status.ok) return undefined;
  const lines = status.value.split('\n');
  const header = (name: string): string | undefined =>
    lines.find((line) => line.startsWith(`# ${name} `))?.slice(name.length + 3);
  const commit = header('branch.oid');
  const branch = header('branch.head');
  return {
    ...(commit === undefined || commit === '(initial)' ? {} : { commit }),
    ...(branch === undefined || branch === '(detached)' ? {} : { branch }),
    dirty: lines.some((line) => line !== '' && !line.startsWith('#')),
  };
}
