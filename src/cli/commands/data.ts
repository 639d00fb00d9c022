import { Command } from 'commander';
import { exitCode } from '../../core/exit-code.ts';
import { renderDataStatus } from '../../report/data-status.ts';
import type { CliContext } from '../context.ts';
import { isUnchanged, statusOfData } from '../data/data-status.ts';
import { printAll } from '../print-result.ts';

interface DataStatusFlags {
  readonly file?: string;
  readonly granular?: true;
  readonly untrackedFiles?: true;
  readonly check?: true;
  readonly json?: true;
}

/** `mlp data status`: data as it is, as it is recorded, as it was committed. */
export function command(context: CliContext): Command {
  const data = new Command('data').description('Outs of stages and tracked data');
  data
    .command('status', { isDefault: true })
    .description('Show how outs and tracked data differ from their records, and these from the last commit')
    .argument('[targets...]', 'stages, groups, globs, outs or tracked data; everything when none is named')
    .option('-f, --file <file>', 'pipeline file')
    .option('--granular', 'name the changed files of folders too')
    .option('--untracked-files', 'list also what neither git nor mlp keeps')
    .option('--check', 'exit with 3 when there is a difference')
    .option('--json', 'print the differences as JSON')
    .action(async (targets: string[], flags: DataStatusFlags) => {
      const status = await statusOfData(context, {
        file: flags.file,
        targets,
        granular: flags.granular === true,
        untracked: flags.untrackedFiles === true,
      });
      printAll(context, status, {
        json: flags.json === true,
        text: renderDataStatus,
        exit: (found) => (flags.check === true && !isUnchanged(found) ? exitCode.stale : exitCode.done),
      });
    });
  return data;
}
