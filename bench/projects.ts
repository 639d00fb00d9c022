import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export const repository = resolve(import.meta.dirname, '..');
export const mlp = join(repository, 'bin', 'mlp.js');

/** The peer's pipeline and the Reddit data, beside this repository unless the environment names them. */
export const peerFolder = process.env['MLP_BENCH_PEER'] ?? resolve(repository, '../shared/peers/dvc-sklearn');
export const redditFile =
  process.env['MLP_BENCH_REDDIT'] ?? resolve(repository, '../shared/data/reddit/Reddit_Data.csv');

/** A fresh copy of this repository's own project, without results. */
export function ourProject(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mlp-bench-ours-'));
  for (const name of ['src', 'stages', 'data', 'params.yaml', 'pipeline.yaml', 'package.json', 'tsconfig.json']) {
    cpSync(join(repository, name), join(folder, name), { recursive: true });
  }
  symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

/** The project that `mlp init` makes, as its user has it: mlp-cli is the build of this repository. */
export function userProject(): string {
  const folder = join(mkdtempSync(join(tmpdir(), 'mlp-bench-user-')), 'project');
  execFileSync(mlp, ['init', folder], { stdio: 'ignore' });
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(repository, join(folder, 'node_modules', 'mlp-cli'));
  return folder;
}

/** The same four stages as DVC and scikit-learn run them, on the Reddit comments. */
export function peerProject(python: string): { readonly folder: string; readonly env: Record<string, string> } {
  const folder = mkdtempSync(join(tmpdir(), 'mlp-bench-dvc-'));
  cpSync(peerFolder, folder, { recursive: true });
  mkdirSync(join(folder, 'data'), { recursive: true });
  cpSync(redditFile, join(folder, 'data', 'comments.csv'));
  execFileSync('chmod', ['-R', 'u+w', folder]);
  execFileSync('sed', ['-i', 's/algorithm: lightgbm/algorithm: linear_svm/', join(folder, 'params.yaml')]);
  const env = { PATH: `${join(python, 'bin')}:${process.env['PATH'] ?? ''}`, DVC_NO_ANALYTICS: '1' };
  const options = { cwd: folder, env: { ...process.env, ...env }, stdio: 'ignore' as const };
  execFileSync('git', ['init', '-q', '.'], options);
  execFileSync('dvc', ['init', '-q'], options);
  return { folder, env };
}

/** The folder of a virtual environment with the peers: the one that MLP_BENCH_VENV names, else one that is made here. */
export function peerEnvironment(): string {
  const named = process.env['MLP_BENCH_VENV'];
  if (named !== undefined) return named;
  const folder = join(repository, '.venv');
  if (!existsSync(join(folder, 'bin', 'dvc'))) {
    execFileSync('python3', ['-m', 'venv', folder], { stdio: 'inherit' });
    const requirements = join(peerFolder, 'requirements.txt');
    const wanted = ['-r', requirements, 'snakemake==9.27.1'];
    execFileSync(join(folder, 'bin', 'pip'), ['install', '-q', ...wanted], { stdio: 'inherit' });
  }
  return folder;
}
