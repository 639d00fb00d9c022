import type { Command } from 'commander';
import type { ContentHash } from '../../core/brands.ts';
import { standardImportIdleMs, standardImportLimit } from '../../pipeline/fetch-imports.ts';
import { countOption } from '../options.ts';
import { sha256Option } from './sha256-option.ts';
import { sizeOption } from './size-option.ts';

/** What commands that download are asked with. */
export interface TransferFlags {
  readonly sha256?: ContentHash;
  readonly maxSize: number;
  /** Seconds. */
  readonly timeout: number;
  readonly force?: true;
  readonly json?: true;
}

/** The options behind `TransferFlags`; what some of them do is said in the words of each command. */
export const withTransferOptions = (
  command: Command,
  does: { readonly sha256: string; readonly force: string; readonly json: string },
): Command =>
  command
    .option('--sha256 <hash>', does.sha256, sha256Option)
    .option('--max-size <size>', 'refuse more than this', sizeOption, standardImportLimit)
    .option(
      '--timeout <seconds>',
      'give up on a server that is silent for so long',
      countOption,
      standardImportIdleMs / 1000,
    )
    .option('--force', does.force)
    .option('--json', does.json);

/** What the flags allow a download. */
export const transferLimits = (
  root: string,
  { maxSize, timeout }: TransferFlags,
): { root: string; maxBytes: number; idleMs: number } => ({ root, maxBytes: maxSize, idleMs: timeout * 1000 });
