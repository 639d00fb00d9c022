import type { ExitCode } from '../core/exit-code.ts';
import type { Failure } from '../core/failure.ts';
import type { Result } from '../core/result.ts';
import type { Workspace } from '../core/workspace.ts';
import type { TrackingStore } from '../tracking/store.ts';

/** Where text goes. `columns` is the width to lay out for. */
export interface Output {
  write(text: string): void;
  readonly isTerminal: boolean;
  readonly columns: number;
  /** False when NO_COLOR is set or this is no terminal. */
  readonly colour: boolean;
  /** The stream itself, where it is a terminal of known height, for views that redraw: without a height they would clear all of it. */
  readonly terminal?: NodeJS.WriteStream;
}

/** What main.ts gives every command: the only way from a command to the terminal, the stores and the exit code. */
export interface CliContext {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The words after `mlp`. */
  readonly argv: readonly string[];
  readonly version: string;
  /** Tells builds of mlp apart, also those of one version. */
  readonly build: string;
  /** Results, and nothing else. */
  readonly out: Output;
  /** Progress and diagnostics. */
  readonly log: Output;
  /** Asks for a yes or no; anything but a yes is a no. Absent where nobody can be asked: without a terminal to read from and write to. */
  readonly confirm?: (question: string) => Promise<boolean>;
  /** The project that `cwd` lies in. `file` overrides the pipeline file's name. */
  workspace(file?: string): Result<Workspace>;
  tracking(workspace: Workspace): Promise<Result<TrackingStore>>;
  /** Prints failures to `log` and gives the exit code of the first. */
  fail(...problems: readonly [Failure, ...Failure[]]): ExitCode;
  /** As `fail`, of a list that holds at least one. */
  failAll(problems: readonly Failure[]): ExitCode;
  /** Sets the exit code the process ends with. */
  finish(code: ExitCode): void;
}
