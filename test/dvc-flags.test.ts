import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { pythonWithDvc } from './dvc-peer.ts';

/** in -> a -> b, c -> d, and other -> e -> f. `a` keeps the first letter of what it reads; `c` fails when that is an x. */
const definition = `stages:
  a: {cmd: "echo a >> $RAN; head -c 1 in > a.txt", deps: [in], outs: [a.txt]}
  b: {cmd: "echo b >> $RAN; cat a.txt > b.txt; echo b >> b.txt", deps: [a.txt], outs: [b.txt]}
  c: {cmd: "echo c >> $RAN; grep -v x a.txt > c.txt", deps: [a.txt], outs: [c.txt]}
  d: {cmd: "echo d >> $RAN; cat b.txt c.txt > d.txt", deps: [b.txt, c.txt], outs: [d.txt]}
  e: {cmd: "echo e >> $RAN; cat other > e.txt", deps: [other], outs: [e.txt]}
  f: {cmd: "echo f >> $RAN; cat e.txt > f.txt", deps: [e.txt], outs: [f.txt]}
`;

type Files = Readonly<Record<string, string>>;

/** What is written before, and the words of `repro`; one after the other, in one project. */
const steps: readonly (readonly [files: Files, words: readonly string[]])[] = [
  [{}, []],
  [{ in: '12' }, ['--force-downstream']],
  [{ in: '13' }, ['b']],
  [{}, ['--force-downstream', 'd']],
  [{}, ['--downstream', '--force', 'b']],
  [{ in: '2' }, ['--downstream', 'b']],
  [{}, ['-s', 'b']],
  [{}, ['-s', 'f', 'd', 'a']],
  [{ in: '1' }, ['-s', '--force', 'f', 'd', 'a']],
  [{}, []],
  [{ in: '2' }, ['--no-run-cache']],
  [{ in: '1' }, ['--no-run-cache']],
  [{ in: 'x', other: '2' }, ['--keep-going']],
  [{}, []],
  [{}, ['--ignore-errors']],
  [{ in: '1' }, []],
  [{ other: '3' }, ['--no-commit']],
  [{ 'dvc.yaml': definition.replace('e: {', 'e: {frozen: true, '), other: '4' }, []],
  [{}, ['--force', 'f']],
  [{}, ['--downstream', '--force', 'e']],
];

const folder = mkdtempSync(join(tmpdir(), 'mlp-dvc-flags-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** The stages that ran, in order, and whether all went well. */
interface Ran {
  readonly stages: readonly string[];
  readonly good: boolean;
}

function follow(name: string, program: readonly string[]): Ran[] {
  const root = join(folder, name);
  const log = join(folder, `${name}.log`);
  mkdirSync(root);
  execFileSync('git', ['init', '-q', root]);
  const [command = '', ...before] = program;
  const run = (...words: string[]): boolean =>
    spawnSync(command, [...before, ...words], { cwd: root, env: { ...process.env, RAN: log, SHELL: '/bin/sh' } })
      .status === 0;
  if (name === 'dvc') expect(run('init', '-q')).toBe(true);
  for (const [file, text] of Object.entries({ 'dvc.yaml': definition, in: '1', other: '1' })) {
    writeFileSync(join(root, file), text);
  }
  return steps.map(([files, words]) => {
    rmSync(log, { force: true });
    for (const [file, text] of Object.entries(files)) writeFileSync(join(root, file), text);
    const good = run('repro', ...(name === 'mlp' ? ['-j', '1'] : []), ...words);
    const stages = existsSync(log) ? readFileSync(log, 'utf8').trimEnd().split('\n') : [];
    return { stages, good };
  });
}

describe.skipIf(pythonWithDvc === undefined)('the flags of repro', () => {
  it('run the same stages in the same order as the real DVC, one step after the other', () => {
    const theirs = follow('dvc', [pythonWithDvc ?? '', '-m', 'dvc']);
    const ours = follow('mlp', [process.execPath, join(import.meta.dirname, '../bin/mlp.js')]);
    const told = (ran: readonly Ran[]): string[] =>
      ran.map(({ stages }, at) => `${(steps[at]?.[1] ?? []).join(' ')}: ${stages.join(' ')}`);
    expect(told(ours)).toEqual(told(theirs));
    expect(told(ours)[7]).toBe('-s f d a: a');
    const failed = (ran: readonly Ran[]): number[] => ran.flatMap(({ good }, at) => (good ? [] : [at]));
    // Deliberate: a failure that is ignored is one all the same, where DVC exits 0.
    expect(failed(ours)).toEqual([12, 13, 14]);
    expect(failed(theirs)).toEqual([12, 13]);
  }, 180_000);
});
