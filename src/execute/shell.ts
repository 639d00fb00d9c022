import { basename } from 'node:path';

/** Shells that a user may have, with the flags that keep their profile files out of a stage. */
const knownShells: Readonly<Record<string, readonly string[]>> = {
  sh: [],
  dash: [],
  bash: ['--noprofile', '--norc'],
  zsh: ['--no-rcs'],
  ksh: [],
};

/** The words that run `cmd`: by the user's shell where it is a known one, else by /bin/sh; never with profile files. */
export function shellWords(cmd: string, env: Readonly<Record<string, string | undefined>>): string[] {
  const shell = env['SHELL'] ?? '';
  const flags = knownShells[basename(shell)];
  return flags === undefined ? ['/bin/sh', '-c', cmd] : [shell, ...flags, '-c', cmd];
}

/** What a shell takes for the name of a variable that may be set; bash refuses some. Others reach the command by `env`. */
const settable = /^(?!(?:PPID|UID|EUID|BASHOPTS|SHELLOPTS|BASH_VERSINFO)$)[A-Za-z_][A-Za-z0-9_]*$/;

interface ScriptRequest {
  readonly cmd: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: string;
  /** Gives the words that start these words under something that watches them. */
  readonly wrap?: (words: readonly string[]) => readonly string[];
}

interface ShellState {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * The command as a subshell of a /bin/sh that is in `state`: another folder and environment, and output added to the log. All words are
 * quoted, so the line means the same whatever they hold.
 */
export function commandScript(
  { cmd, cwd, env, log, wrap = (words) => words }: ScriptRequest,
  state: ShellState,
): string {
  const changed = Object.entries(env).filter(([name, value]) => value !== undefined && state.env[name] !== value);
  const gone = Object.keys(state.env).filter((name) => settable.test(name) && env[name] === undefined);
  const exported = changed
    .filter(([name]) => settable.test(name))
    .map(([name, value]) => `${name}=${quote(value ?? '')}`);
  const other = changed
    .filter(([name]) => !settable.test(name))
    .map(([name, value]) => quote(`${name}=${value ?? ''}`));
  const words = wrap(shellWords(cmd, env)).map(quote);
  const steps = [
    ...(cwd === state.cwd ? [] : [`cd ${quote(cwd)}`]),
    ...(gone.length === 0 ? [] : [`unset ${gone.join(' ')}`]),
    ...(exported.length === 0 ? [] : [`export ${exported.join(' ')}`]),
    ['exec', ...(other.length === 0 ? [] : ['env', ...other]), ...words].join(' '),
  ];
  return `(${steps.join(' && ')}) >>${quote(log)} 2>&1`;
}

/** Bytes of the longest word that the command is started with. */
export const longestWord = ({ cmd, env }: Pick<ScriptRequest, 'cmd' | 'env'>): number =>
  Math.max(Buffer.byteLength(cmd), ...Object.values(env).map((value) => Buffer.byteLength(value ?? '')));

const quote = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;

/** Processor seconds (user and system, the shell's children) from what `times` printed; null when it printed nothing usable. */
export function parseTimes(text: string): number | null {
  const children = text.trim().split('\n')[1];
  if (children === undefined) return null;
  const parts = [...children.matchAll(/(\d+)m([\d.,]+)s/g)];
  if (parts.length !== 2) return null;
  return parts.reduce(
    (sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number((seconds ?? '').replace(',', '.')),
    0,
  );
}
