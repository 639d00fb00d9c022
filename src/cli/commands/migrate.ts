import { Command } from 'commander';
import type { CliContext } from '../context.ts';
import { migrateProject } from '../data/migrate-project.ts';
import { printAll } from '../print-result.ts';
import { renderMigrated } from '../../report/migrated.ts';

interface MigrateFlags {
  readonly file?: string;
  readonly dry?: true;
  readonly json?: true;
}

/** `mlp migrate`: what DVC knows, taken over. */
export function command(context: CliContext): Command {
  return new Command('migrate')
    .description(
      'Take over what DVC recorded, so that nothing runs again: dvc.lock, .dvc/cache with its run cache, .dvc files.\n' +
        'Changes nothing of DVC, and no entry that pipeline.lock has already.',
    )
    .option('-f, --file <file>', 'pipeline file')
    .option('-n, --dry', 'only tell what would be taken over')
    .option('--json', 'print what was taken over as JSON')
    .action(async (flags: MigrateFlags) => {
      printAll(context, await migrateProject(context, { file: flags.file, dry: flags.dry === true }), {
        json: flags.json === true,
        text: renderMigrated,
      });
    });
}
