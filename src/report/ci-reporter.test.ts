import { describe, expect, it } from 'vitest';
import type { EngineEvent } from '../core/events.ts';
import type { LogText } from '../fs/log-text.ts';
import { createCiReporter } from './ci-reporter.ts';
import { logOf, runFinished, runStarted, stageDone, stageFailed, stageNotRun, stageStarted } from './event-fixtures.ts';

const logs: Record<string, LogText> = {
  [logOf('a')]: { whole: 'line of a\n::warning::not for the runner\n' },
  [logOf('b')]: { whole: '\u001b[31mError\u001b[0m: bad\nno end' },
  [logOf('long')]: { head: 'first\n', tail: 'last\n', leftOut: 2_340_000 },
  [logOf('silent')]: { whole: '' },
};

async function reported(env: Record<string, string>, ...events: readonly EngineEvent[]): Promise<string> {
  let text = '';
  const reporter = createCiReporter({
    write: (more) => (text += more),
    env,
    clock: { now: () => 1_700_000_000_500 },
    // The first log takes longest to read, as a long one would.
    readLog: async (logFile) => {
      await new Promise((resolve) => setTimeout(resolve, logFile === logOf('a') ? 30 : 0));
      return logs[logFile];
    },
    readLogTail: () => Promise.resolve(['Error: bad']),
  });
  for (const event of events) reporter.sink(event);
  await reporter.finish();
  return text;
}

const run = [
  runStarted('zero', 'a', 'b', 'c'),
  stageDone('zero', 'unchanged'),
  stageStarted('a'),
  stageStarted('b'),
  stageDone('a', 'ran'),
  stageFailed('b'),
  stageNotRun('c', 'b'),
  runFinished('FAILED'),
];

describe('the CI reporter', () => {
  it('prints the whole log of a stage under its line, stage by stage', async () => {
    expect(await reported({}, ...run)).toBe(
      [
        '  zero   unchanged',
        '  a      started            never run',
        '  b      started            never run',
        '== a      ran        0.41s   never run',
        'line of a',
        '::warning::not for the runner',
        '',
        '== b      failed     0.20s   exit 1',
        'Error: bad',
        'no end',
        '',
        '',
        '  b: the command of "b" ended badly',
        '  | Error: bad',
        '  log: .mlp/logs/brisk-heron-1/b.log',
        '',
        '  not run: c (needs b) · outputs as before',
        '  next: mlp repro --help shows what it takes',
        '',
      ].join('\n'),
    );
  });

  it('folds logs on GitHub, with workflow commands off inside, and marks the failure', async () => {
    const text = await reported({ GITHUB_ACTIONS: 'true' }, ...run);
    const group =
      /::group::a +ran[^\n]*\n::stop-commands::(\S+)\nline of a\n::warning::[^\n]*\n::(\S+)::\n::endgroup::\n/.exec(
        text,
      );
    expect(group?.[1]).toMatch(/^[0-9a-f-]{36}$/);
    expect(group?.[2]).toBe(group?.[1]);
    expect(text).toContain('::endgroup::\n::error title=stage b failed::the command of "b" ended badly\n');
  });

  it('escapes what would end a GitHub command early', async () => {
    const failed = stageFailed('b');
    const at = { file: 'a,b:c.yaml', line: 3, column: 1, length: 1 };
    const text = await reported(
      { GITHUB_ACTIONS: 'true' },
      { ...failed, failure: { reason: 'wrong-usage', detail: { problem: '100 %\nnext' }, at } },
    );
    expect(text).toContain('::error file=a%2Cb%3Ac.yaml,line=3,title=stage b failed::100 %25%0Anext\n');
  });

  it('folds logs on GitLab, leaving the failed stage open', async () => {
    const text = await reported({ GITLAB_CI: 'true' }, ...run);
    expect(text).toContain('\u001b[0Ksection_start:1700000000:stage_1_a[collapsed=true]\r\u001b[0Ka      ran');
    expect(text).toContain('\u001b[0Ksection_start:1700000000:stage_2_b[collapsed=false]\r');
    expect(text).toContain('\u001b[0Ksection_end:1700000000:stage_2_b\r\u001b[0K\n');
  });

  it('says what is left out of a long log and where all of it is', async () => {
    expect(await reported({}, stageDone('long', 'ran'))).toContain(
      `first\n... 2.3 MB are left out here; all of it is in ${logOf('long')} ...\nlast\n`,
    );
  });

  it('says that a stage printed nothing, or that its log cannot be read', async () => {
    const text = await reported({}, stageDone('silent', 'ran'), stageDone('lost', 'ran'));
    expect(text).toContain('(it printed nothing)\n');
    expect(text).toContain('(its log cannot be read)\n');
  });

  it('writes no escape code of a stage', async () => {
    expect(await reported({ GITHUB_ACTIONS: 'true' }, ...run)).not.toContain('\u001b');
  });
});
