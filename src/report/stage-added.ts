import type { AddedStage } from '../cli/stages/add-stage.ts';
import type { Style } from './style.ts';
import { plainLine } from './terminal-text.ts';

/** What `mlp stage add` says: where the stage went, the lines it wrote, and what is still missing; every line ended. */
export function renderAddedStage(added: AddedStage, { style }: { readonly style: Style }): string {
  const { name, file, created, replaced, missing } = added;
  const did = replaced ? 'replaced in' : created ? 'written to the new' : 'added to';
  const [first = '', ...rest] = added.written.split(/\r?\n/).filter((line) => line.trim() !== '');
  // Where it was spliced into a line, the first one has lost its indentation.
  const margin = Math.min(...rest.map((line) => /^ */.exec(line)?.[0].length ?? 0));
  const shown = [first.trim(), ...rest.map((line) => `  ${line.slice(margin)}`)];
  return [
    `  stage ${style.bold(plainLine(name))} ${did} ${plainLine(file)}`,
    ...shown.map((line) => `    ${style.dim(plainLine(line))}`),
    ...missing.map((path) => `  ${style.yellow('note:')} ${plainLine(path)} does not exist yet, and no stage makes it`),
    `  ${style.cyan('next:')} mlp repro ${plainLine(name)}`,
    '',
  ].join('\n');
}
