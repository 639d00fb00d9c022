import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Rig } from './rig.ts';

const python = process.env['MLP_TEST_PYTHON'];

/** A Python that has DVC; undefined where `MLP_TEST_PYTHON` names none (docs/decisions/0014). */
export const pythonWithDvc =
  python !== undefined && spawnSync(python, ['-c', 'import dvc.parsing']).status === 0 ? python : undefined;

if (pythonWithDvc === undefined) {
  process.stderr.write('comparison with DVC skipped: MLP_TEST_PYTHON names no Python that has dvc\n');
}

/** Runs the real DVC to its end. `env` adds to the test's own environment. */
function dvc(
  cwd: string,
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
): { readonly code: number; readonly out: string; readonly err: string } {
  const { status, stdout, stderr } = spawnSync(pythonWithDvc ?? 'python3', ['-m', 'dvc', ...words], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, DVC_NO_ANALYTICS: '1', SHELL: '/bin/sh', ...env },
  });
  return { code: status ?? 1, out: stdout, err: stderr };
}

/** Makes the rig's project one of DVC's. */
export function dvcInit(rig: Rig): void {
  const { code, err } = dvc(rig.root, ['init', '--no-scm', '--quiet']);
  if (code !== 0) throw new Error(`dvc init: ${err}`);
}

/** `dvc repro WORDS` and the stages that it ran. */
export function reproByDvc(rig: Rig, ...words: string[]): string[] {
  rig.ran();
  const { code, err } = dvc(rig.root, ['repro', '--quiet', ...words], { RAN: join(rig.folder, 'ran.log') });
  if (code !== 0) throw new Error(`dvc repro: ${err}`);
  return rig.ran();
}
