import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { err } from '../../core/result.ts';
import { failure } from '../../core/failure.ts';
import { whole } from '../fields.ts';
import { runStage } from './run-stage.ts';
import type { Stage } from './run-stage.ts';

const fields = { trees: whole({ min: 1 }, 10) };

/** Runs a body with the given parameters, and gives what it printed and its exit code. */
async function run(
  params: string | undefined,
  body: (stage: Stage) => Promise<void>,
): Promise<{ text: string; code: unknown }> {
  let text = '';
  const write = (chunk: unknown): boolean => {
    text += String(chunk);
    return true;
  };
  vi.spyOn(process.stderr, 'write').mockImplementation(write);
  vi.spyOn(process.stdout, 'write').mockImplementation(write);
  vi.stubEnv('MLP_PARAMS_JSON', params);
  await runStage(body);
  return { text, code: process.exitCode };
}

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  process.exitCode = undefined;
});

describe('a stage script', () => {
  it('reads its parameters from what the engine hands over', async () => {
    const seen: number[] = [];
    const { text, code } = await run('{"train": {"trees": 3}}', async (stage) => {
      seen.push(stage.params('train', fields).trees);
      stage.say('done');
      await Promise.resolve();
    });
    expect({ seen, text, code }).toEqual({ seen: [3], text: 'done\n', code: undefined });
  });

  it('ends with one line and the next step on a wrong parameter', async () => {
    const { text, code } = await run('{"train": {"tree": 3}}', async (stage) => {
      stage.params('train', fields);
      await Promise.resolve();
    });
    expect(text).toBe('error: parameter train.tree is not known here\n  next: did you mean "trees"?\n');
    expect(code).toBe(1);
  });

  it('ends the same way on a failed result, and on a file that cannot be written', async () => {
    const failed = await run('{}', async (stage) => {
      stage.need(err(failure('table-empty', { file: 'data.csv' })));
      await Promise.resolve();
    });
    expect(failed).toMatchObject({
      code: 1,
      text: expect.stringContaining('error: data.csv holds no rows\n') as string,
    });
    const unwritable = await run('{}', async () => {
      await Promise.resolve();
      writeFileSync(join(tmpdir(), 'ml-no-such-folder', 'x'), '');
    });
    expect(unwritable.code).toBe(1);
    expect(unwritable.text).toContain('there is no such file');
  });

  it('lets a bug keep its stack trace', async () => {
    const bug = run('{}', () => Promise.reject(new Error('a bug')));
    await expect(bug).rejects.toThrow('a bug');
  });

  it('says when the parameters are none', async () => {
    const { text } = await run('7', () => Promise.resolve());
    expect(text).toContain('error: parameter MLP_PARAMS_JSON holds no groups of parameters');
  });
});
