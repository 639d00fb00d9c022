import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Rig } from './rig.ts';

/** Whether processes can be traced here: strace is there, and the system lets it (containers may not). */
export const canTrace = spawnSync('strace', ['-o', '/dev/null', 'true']).status === 0;

/** System calls that change files, and those that begin to read one. */
const traced = [
  ...['openat', 'mkdir', 'rename', 'renameat2', 'link', 'unlink', 'rmdir', 'chmod', 'fchmod', 'ftruncate'],
  ...['pwrite64', 'fsync', 'fdatasync', 'copy_file_range', 'statx', 'write'],
];

const fileOf = (rig: Rig): string => join(rig.folder, 'calls');

/** `strace` of the main thread alone: stages are processes of their own, and are not to be killed. */
function tracer(rig: Rig, more: readonly string[]): [string, ...string[]] {
  rmSync(fileOf(rig), { force: true });
  return [
    'strace',
    '-o',
    fileOf(rig),
    '-y',
    '-s',
    '80',
    '-e',
    `trace=${traced.join(',')}`,
    '-e',
    'signal=none',
    ...more,
  ];
}

const linesOf = (rig: Rig): string[] =>
  (existsSync(fileOf(rig)) ? readFileSync(fileOf(rig), 'latin1') : '')
    .split('\n')
    .filter((line) => /^\w+\(/.test(line));

/** What is the same in every run: paths below the project, without random names, process numbers, descriptors and results. */
function normal(line: string, rig: Rig): string {
  return line
    .replaceAll(rig.root, '')
    .replace(/\.[0-9a-f]{16}\.tmp/g, 'TMP')
    .replace(/tmp\/outs\/[^/">]+/g, 'tmp/outs/JOURNAL')
    .replace(/logs\/[^/"]+/g, 'logs/RUN')
    .replace(/(sha256|runs)\/[0-9a-f]{2}(\/[0-9a-f]{62})?/g, '$1/HASH')
    .replace(/\((\d+|AT_FDCWD)</, '(<')
    .replace(/^(pwrite64|write)\((<[^>]*>).*/, '$1($2')
    .replace(/\)\s+= .*|\s+<unfinished.*/, '');
}

/** Names the steps, in their order; each holds from the first call that fits on, until the next one does. */
const steps: readonly (readonly [step: string, begins: RegExp])[] = [
  ['0 lock of the workspace', /\/\.mlp\/lock/],
  ['0 row of the run', /mlp\.db/],
  ['1 journal, outs aside', /mkdir\(.*tmp\/outs/],
  ['2 process group noted', /openat\(.*\/logs\/RUN\/.*O_CREAT/],
  ['3 outs hashed', /(?:statx|openat)\(.*"\/(?:o|d)"/],
  ['4 objects stored', /(?:mkdir|openat).*\/cache\/(?:sha256|tmp)/],
  ['5 inputs looked at again', /statx\(.*"\/in\.txt"/],
  ['6 run cache entry', /(?:mkdir|openat).*\/cache\/runs/],
  ['7 pipeline.lock replaced', /openat\(.*\/\.mlp\/tmp\/TMP.*O_CREAT/],
  ['8 old outs let go', /rmdir|unlink\(.*tmp\/outs/],
  ['9 rows of the run, what was learnt', /mlp\.db|state\.db/],
];

/** A call that changes a file of the project, or begins to read an input or an out. */
function isPoint(text: string): boolean {
  if (!text.includes('"/') && !text.includes('</')) return false;
  if (/^statx|O_RDONLY/.test(text)) return /"\/(?:in\.txt|o|d|d\/f)"/.test(text);
  return (
    !text.includes('anon_inode') &&
    !/^\w+\((?:<\/dev|"\/dev|<pipe)/.test(text) &&
    /"\/(?:"|[^"]+")|<\/[^>]*>/.test(text)
  );
}

/** A call of a run, at which another run can be killed. */
export interface KillPoint {
  /** Its name, and the how-many-th of that name it is. */
  readonly call: string;
  readonly nth: number;
  /** What it does, without what differs from run to run. */
  readonly text: string;
  /** The step of the order of writes (docs/architecture.md) that it belongs to; empty before the first. */
  readonly step: string;
}

/** The calls of the last run, in order, each with its step. */
function tracedCalls(rig: Rig): KillPoint[] {
  const counts = new Map<string, number>();
  let at = -1;
  return linesOf(rig).map((line) => {
    const call = line.slice(0, line.indexOf('('));
    const nth = (counts.get(call) ?? 0) + 1;
    counts.set(call, nth);
    const text = normal(line, rig);
    // Two ahead: a run that restores has no outs to hash, for one.
    const next = steps.findIndex(([, begins], index) => index > at && index <= at + 2 && begins.test(text));
    if (line.includes(rig.root) && next > at) at = next;
    return { call, nth, text, step: steps[at]?.[0] ?? '' };
  });
}

/**
 * The points of an undisturbed run of `words`, in order. Of the many writes of a database in a row only some: what SQLite does with
 * a part of them is its own, well-tested affair.
 */
export async function killPoints(rig: Rig, words: readonly string[], code = 0): Promise<KillPoint[]> {
  const ended = await rig.startBelow(tracer(rig, []), ...words).ended;
  expect(ended).toMatchObject({ code });
  const points = tracedCalls(rig).filter(({ step, text }) => step !== '' && isPoint(text));
  return points.filter(({ call }, index) => call !== 'pwrite64' || index % 6 === 0);
}

/** Runs `words` and kills mlp as it is about to make that call. The step in which the kill came; nothing when the run was over before. */
export async function killAt(rig: Rig, point: KillPoint, ...words: string[]): Promise<string | undefined> {
  const inject = `inject=${point.call}:signal=KILL:when=${String(point.nth)}`;
  const ended = await rig.startBelow(tracer(rig, ['-e', inject]), ...words).ended;
  return ended.signal === 'SIGKILL' || ended.code === 137 ? tracedCalls(rig).at(-1)?.step : undefined;
}

/** Everything that `mlp doctor` finds wrong with the project, or only worth a note. */
export async function findings(rig: Rig): Promise<unknown[]> {
  const { out, err } = await rig.mlp('doctor', '--json');
  const { checks = [] } = JSON.parse(out === '' ? JSON.stringify({ checks: [{ err }] }) : out) as {
    checks?: { area?: string; verdict?: string }[];
  };
  return checks.filter(({ area, verdict }) => area !== 'machine' && verdict !== 'ok');
}
