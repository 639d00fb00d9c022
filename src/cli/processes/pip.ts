import type { Options } from 'execa';

/** How pip may be called, in the order tried. */
const callers: readonly (readonly [string, ...string[]])[] = [['pip3'], ['pip'], ['python3', '-m', 'pip']];

/** What became of a call of pip. */
export type PipOutcome = 'done' | 'no pip' | { readonly problem: string };

/** Runs pip, with whatever its user configured for it. */
export async function pip(
  words: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<PipOutcome> {
  const { execa } = await import('execa');
  const options = { env, extendEnv: false, reject: false, stdin: 'ignore' } as const satisfies Options;
  for (const [program, ...first] of callers) {
    const version = await execa(program, [...first, '--version'], options);
    if (version.failed) continue;
    const ended = await execa(program, [...first, ...words], options);
    if (!ended.failed) return 'done';
    return { problem: problemIn(ended.stderr) ?? ended.shortMessage ?? 'pip failed' };
  }
  return 'no pip';
}

/** The last error that pip prints, and why it could not connect: it then says no more than that it found nothing. */
function problemIn(stderr: string): string | undefined {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  const told = lines.findLast((line) => line.startsWith('ERROR')) ?? lines.at(-1);
  const broken = lines.map((line) => /connection broken by '\w+\((.*)\)'/.exec(line)?.[1]).find((why) => why);
  if (told === undefined || broken === undefined) return told;
  return `${told} (${broken.replace(/^['"]?<.*?>: /, '').replace(/['"]$/, '')})`;
}
