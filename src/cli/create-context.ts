import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { exitCode, type ExitCode } from '../core/exit-code.ts';
import { failure, failureExit, type Failure } from '../core/failure.ts';
import { err, type Result } from '../core/result.ts';
import { placeOf, type Workspace } from '../core/workspace.ts';
import { pipelinesBelow } from '../fs/find-pipelines.ts';
import { findWorkspace } from '../fs/find-workspace.ts';
import { renderFailures } from '../report/failure.ts';
import { styleFor } from '../report/style.ts';
import type { CliContext } from './context.ts';
import { confirmOn } from './confirm.ts';
import { outputOf } from './terminal.ts';

/** Written in by the build, from package.json. */
declare const __MLP_VERSION__: string;
declare const __MLP_BUILD__: string;

/** Builds what commands work with. Stores are opened, and their code read, when a command asks for them. */
export function createContext(from: NodeJS.Process): CliContext {
  const env = from.env;
  const cwd = from.cwd();
  const log = outputOf(from.stderr, env);
  const confirm = confirmOn(from);
  const failWith = (problems: readonly Failure[]): ExitCode => {
    const root = rootOf(cwd);
    const readLines = (file: string): readonly string[] | undefined => linesOf(join(root, file));
    log.write(renderFailures(problems, { style: styleFor(log.colour), readLines, columns: log.columns }));
    return problems[0] === undefined ? exitCode.bug : failureExit(problems[0]);
  };
  return {
    cwd,
    env,
    argv: from.argv.slice(2),
    version: __MLP_VERSION__,
    build: __MLP_BUILD__,
    out: outputOf(from.stdout, env),
    log,
    ...(confirm === undefined ? {} : { confirm }),
    workspace: (file) => calledWorkspace(cwd, file),
    tracking: async (workspace) => {
      const { openTrackingStore } = await import('../tracking/sqlite-store.ts');
      return openTrackingStore(placeOf(workspace, 'store'));
    },
    fail: (...problems) => failWith(problems),
    failAll: failWith,
    finish: (code) => {
      from.exitCode = code;
    },
  };
}

function rootOf(cwd: string): string {
  const found = findWorkspace(cwd);
  return found.ok ? found.value.root : cwd;
}

function linesOf(file: string): readonly string[] | undefined {
  try {
    return readFileSync(file, 'utf8').split(/\r?\n/);
  } catch {
    return undefined;
  }
}

/** Where there is no project, names the pipeline files that are near below: a project with its files in folders has none in its root. */
function calledWorkspace(cwd: string, file: string | undefined): Result<Workspace> {
  const found = findWorkspace(cwd, file);
  if (found.ok || found.error.reason !== 'no-workspace') return found;
  return err(failure('no-workspace', { folder: cwd, below: pipelinesBelow(cwd) }));
}
