import { execFileSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Contestant } from './alternate.ts';
import { mlp, peerEnvironment, peerProject, redditFile, userProject } from './projects.ts';
import { redditParams } from './reddit-params.ts';

/** The whole Reddit pipeline from nothing with a linear SVM: ours, in a project that `mlp init` made, and the peer's with DVC and scikit-learn. */
export function redditPipelines(): { readonly ours: Contestant; readonly peer: Contestant } {
  const ours = userProject();
  const peer = peerProject(peerEnvironment());
  cpSync(redditFile, join(ours, 'data', 'reddit.csv'));
  const set = redditParams.flatMap((assignment) => ['-S', assignment]);
  execFileSync(mlp, ['repro', '--dry', ...set], { cwd: ours });
  const forget = (folder: string, names: readonly string[]) => () => {
    for (const name of names) rmSync(join(folder, name), { recursive: true, force: true });
  };
  return {
    ours: {
      name: 'mlp repro',
      command: process.execPath,
      args: [mlp, 'repro', ...set],
      cwd: ours,
      before: forget(ours, ['.mlp', 'artifacts', 'pipeline.lock']),
    },
    peer: {
      name: 'dvc repro',
      command: 'dvc',
      args: ['repro', '-q'],
      cwd: peer.folder,
      env: peer.env,
      before: forget(peer.folder, ['.dvc/cache', '.dvc/tmp', 'artifacts', 'dvc.lock']),
    },
  };
}
