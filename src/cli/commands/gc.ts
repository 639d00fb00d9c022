import { Command, InvalidArgumentError } from 'commander';
import { renderGarbage } from '../../report/garbage.ts';
import { styleFor } from '../../report/style.ts';
import type { CliContext } from '../context.ts';
import { confirm } from '../data/confirm.ts';
import { gc } from '../data/gc.ts';
import { printAll } from '../print-result.ts';

interface GcFlags {
  readonly file?: string;
  readonly rev?: readonly string[];
  readonly allBranches?: true;
  readonly allTags?: true;
  readonly allCommits?: true;
  readonly olderThan?: number;
  readonly dry?: true;
  readonly yes?: true;
  readonly json?: true;
}

/** `mlp gc`: the cache without what nothing needs. */
export function command(context: CliContext): Command {
  return new Command('gc')
    .description(
      'Remove from the cache what nothing needs. Kept is what these name: lock files and records of the workspace\n' +
        'and of the last commit, runs, registered models, and the revisions given here.',
    )
    .option('-f, --file <file>', 'pipeline file')
    .option('--rev <revision>', 'keep what this git revision names (repeatable)', collect)
    .option('-a, --all-branches', 'keep what the tips of all branches name')
    .option('-T, --all-tags', 'keep what all tags name')
    .option('-A, --all-commits', 'keep what any commit names')
    .option('--older-than <age>', 'runs that began before then keep nothing: 12h, 30d, 8w', age)
    .option('-n, --dry', 'only show what would go')
    .option('-y, --yes', 'do not ask')
    .option('--json', 'print what went as JSON')
    .action(async (flags: GcFlags) => {
      const found = await gc(context, {
        file: flags.file,
        revisions: {
          named: flags.rev ?? [],
          allBranches: flags.allBranches === true,
          allTags: flags.allTags === true,
          allCommits: flags.allCommits === true,
        },
        olderThanMs: flags.olderThan,
        dry: flags.dry === true,
        agree: async (garbage) => {
          if (flags.yes === true) return true;
          const { log } = context;
          log.write(renderGarbage(garbage, { style: styleFor(log.colour), columns: log.columns, done: false }));
          return confirm(context, 'Remove this from the cache?');
        },
      });
      printAll(context, found, {
        json: flags.json === true,
        text: (garbage, screen) => renderGarbage(garbage, { ...screen, done: flags.dry !== true }),
        data: ({ objects, outs, entries, quarantine, kept }) => ({
          dry: flags.dry === true,
          bytes: [...objects, ...quarantine].reduce((sum, { size }) => sum + size, 0),
          objects,
          outs,
          entries: entries.length,
          quarantine: quarantine.length,
          kept,
        }),
      });
    });
}

const collect = (word: string, before: readonly string[] = []): readonly string[] => [...before, word];

const unitMs = { h: 3600_000, d: 24 * 3600_000, w: 7 * 24 * 3600_000 } as const;

function age(text: string): number {
  const [, count = '', unit = 'd'] = /^(\d{1,5})([hdw])$/.exec(text) ?? [];
  if (count === '') throw new InvalidArgumentError('Give hours, days or weeks: 12h, 30d, 8w.');
  return Number(count) * unitMs[unit as keyof typeof unitMs];
}
