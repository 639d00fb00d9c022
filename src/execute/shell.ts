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

/**
 * A script for /bin/sh that waits for a line, runs its arguments as a command and then writes the processor time of all that ran to
 * descriptor 3. The command itself does not get that descriptor, so a process it leaves behind cannot hold it open. Without the line
 * (mlp ended before it gave it) nothing runs.
 */
export const timedScript = 'read -r go || exit 125; "$@" </dev/null 3>&-; status=$?; times >&3; exit $status';

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
