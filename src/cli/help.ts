import { commands } from './commands.ts';
import type { CliContext } from './context.ts';

const headings = {
  pipeline: 'Pipeline',
  experiments: 'Experiments',
  models: 'Models and serving',
  data: 'Data',
  project: 'Project',
} as const;

/** The screen of `mlp --help`. */
export function renderHelp(context: CliContext): string {
  const width = Math.max(...commands.map((command) => command.name.length)) + 2;
  const sections = Object.entries(headings).flatMap(([group, heading]) => {
    const members = commands.filter((command) => command.group === group);
    if (members.length === 0) return [];
    return [`${heading}\n${members.map((c) => `  ${c.name.padEnd(width)}${c.summary}`).join('\n')}\n`];
  });
  return [
    `mlp ${context.version}: from raw data to a served model and back\n`,
    'Usage: mlp COMMAND [ARGUMENTS]\n',
    ...sections,
    'Every command that prints results has --json. mlp COMMAND --help says more.\n',
  ].join('\n');
}
