import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const repository = resolve(import.meta.dirname, '../..');
const sections = ['Thirty seconds', 'Why did it say that?'];

interface Step {
  readonly command: string;
  /** The lines that the README shows below it. */
  readonly shown: readonly string[];
}

/** The commands of the sections' console blocks, in order, each with what is shown of its output. */
function stepsOf(readme: string): Step[] {
  const parts = readme.split(/^## /m);
  const texts = sections.map((section) => parts.find((part) => part.startsWith(section)) ?? '');
  const blocks = texts.flatMap((text) =>
    [...text.matchAll(/^```console\n([\s\S]*?)^```/gm)].map(([, block]) => (block ?? '').replaceAll('\\\n', ' ')),
  );
  return blocks.flatMap((block) =>
    block
      .split(/^\$ /m)
      .slice(1)
      .map((part) => {
        const [command = '', ...shown] = part.split('\n');
        return { command, shown: shown.filter((line) => line.trim() !== '') };
      }),
  );
}

/** The words of a line, without what differs from run to run: numbers, durations, run names, hashes, ages and rules. */
const wordsOf = (line: string): string =>
  line
    .replaceAll(/\b[a-z]+-[a-z]+-\d+\b/g, 'RUN')
    .replaceAll(/\b(?=[0-9a-f]*\d)[0-9a-f]{7,}\b\.*/g, 'HASH')
    .replaceAll(/\d+m\d+s|just now|\d+ (?:s|min) ago/g, 'TIME')
    .replaceAll(/[-+]?\d+(?:\.\d+)?/g, 'N')
    .replaceAll(/N (?:ms|s)\b|Nm?s\b/g, 'TIME')
    .replaceAll(/\s+/g, ' ')
    .trim();

describe(`the sections "${sections.join('" and "')}" of the README`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'mlp-readme-'));
  const path = `${join(folder, '.bin')}:${process.env['PATH'] ?? ''}`;
  const env = { ...process.env, PATH: path, COLUMNS: '80' };
  let server: ChildProcess | undefined;

  beforeAll(() => {
    for (const name of ['src', 'stages', 'data', 'params.yaml', 'pipeline.yaml', 'package.json', 'tsconfig.json']) {
      cpSync(join(repository, name), join(folder, name), { recursive: true });
    }
    symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'));
    mkdirSync(join(folder, '.bin'));
    const mlp = `#!/bin/sh\nexec '${process.execPath}' '${join(repository, 'bin/mlp.js')}' "$@"\n`;
    writeFileSync(join(folder, '.bin', 'mlp'), mlp, { mode: 0o755 });
  });

  afterAll(() => {
    server?.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  it('shows what its commands print, typed in order in a fresh copy', { timeout: 180_000 }, async () => {
    const steps = stepsOf(readFileSync(join(repository, 'README.md'), 'utf8'));
    expect(steps.length).toBeGreaterThan(5);
    for (const { command, shown } of steps) {
      const typed = command.replace(/^npm ci && /, '').replaceAll(/\bnpx mlp\b/g, 'mlp');
      if (typed.endsWith('&')) {
        server = await startServer(typed.replace(/\s*&$/, ''));
        continue;
      }
      const printed = execFileSync('/bin/sh', ['-c', `${typed} 2>&1`], { cwd: folder, env, encoding: 'utf8' });
      const lines = printed.split('\n').filter((line) => line.trim() !== '');
      expect({ command, lines: lines.map(wordsOf) }).toEqual({ command, lines: shown.map(wordsOf) });
    }
  });

  async function startServer(command: string): Promise<ChildProcess> {
    const started = spawn('/bin/sh', ['-c', `exec ${command}`], {
      cwd: folder,
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    started.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    for (let waited = 0; waited < 15_000 && !said.includes('http://'); waited += 50) await sleep(50);
    expect(said).toMatch(/http:\/\//);
    return started;
  }
});
