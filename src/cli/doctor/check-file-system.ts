import { existsSync, mkdtempSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { failureMessage } from '../../core/failure.ts';
import { explained, refusalOfWriting } from '../../core/refusal.ts';
import { places, placeOf } from '../../core/workspace.ts';
import { linkOrCopy, type LinkKind } from '../../fs/link.ts';
import { systemProblem } from '../../fs/system-problem.ts';
import { formatBytes } from '../../report/format.ts';
import type { Finding, Site } from './finding.ts';
import { measureTick, tickFinding } from './measure-tick.ts';

const area = 'file system';
/** Less than this is told; less than the second is a problem, since not even a lock file can be counted on to fit. */
const littleSpace = 1e9;
const noSpace = 1e6;

/** The folder that probes are made in, and removed from again: none of the user's. */
export const probePrefix = 'doctor-';

/** What the file systems of the workspace and its cache can do: measured with small files that are removed again. */
export async function checkFileSystem({ workspace }: Site): Promise<Finding[]> {
  const { root } = workspace;
  const state = join(root, places.stateFolder);
  const parent = existsSync(state) ? join(state, probePrefix) : join(root, `.mlp-${probePrefix}`);
  let folder: string | undefined;
  try {
    folder = mkdtempSync(parent);
    const cache = existsSync(placeOf(workspace, 'cache')) ? placeOf(workspace, 'cache') : folder;
    return [
      ...(await linkFindings(root, cache, folder)),
      tickFinding(measureTick(join(folder, 'tick'))),
      caseFinding(folder),
      ...spaceFindings(root, cache),
    ];
  } catch (error) {
    const problem = systemProblem(error, { what: 'write to', path: root });
    const next = 'mend the rights of the folder, or make room; mlp status and other commands that only read still work';
    return [{ area, subject: 'workspace', verdict: 'problem', text: failureMessage(problem), next }];
  } finally {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  }
}

async function linkFindings(root: string, cache: string, folder: string): Promise<Finding[]> {
  if (statSync(root).dev !== statSync(cache).dev) {
    const refused = refusalOfWriting(join(cache, 'probe'));
    if (refused !== undefined) {
      const text = `nothing can be stored in ${places.cache}: ${explained(refused) ?? 'writing is refused'} (${refused})`;
      const next = 'make it writable, or make room; what is in it can still be restored';
      return [{ area, subject: 'cache', verdict: 'problem', text, next }];
    }
    const text = 'the cache is on another one than the workspace: outs are copied';
    return [{ area, subject: 'cache', verdict: 'note', text }];
  }
  const from = join(folder, 'from');
  writeFileSync(from, 'probe\n');
  const can = async (kind: LinkKind): Promise<boolean> =>
    (await linkOrCopy(from, join(folder, kind), { kinds: [kind] })) === kind;
  const reflink = await can('reflink');
  const hardlink = await can('hardlink');
  return [
    {
      area,
      subject: 'reflink',
      verdict: 'ok',
      text: reflink
        ? 'yes: outs share their blocks with the cache'
        : 'no: outs take their space twice, in the cache too',
    },
    { area, subject: 'hard link', verdict: 'ok', text: hardlink ? 'yes' : 'no' },
  ];
}

function caseFinding(folder: string): Finding {
  writeFileSync(join(folder, 'case'), '');
  const blind = existsSync(join(folder, 'CASE'));
  const text = blind ? 'ignored: a.txt and A.txt are one file' : 'told apart';
  return { area, subject: 'letter case', verdict: 'ok', text };
}

function spaceFindings(root: string, cache: string): Finding[] {
  const same = statSync(root).dev === statSync(cache).dev;
  const where = [{ path: root, subject: 'free space' }, ...(same ? [] : [{ path: cache, subject: 'cache space' }])];
  return where.map(({ path, subject }): Finding => {
    const { bavail, bsize } = statfsSync(path);
    const bytes = bavail * bsize;
    const text = formatBytes(bytes);
    if (bytes >= littleSpace) return { area, subject, verdict: 'ok', text };
    const verdict = bytes < noSpace ? 'problem' : 'note';
    return { area, subject, verdict, text: `only ${text}`, next: 'make room before the next run' };
  });
}
