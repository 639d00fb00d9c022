import { failure } from '../../core/failure.ts';
import { err, ok, type Result } from '../../core/result.ts';

/** More than any text file that belongs into git; what is larger is refused instead of read. */
const mostBytes = 256 << 20;

/** Runs git in a folder and gives what it prints. `what` completes "git could not ..." when it fails. */
export async function git(folder: string, words: readonly string[], what: string): Promise<Result<string>> {
  const { execa } = await import('execa');
  const ended = await execa('git', words, {
    cwd: folder,
    reject: false,
    stdin: 'ignore',
    stripFinalNewline: false,
    maxBuffer: mostBytes,
    env: { GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' },
  });
  if (!ended.failed) return ok(ended.stdout);
  const problem = ended.stderr.trim().split('\n', 1).join('');
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
