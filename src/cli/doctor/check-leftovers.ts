import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ok, type Result } from '../../core/result.ts';
import { places, placeOf } from '../../core/workspace.ts';
import { recoverStageOuts } from '../../execute/stage-outs.ts';
import { statOf } from '../../fs/identity.ts';
import { temporaryFilesIn } from '../../fs/leftovers.ts';
import { countOf, formatBytes } from '../../report/format.ts';
import { probePrefix } from './check-file-system.ts';
import type { Finding, Site } from './finding.ts';

const area = 'project';
const subject = 'leftovers';
/** Commands without the workspace's lock may be writing what is younger. */
const restMs = 3600_000;

/** What killed processes left. Nothing is told of a workspace in which another mlp works: it may be its own. */
export function checkLeftovers(site: Site): Finding[] {
  const { holder } = site;
  if (holder !== undefined) {
    const text = `not looked at: ${holder.command} (process ${holder.pid} on ${holder.host}) works here now`;
    return [{ area, subject, verdict: 'note', text }];
  }
  const found = [...outsThatWait(site), ...temporaryFiles(site)];
  return found.length > 0 ? found : [{ area, subject, verdict: 'ok', text: 'none' }];
}

function outsThatWait({ workspace }: Site): Finding[] {
  const folder = placeOf(workspace, 'asideOuts');
  if (!existsSync(folder)) return [];
  const mend = (): Result<string> => {
    const recovered = recoverStageOuts(workspace.root, folder);
    return recovered.ok ? ok(`${countOf(recovered.value, 'stage')} put back`) : recovered;
  };
  const text = 'a run was killed: the last good outs of its stages wait to be put back';
  return [{ area, subject, verdict: 'problem', text, next: 'mlp repro, or mlp doctor --fix, puts them back', mend }];
}

function temporaryFiles({ workspace }: Site): Finding[] {
  const paths = [
    ...inFolder(placeOf(workspace, 'temporary')),
    ...inFolder(placeOf(workspace, 'cacheTemporary')),
    ...ofUnlocked(placeOf(workspace, 'temporary'), /^model-/),
    ...ofUnlocked(join(workspace.root, places.stateFolder), new RegExp(`^${probePrefix}`)),
    ...ofUnlocked(workspace.root, new RegExp(`^\\.mlp-${probePrefix}`)),
  ];
  if (paths.length === 0) return [];
  const bytes = paths.reduce((sum, path) => sum + (statOf(path)?.size ?? 0), 0);
  const text = `${countOf(paths.length, 'temporary file')} of killed commands, ${formatBytes(bytes)}`;
  const mend = (): Result<string> => {
    for (const path of paths) rmSync(path, { recursive: true, force: true });
    return ok(`${countOf(paths.length, 'temporary file')} removed`);
  };
  return [{ area, subject, verdict: 'note', text, next: 'mlp repro, or mlp doctor --fix, removes them', mend }];
}

const inFolder = (folder: string): string[] => temporaryFilesIn(folder).map((name) => join(folder, name));

function ofUnlocked(folder: string, pattern: RegExp): string[] {
  if (!existsSync(folder)) return [];
  const paths = readdirSync(folder)
    .filter((name) => pattern.test(name))
    .map((name) => join(folder, name));
  return paths.filter((path) => Date.now() - (statOf(path)?.mtimeMs ?? Infinity) > restMs);
}
