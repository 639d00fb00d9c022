// A repro with nothing to do: ours on the four stages of this repository, DVC on the peer's four, and bare Node.
import { execFileSync } from 'node:child_process';
import { alternate, printRatios } from './alternate.ts';
import { mlp, ourProject, peerEnvironment, peerProject } from './projects.ts';

const runs = Number(process.argv[2] ?? 11);
const ours = ourProject();
const peer = peerProject(peerEnvironment());
execFileSync(mlp, ['repro'], { cwd: ours, stdio: 'inherit' });
execFileSync('dvc', ['repro', '-q'], { cwd: peer.folder, env: { ...process.env, ...peer.env }, stdio: 'inherit' });

const timings = alternate(
  [
    { name: 'node -e 0', command: process.execPath, args: ['-e', '0'], cwd: ours },
    { name: 'mlp repro', command: process.execPath, args: [mlp, 'repro'], cwd: ours },
    { name: 'dvc repro', command: 'dvc', args: ['repro'], cwd: peer.folder, env: peer.env },
  ],
  runs,
);
printRatios('no-op repro of 4 stages', timings, 'node -e 0');
const of = (name: string): number => timings.find((timing) => timing.name === name)?.median ?? NaN;
console.log(`  dvc / mlp: ${(of('dvc repro') / of('mlp repro')).toFixed(1)} x`);
