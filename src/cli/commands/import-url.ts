import { Command, InvalidArgumentError } from 'commander';
import { asContentHash, isSha256, type ContentHash } from '../../core/brands.ts';
import { systemClock } from '../../core/clock.ts';
import type { EventSink } from '../../core/events.ts';
import type { Result } from '../../core/result.ts';
import { importFile, type Imported } from '../../fs/import/import-file.ts';
import { parseMirror } from '../../fs/import/mirror.ts';
import { parseSource } from '../../fs/import/source.ts';
import { standardImportIdleMs, standardImportLimit } from '../../pipeline/fetch-imports.ts';
import { renderImported } from '../../report/imported.ts';
import { createProgressBar } from '../../report/live/progress-bar.ts';
import type { CliContext } from '../context.ts';
import { sizeOption } from '../import/size-option.ts';
import { targetPath } from '../import/target-path.ts';
import { countOption } from '../options.ts';
import { printResult } from '../print-result.ts';
import { listenForInterrupts } from '../repro/interrupts.ts';

interface ImportFlags {
  readonly sha256?: ContentHash;
  readonly maxSize: number;
  readonly timeout: number;
  readonly force?: true;
  readonly json?: true;
}

/** `mlp import-url`: a file from elsewhere, with a record of where it came from. */
export function command(context: CliContext): Command {
  return new Command('import-url')
    .description(
      'Download a file into the project and keep its origin in PATH.mlp, so that repro can fetch it again.\n' +
        'MLP_IMPORT_MIRROR names a folder, or the beginning of an http address, that is asked first.',
    )
    .argument('<url>', 'http, https or file')
    .argument('[path]', 'file or folder of the project; the name in the URL when there is none')
    .option('--sha256 <hash>', 'the content must have this SHA-256', sha256Option)
    .option('--max-size <size>', 'refuse more than this', sizeOption, standardImportLimit)
    .option(
      '--timeout <seconds>',
      'give up on a server that is silent for so long',
      countOption,
      standardImportIdleMs / 1000,
    )
    .option('--force', 'replace whatever is at PATH')
    .option('--json', 'print what was imported as JSON')
    .action(async (url: string, path: string | undefined, flags: ImportFlags) => {
      printResult(context, await importUrl(context, { url, path, flags }), {
        json: flags.json === true,
        text: renderImported,
        data: ({ record, ...rest }) => ({ ...record, ...rest }),
      });
    });
}

function sha256Option(text: string): ContentHash {
  const digits = text.toLowerCase().replace(/^sha256:/, '');
  if (!isSha256(digits)) throw new InvalidArgumentError('It must be 64 hexadecimal digits.');
  return asContentHash(digits);
}

interface Asked {
  readonly url: string;
  readonly path: string | undefined;
  readonly flags: ImportFlags;
}

async function importUrl(context: CliContext, { url, path, flags }: Asked): Promise<Result<Imported>> {
  const source = parseSource(url);
  if (!source.ok) return source;
  const workspace = context.workspace();
  if (!workspace.ok) return workspace;
  const { root } = workspace.value;
  const target = targetPath(path, source.value, { root, cwd: context.cwd });
  if (!target.ok) return target;
  const mirror = parseMirror(context.env['MLP_IMPORT_MIRROR'], context.cwd);
  if (!mirror.ok) return mirror;
  const { terminal, columns, colour } = context.log;
  const bar = terminal === undefined ? undefined : createProgressBar({ terminal, columns, colour });
  const emit: EventSink = (event) => {
    if (event.type === 'warning') context.log.write(`warning: ${event.text}\n`);
    else bar?.sink(event);
  };
  const interrupts = listenForInterrupts(() => undefined);
  const imported = await importFile({
    root,
    mirror: mirror.value,
    url: source.value,
    path: target.value,
    ...(flags.sha256 === undefined ? {} : { sha256: flags.sha256 }),
    force: flags.force === true,
    maxBytes: flags.maxSize,
    idleMs: flags.timeout * 1000,
    signal: interrupts.signal,
    emit,
    clock: systemClock,
  });
  interrupts.stop();
  bar?.finish();
  return imported;
}
