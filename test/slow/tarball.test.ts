import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** A package manager may have to compile the SQLite binding. */
const installMs = 600_000;

const run = (folder: string, command: string, ...args: string[]): string =>
  execFileSync(command, args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });

describe('the packed package, installed without dev dependencies in an empty folder', () => {
  const packed = mkdtempSync(join(tmpdir(), 'mlp-pack-'));
  const folder = mkdtempSync(join(tmpdir(), 'mlp-user-'));

  beforeAll(() => {
    run('.', 'npm', 'pack', '--silent', '--pack-destination', packed);
    const [tarball = ''] = readdirSync(packed);
    run(folder, 'npm', 'install', '--silent', '--omit=dev', join(packed, tarball));
  }, installMs);

  afterAll(() => {
    rmSync(packed, { recursive: true, force: true });
    rmSync(folder, { recursive: true, force: true });
  });

  it('tells its version', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(run(folder, 'npx', 'mlp', '--version').trim()).toBe(version);
  });

  it('makes a project that runs, and has nothing to do the second time', { timeout: 120_000 }, () => {
    run(folder, 'npx', 'mlp', 'init');
    const outcome = JSON.parse(run(folder, 'npx', 'mlp', 'repro', '--json')) as {
      status: string;
      metrics: Record<string, number>;
      models: { name: string; stage: string }[];
    };
    expect(outcome.status).toBe('FINISHED');
    expect(outcome.metrics['macro_f1']).toBeGreaterThan(0.85);
    expect(outcome.models).toMatchObject([{ name: 'sentiment', stage: 'Staging' }]);
    expect(existsSync(join(folder, 'pipeline.lock'))).toBe(true);
    expect(run(folder, 'npx', 'mlp', 'repro')).toMatch(/4 stages up to date/);
  });

  it('answers with the model it made', () => {
    run(folder, 'npx', 'mlp', 'promote');
    expect(run(folder, 'npx', 'mlp', 'predict', 'what a great video, thank you')).toMatch(/positive/);
  });

  it('brings types for its library', () => {
    const types = join(folder, 'node_modules/mlp-cli/types/ml/index.d.ts');
    expect(readFileSync(types, 'utf8')).toMatch(/export/);
  });
});
