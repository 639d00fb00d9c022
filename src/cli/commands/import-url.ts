import { Command } from 'commander';
import { systemClock } from '../../core/clock.ts';
import type { Result } from '../../core/result.ts';
import { importFile, type Imported } from '../../fs/import/import-file.ts';
import { parseSource } from '../../fs/import/source.ts';
import { renderImported } from '../../report/imported.ts';
import type { CliContext } from '../context.ts';
import { targetPath } from '../import/target-path.ts';
import { transferLimits, withTransferOptions, type TransferFlags } from '../import/transfer-options.ts';
import { withTransfers } from '../import/transfer-ports.ts';
import { printResult } from '../print-result.ts';

/** `mlp import-url`: a file from elsewhere, with a record of where it came from. */
export function command(context: CliContext): Command {
  return withTransferOptions(
    new Command('import-url')
      .description(
        'Download a file into the project and keep its origin in PATH.mlp, so that repro can fetch it again.\n' +
          'MLP_IMPORT_MIRROR names a folder, or the beginning of an http address, that is asked first.',
      )
      .argument('<url>', 'http, https or file')
      .argument('[path]', 'file or folder of the project; the name in the URL when there is none'),
    {
      sha256: 'the content must have this SHA-256',
      force: 'replace whatever is at PATH',
      json: 'print what was imported as JSON',
    },
  ).action(async (url: string, path: string | undefined, flags: TransferFlags) => {
    printResult(context, await importUrl(context, { url, path, flags }), {
      json: flags.json === true,
      text: renderImported,
      data: ({ record, ...rest }) => ({ ...record, ...rest }),
    });
  });
}

interface Asked {
  readonly url: string;
  readonly path: string | undefined;
  readonly flags: TransferFlags;
}

async function importUrl(context: CliContext, { url, path, flags }: Asked): Promise<Result<Imported>> {
  const source = parseSource(url);
  if (!source.ok) return source;
  const workspace = context.workspace();
  if (!workspace.ok) return workspace;
  const { root } = workspace.value;
  const target = targetPath(path, source.value, { root, cwd: context.cwd });
  if (!target.ok) return target;
  return withTransfers(context, transferLimits(root, flags), (ports) =>
    importFile({
      ...ports,
      url: source.value,
      path: target.value,
      ...(flags.sha256 === undefined ? {} : { sha256: flags.sha256 }),
      force: flags.force === true,
      clock: systemClock,
    }),
  );
}
