import { exitCode } from '../exit-code.ts';
import { didYouMean, kind } from './kind.ts';

const exit = exitCode.usage;

/** `${...}`, `vars`, `foreach` and `matrix`. */
export const templateFailures = {
  'unknown-variable': kind<{ expression: string; field: string; owner: string; near: readonly string[] }>({
    exit,
    message: (d) => `nothing is called "${d.expression}", which "${d.field}" of ${d.owner} asks for`,
    next: (d) => didYouMean(d.near) ?? 'add it to params.yaml or vars; write \\${...} to leave it to the shell',
  }),
  'bad-template': kind<{ expression: string; field: string; owner: string; problem: string }>({
    exit,
    message: (d) => `\${${d.expression}} in "${d.field}" of ${d.owner} ${d.problem}`,
    next: () => 'write ${a.b} or ${a[0].b}; write \\${...} to leave it to the shell',
  }),
  'variable-twice': kind<{ name: string; source: string; first: string }>({
    exit,
    message: (d) => `${d.source} sets "${d.name}" again, which ${d.first} has set`,
    next: () => 'rename one of the two: vars add to each other and replace nothing',
  }),
  'bad-vars': kind<{ item: string; problem: string }>({
    exit,
    message: (d) => `cannot load ${d.item} for vars: ${d.problem}`,
    next: () => 'vars takes maps, and files as path or path:key1,key2',
  }),
  'too-many-stages': kind<{ group: string; count: number; most: number }>({
    exit,
    message: (d) => `"${d.group}" stands for ${d.count} stages; at most ${d.most} are taken`,
    next: () => 'shorten its lists',
  }),
};
