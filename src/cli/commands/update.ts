import { relative, resolve, sep } from 'node:path';
import { Command } from 'commander';
import { systemClock } from '../../core/clock.ts';
import { failure } from '../../core/failure.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { updateImport, type Updated } from '../../fs/import/update-import.ts';
import { renderUpdated } from '../../report/imported.ts';
import type { CliContext } from '../context.ts';
import { transferLimits, withTransferOptions, type TransferFlags } from '../import/transfer-options.ts';
import { withTransfers } from '../import/transfer-ports.ts';
import { printResult } from '../print-result.ts';

/** `mlp update`: is there something newer where a file was imported from? */
export function command(context: CliContext): Command {
  return withTransferOptions(
    new Command('update')
      .description('Fetch imported files from their addresses again, and keep what changed')
      .argument('<paths...>', 'imported files of the project, or their records'),
    {
      sha256: 'the new content must have this SHA-256; for one path',
      force: 'replace files also where they were changed by hand',
      json: 'print old and new records as JSON',
    },
  ).action(async (paths: string[], flags: TransferFlags) => {
    printResult(context, await updateAll(context, paths, flags), { json: flags.json === true, text: renderUpdated });
  });
}

/** One after the other; the first that fails ends it, and those before it are done. */
async function updateAll(
  context: CliContext,
  paths: readonly string[],
  flags: TransferFlags,
): Promise<Result<readonly Updated[]>> {
  const { sha256 } = flags;
  if (sha256 !== undefined && paths.length > 1) {
    return err(failure('wrong-usage', { problem: '--sha256 goes with one path alone', command: 'update' }));
  }
  const workspace = context.workspace();
  if (!workspace.ok) return workspace;
  const { root } = workspace.value;
  return withTransfers(context, transferLimits(root, flags), async (ports): Promise<Result<readonly Updated[]>> => {
    const all: Updated[] = [];
    for (const typed of paths) {
      const path = relative(root, resolve(context.cwd, typed.replace(/(?<=[^/])\.mlp$/, '')));
      const updated = await updateImport({
        ...ports,
        // Without a hash, a mirror could only give back what is there already.
        mirror: sha256 === undefined ? undefined : ports.mirror,
        path: path.split(sep).join('/'),
        force: flags.force === true,
        clock: systemClock,
        ...(sha256 === undefined ? {} : { sha256 }),
      });
      if (!updated.ok) return updated;
      all.push(updated.value);
    }
    return ok(all);
  });
}
