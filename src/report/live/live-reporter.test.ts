import { Writable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  printed,
  runFinished,
  runStarted,
  stageDone,
  stageFailed,
  stageNotRun,
  stageStarted,
} from '../event-fixtures.ts';
import { createLiveReporter } from './live-reporter.ts';

class FakeTerminal extends Writable {
  readonly isTTY = true;
  readonly columns = 80;
  readonly rows = 24;
  text = '';
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString('utf8');
    done();
  }
}

/** What is left on a terminal after `text`: Ink moves the cursor up and erases lines, nothing else. */
function screenAfter(text: string): string[] {
  const lines = [''];
  let row = 0;
  for (const [token] of text.matchAll(/\u001b\[[?\d;]*[A-Za-z]|\n|[^\u001b\n]+/g)) {
    if (token === '\n') {
      row++;
      lines[row] ??= '';
    } else if (/\[\d*A$/.test(token)) row = Math.max(0, row - Number(/\d+/.exec(token)?.[0] ?? 1));
    else if (token.endsWith('2K')) lines[row] = '';
    else if (!token.startsWith('\u001b')) lines[row] = (lines[row] ?? '') + token;
  }
  return lines;
}

const sleep = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
const until = async (terminal: FakeTerminal, part: string): Promise<void> => {
  for (let i = 0; i < 500 && !terminal.text.includes(part); i++) await sleep(20);
  expect(terminal.text).toContain(part);
};
const reporterOn = (terminal: FakeTerminal, colour = false) =>
  createLiveReporter({
    // It has what Ink uses of a terminal.
    stdout: terminal as unknown as NodeJS.WriteStream,
    columns: 80,
    colour,
    readLogTail: () => Promise.resolve(['Error: bad row']),
  });

// Ink draws nothing but the last picture where it finds itself in a CI system, which it decides when it is read.
const ciVariables = Object.keys(process.env).filter((name) => /^(CI|CONTINUOUS_INTEGRATION)$|^CI_/.test(name));
const saved = new Map(ciVariables.map((name) => [name, process.env[name]]));
beforeAll(() => {
  for (const name of ciVariables) Reflect.deleteProperty(process.env, name);
});
afterAll(() => {
  for (const [name, value] of saved) process.env[name] = value;
});

describe('the live reporter', () => {
  it('draws running stages and leaves only final lines behind', async () => {
    const terminal = new FakeTerminal();
    const reporter = reporterOn(terminal);
    reporter.sink(runStarted('preprocess', 'train'));
    reporter.sink(stageDone('preprocess', 'unchanged'));
    reporter.sink(stageStarted('train'));
    reporter.sink(printed('train', 'epoch 1\n'));
    await until(terminal, 'epoch 1');
    expect(terminal.text).toMatch(/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] train {8}running/);
    reporter.sink(printed('train', 'epoch 2\n'));
    await until(terminal, 'epoch 2');
    reporter.sink(stageDone('train', 'ran', { seconds: 2.1 }));
    reporter.sink(runFinished());
    await reporter.finish();
    expect(screenAfter(terminal.text)).toEqual([
      '  preprocess   unchanged',
      '  train        ran        2.1s    never run',
      '',
    ]);
    expect(process.env['NODE_ENV']).not.toBe('production');
  });

  it('ends with the failure, the end of its log and its path', async () => {
    const terminal = new FakeTerminal();
    const reporter = reporterOn(terminal);
    reporter.sink(runStarted('train'));
    reporter.sink(stageStarted('train'));
    await until(terminal, 'running');
    reporter.sink(stageFailed('train'));
    reporter.sink(stageNotRun('evaluate', 'train'));
    reporter.sink(runFinished('FAILED'));
    await reporter.finish();
    expect(screenAfter(terminal.text).slice(0, 6)).toEqual([
      '  train   failed     0.20s   exit 1',
      '',
      '  train: the command of "train" ended badly',
      '  | Error: bad row',
      '  log: .mlp/logs/brisk-heron-1/train.log',
      '',
    ]);
  });

  it('writes a short run in one go, without any cursor movement', async () => {
    const terminal = new FakeTerminal();
    const reporter = reporterOn(terminal);
    reporter.sink(stageStarted('a'));
    reporter.sink(stageDone('a', 'ran'));
    reporter.sink(runFinished());
    await reporter.finish();
    expect(terminal.text).toBe('  a      ran        0.41s   never run\n');
  });

  it('writes nothing when nothing was to do', async () => {
    const terminal = new FakeTerminal();
    const reporter = reporterOn(terminal);
    reporter.sink(stageDone('a', 'unchanged'));
    reporter.sink(runFinished());
    await reporter.finish();
    expect(terminal.text).toBe('');
  });

  it('uses colour only when asked to', async () => {
    const terminal = new FakeTerminal();
    const reporter = reporterOn(terminal, true);
    reporter.sink(stageDone('a', 'ran'));
    await reporter.finish();
    expect(terminal.text).toContain('\u001b[33mran');
    expect(stripVTControlCharacters(terminal.text)).toBe('  a      ran        0.41s   never run\n');
  });
});
