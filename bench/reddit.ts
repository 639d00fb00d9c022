// The whole Reddit pipeline from nothing with a linear SVM: ours, and the peer's with DVC and scikit-learn.
import { execFileSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { alternate, printRatios } from './alternate.ts';
import { mlp, ourProject, peerEnvironment, peerProject, redditFile } from './projects.ts';
import { redditParams } from './reddit-params.ts';

const runs = Number(process.argv[2] ?? 5);
const ours = ourProject();
const peer = peerProject(peerEnvironment());
cpSync(redditFile, join(ours, 'data', 'reddit.csv'));
const set = redditParams.flatMap((assignment) => ['-S', assignment]);
execFileSync(mlp, ['repro', '--dry', ...set], { cwd: ours });

const forget = (folder: string, names: readonly string[]) => () => {
  for (const name of names) rmSync(join(folder, name), { recursive: true, force: true });
};
const timings = alternate(
  [
    {
      name: 'mlp repro',
      command: process.execPath,
      args: [mlp, 'repro', ...set],
      cwd: ours,
      before: forget(ours, ['.mlp', 'artifacts', 'pipeline.lock']),
    },
    {
      name: 'dvc repro',
      command: 'dvc',
      args: ['repro', '-q'],
      cwd: peer.folder,
      env: peer.env,
      before: forget(peer.folder, ['.dvc/cache', '.dvc/tmp', 'artifacts', 'dvc.lock']),
    },
  ],
  runs,
);
printRatios('Reddit from nothing, linear SVM', timings, 'mlp repro');
