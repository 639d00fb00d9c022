import type { Command } from 'commander';
import type { CliContext } from './context.ts';

/** What a file under commands/ exports. */
export interface CommandModule {
  /** Declares arguments and options; its action ends in `context.finish(code)`. */
  command(context: CliContext): Command;
}

interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  /** `hidden`: called by mlp itself, and left out of the help. */
  readonly group: 'pipeline' | 'experiments' | 'models' | 'data' | 'project' | 'hidden';
  load(): Promise<CommandModule>;
}

/** Every command, in the order of `mlp --help`. Its code is read only when it is called. */
export const commands: readonly CommandEntry[] = [];
