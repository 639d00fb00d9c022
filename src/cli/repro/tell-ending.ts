import type { CliContext } from '../context.ts';

/** Says that an interrupt has been heard: between the lines of a live view, which would draw over anything else, or on its own. */
export function tellEnding(
  signal: string,
  { out, log }: Pick<CliContext, 'out' | 'log'>,
  warn: (text: string) => void,
): void {
  const text = `${signal}: ending the running stages; once more kills them`;
  if (out.terminal === undefined) log.write(`\n${text}\n`);
  else warn(text);
}
