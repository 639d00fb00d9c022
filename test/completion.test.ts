import { chmodSync, writeFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { spawnSync } from 'node:child_process';
import { describe, expect } from 'vitest';
import { test, type Rig } from './rig.ts';

const script = resolve(process.env['MLP_TEST_BIN'] ?? 'bin/mlp.js');

/** Whether a shell is installed; the tests of one that is not are skipped, and say so. */
function has(shell: string): boolean {
  const found = spawnSync(shell, ['--version']).status === 0;
  // eslint-disable-next-line no-console -- the reason for a skipped test belongs into the log
  if (!found) console.warn(`completion in ${shell} is not tested: ${shell} is not installed`);
  return found;
}

/** A project with stages, params and files, and an `mlp` on the PATH that writes down what it was called with. */
async function project(rig: Rig): Promise<void> {
  rig.write('params.yaml', 'train:\n  c: 1\n  name: x\nseed: 3\n');
  rig.write('train.csv', '');
  rig.pipeline({
    train: { cmd: 'true', desc: 'fits the model' },
    'train-all': { cmd: 'true' },
    evaluate: { cmd: 'true' },
    each: { foreach: ['en', 'de'], do: { cmd: 'true' } },
  });
  const command = join(rig.folder, 'mlp');
  const lines = [
    '#!/bin/sh',
    `case $1 in __complete) ;; completion) ;; *) echo "$@" >> ${rig.folder}/called; exit;; esac`,
  ];
  writeFileSync(command, `${lines.join('\n')}\nexec ${process.execPath} ${script} "$@"\n`);
  chmodSync(command, 0o755);
  rig.env['PATH'] = rig.folder + delimiter + (process.env['PATH'] ?? '');
  for (const shell of ['bash', 'zsh', 'fish']) {
    writeFileSync(join(rig.folder, `script.${shell}`), (await rig.mlp('completion', shell)).out);
  }
}

async function run(rig: Rig, shell: string, text: string): Promise<string[]> {
  const { out, err } = await rig.startProcess(shell, [...(shell === 'fish' ? ['-N'] : []), '-c', text]).ended;
  expect(err).toBe('');
  return out.split('\n').filter((line) => line !== '');
}

/** What bash would offer after this text: its own splitting of the line into words included. */
async function inBash(rig: Rig, line: string): Promise<string[]> {
  const words = line.split(/[ ]|(?=[=@:])|(?<=[=@:])/).map((word) => `'${word}'`);
  const state = `COMP_WORDS=(${words.join(' ')}); COMP_CWORD=${words.length - 1}; COMP_LINE='${line}'; COMP_POINT=${line.length}`;
  const show = `printf '%s\\n' "\${COMPREPLY[@]}"`;
  return run(rig, 'bash', `source ${rig.folder}/script.bash; ${state}; _mlp_complete; ${show}`);
}

const inFish = (rig: Rig, line: string): Promise<string[]> =>
  run(rig, 'fish', `source ${rig.folder}/script.fish; complete -C '${line}'`);

/**
 * What zsh makes of the line when Tab and Enter are typed at a prompt of an interactive shell: the words that mlp is called with. The words
 * that are waited for are written in two parts, so that their echo is not taken for them.
 */
async function inZsh(rig: Rig, typed: string): Promise<string> {
  const inner = [
    'PROMPT=; unsetopt beep; autoload -U compinit; compinit -D -u',
    `source ${rig.folder}/script.zsh; bindkey "^I" complete-word; print rea""dy`,
  ].join('; ');
  const outer = [
    'zmodload zsh/zpty; zpty shell zsh -f -i',
    `zpty -w shell '${inner}'; zpty -r shell line '*ready*'`,
    `zpty -w -n shell $'${typed}\\t'; sleep 1; zpty -w -n shell $'\\r'`,
    `zpty -w shell 'print ov""er'; zpty -r shell line '*over*'; zpty -d shell`,
  ].join('\n');
  await rig.startProcess('timeout', ['20', 'zsh', '-f', '-c', outer]).ended;
  return rig.has('../called') ? (rig.read('../called').trimEnd().split('\n').at(-1) ?? '') : '';
}

describe('completion', () => {
  test.skipIf(!has('bash'))('in bash: commands, options, stages, files, params and values', async ({ rig }) => {
    await project(rig);
    expect(await inBash(rig, 'mlp re')).toEqual(['repro']);
    expect(await inBash(rig, 'mlp repro --fo')).toEqual(['--force', '--force-downstream']);
    expect(await inBash(rig, 'mlp repro tr')).toEqual(['train.csv', 'train', 'train-all']);
    expect(await inBash(rig, 'mlp repro each@')).toEqual(['en', 'de']);
    expect(await inBash(rig, 'mlp explain each@d')).toEqual(['de']);
    expect(await inBash(rig, 'mlp repro -j 2 -S train.')).toEqual(['train.c=', 'train.name=']);
    expect(await inBash(rig, 'mlp repro --file=tr')).toEqual(['train.csv']);
    expect(await inBash(rig, 'mlp promote --to=st')).toEqual(['staging']);
    expect(await inBash(rig, 'mlp stage a')).toEqual(['add']);
    expect(await inBash(rig, 'mlp completion z')).toEqual(['zsh']);
    expect(await inBash(rig, 'mlp no-such-command x')).toEqual([]);
  });

  test.skipIf(!has('fish'))('in fish: the same, with what each is for', async ({ rig }) => {
    await project(rig);
    expect(await inFish(rig, 'mlp repr')).toEqual([expect.stringMatching(/^repro\t.*run what is stale/)]);
    expect(await inFish(rig, 'mlp repro --fo')).toHaveLength(2);
    expect(await inFish(rig, 'mlp repro tr')).toEqual(
      expect.arrayContaining(['train\tfits the model', 'train-all', expect.stringContaining('train.csv')]),
    );
    expect(await inFish(rig, 'mlp explain each@d')).toEqual(['each@de']);
    expect(await inFish(rig, 'mlp repro -S se')).toEqual(['seed=\t3']);
    expect(await inFish(rig, 'mlp promote --to st')).toEqual(['staging']);
  });

  test.skipIf(!has('zsh'))('in zsh: Tab at the prompt of an interactive shell completes the word', async ({ rig }) => {
    await project(rig);
    expect(await inZsh(rig, 'mlp rep')).toBe('repro');
    expect(await inZsh(rig, 'mlp repro ev')).toBe('repro evaluate');
    expect(await inZsh(rig, 'mlp explain each@d')).toBe('explain each@de');
    expect(await inZsh(rig, 'mlp repro -S se')).toBe('repro -S seed=');
    expect(await inZsh(rig, 'mlp stage add -n x -d train.c')).toBe('stage add -n x -d train.csv');
  });

  test('answers with runs, models and git revisions of the project', async ({ rig }) => {
    await project(rig);
    const ask = async (...words: string[]): Promise<string[]> =>
      (await rig.mlp('__complete', '--', ...words)).out.split('\n').map((line) => line.split('\t', 1).join(''));
    await rig.repro();
    const [{ name } = { name: 'none' }] = (
      JSON.parse((await rig.mlp('runs', 'list', '--json')).out) as { runs: { name: string }[] }
    ).runs;
    expect(await ask('runs', 'show', '')).toContain(name);
    expect(await ask('compare', '')).toContain(name);
    expect(await ask('models', 'show', '')).toEqual(['']);
    for (const words of [
      ['init', '-q', '-b', 'trunk'],
      ['-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-qm', 'x', '--allow-empty'],
    ]) {
      await rig.startProcess('git', words).ended;
    }
    expect(await ask('metrics', 'diff', '')).toEqual(['HEAD', 'trunk', '']);
  });

  test('is silent about a project that cannot be read', async ({ rig }) => {
    rig.write('pipeline.yaml', 'stages: [');
    const { code, out, err } = await rig.mlp('__complete', '--', 'repro', '');
    expect([code, out, err]).toEqual([0, ':files\n', '']);
  });
});
