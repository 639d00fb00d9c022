import { exitCode } from '../../core/exit-code.ts';
import type { CliContext } from '../context.ts';
import { complete } from './complete.ts';
import { splitLine } from './split-line.ts';

/**
 * What the scripts of `mlp completion` ask at each Tab: `mlp __complete -- WORDS` or `--line TEXT`, up to the cursor: a line for each word that may stand there, with what it is for after a tab;
 * lines that begin with a colon tell the shell what to do. For `--line` the first line out is the last word of the text.
 */
export async function answerTab(context: CliContext, [kind = '', ...rest]: readonly string[]): Promise<void> {
  const isLine = kind === '--line';
  const asked = isLine ? splitLine(rest[0] ?? '').slice(1) : rest;
  const { candidates, also, goesOn } = await complete(context, asked);
  const lines = [
    ...(isLine ? [`:word ${asked.at(-1) ?? ''}`] : []),
    ...(also === undefined ? [] : [`:${also}`]),
    ...(goesOn === true ? [':goes-on'] : []),
    ...candidates.map(({ value, about }) => (about === undefined ? value : `${value}\t${oneLine(about)}`)),
  ];
  context.out.write(lines.map((each) => `${each}\n`).join(''));
  context.finish(exitCode.done);
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').slice(0, 100);
