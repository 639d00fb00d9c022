// The engine beside ninja, Snakemake, DVC and openssl: one table of ratios. About fifteen minutes; build first.
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { alternate, type Contestant } from './alternate.ts';
import { mlp, peerEnvironment } from './projects.ts';
import { catChains, copierOf, freshFolder, readersOf, sleepers, writeFiles } from './workloads.ts';

const runs = Number(process.argv[2] ?? 5);
const venv = peerEnvironment();
const env = { PATH: `${join(venv, 'bin')}:${process.env['PATH'] ?? ''}`, DVC_NO_ANALYTICS: '1' };
const node = process.execPath;

interface Row {
  readonly work: string;
  readonly target: string;
  readonly contestants: readonly [ours: Contestant, peer: Contestant];
  readonly runs?: number;
}

const ours = (cwd: string, before?: () => void, ...words: string[]): Contestant => ({
  name: 'mlp',
  command: node,
  args: [mlp, ...(words.length > 0 ? words : ['repro'])],
  cwd,
  ...(before === undefined ? {} : { before }),
});
const dvc = (cwd: string, before?: () => void, ...words: string[]): Contestant => ({
  name: 'dvc',
  command: join(venv, 'bin', 'dvc'),
  args: words.length > 0 ? words : ['repro', '-q'],
  cwd,
  // What DVC remembers of hashes, beside the project instead of in a place shared by all.
  env: { ...env, DVC_SITE_CACHE_DIR: join(cwd, '.dvc', 'site') },
  ...(before === undefined ? {} : { before }),
});
const snakemake = (cwd: string, before?: () => void): Contestant => ({
  name: 'snakemake',
  command: join(venv, 'bin', 'snakemake'),
  args: ['-q', 'all', '-c2'],
  cwd,
  env,
  ...(before === undefined ? {} : { before }),
});
const ninja = (cwd: string, before?: () => void): Contestant => ({
  name: 'ninja',
  command: 'ninja',
  args: ['-j2'],
  cwd,
  env,
  ...(before === undefined ? {} : { before }),
});

function dvcProject(folder: string): string {
  execFileSync('git', ['init', '-q', '.'], { cwd: folder });
  execFileSync(join(venv, 'bin', 'dvc'), ['init', '-q'], { cwd: folder, env: { ...process.env, ...env } });
  return folder;
}
const forget =
  (folder: string, ...names: string[]) =>
  (): void => {
    for (const name of names) rmSync(join(folder, name), { recursive: true, force: true });
  };
/** Chains whose results are gone, with nothing remembered. */
function forgetChains(folder: string): () => void {
  const outs = Array.from({ length: 1000 }, (_, index) => `c${Math.floor(index / 10)}_${index % 10}.txt`);
  return forget(folder, '.mlp', 'pipeline.lock', '.ninja_log', '.ninja_deps', '.snakemake', ...outs);
}
function built(contestant: Contestant): Contestant {
  const { command, args, cwd, env: own } = contestant;
  execFileSync(command, [...args], { cwd, env: { ...process.env, ...own }, stdio: 'ignore' });
  return contestant;
}

/** Runs two revisions of a directory, no file of which is the same in both; the function that is returned changes to the other's lock file, as git would. */
function revisionsOf(contestant: Contestant, lockFile: string): () => void {
  const { cwd } = contestant;
  const locks = [7, 8].map((seed) => {
    rmSync(join(cwd, 'data'), { recursive: true, force: true });
    writeFiles(join(cwd, 'data'), 10_000, seed);
    built(contestant);
    return readFileSync(join(cwd, lockFile));
  });
  let turn = 0;
  return () => {
    writeFileSync(join(cwd, lockFile), locks[turn++ % 2] ?? '');
  };
}

const [firstMlp, firstNinja, againMlp, againNinja, firstSnake] = [
  catChains(1000),
  catChains(1000),
  catChains(1000),
  catChains(1000),
  catChains(1000),
];
const [readMlp, readDvc] = [readersOf(10_000, 'pipeline.yaml'), dvcProject(readersOf(10_000, 'dvc.yaml'))];
const [hashMlp, hashDvc] = [readersOf(10_000, 'pipeline.yaml'), dvcProject(readersOf(10_000, 'dvc.yaml'))];
const [copyMlp, copyDvc] = [copierOf(10_000, 'pipeline.yaml'), dvcProject(copierOf(10_000, 'dvc.yaml'))];
const [sleepMlp, sleepDvc] = [sleepers(8, 'pipeline.yaml'), dvcProject(sleepers(8, 'dvc.yaml'))];
const large = freshFolder('large');
const mebibyte = Buffer.alloc(1 << 20, 'mlp');
for (let piece = 0; piece < 1024; piece++) writeFileSync(join(large, 'big'), mebibyte, { flag: 'a' });
writeFileSync(join(large, 'pipeline.yaml'), 'stages:\n  s:\n    cmd: "true"\n    deps: [big]\n');
const dvcHashes = ['.dvc/tmp', '.dvc/site'];
const otherRevisions = [revisionsOf(ours(copyMlp), 'pipeline.lock'), revisionsOf(dvc(copyDvc), 'dvc.lock')] as const;

const rows: readonly Row[] = [
  {
    work: 'first run of 1,000 `cat a > b`',
    target: '<= 3 x ninja',
    contestants: [ours(firstMlp, forgetChains(firstMlp)), ninja(firstNinja, forgetChains(firstNinja))],
  },
  { work: 'no-op of those', target: '<= 0.2 s', contestants: [built(ours(againMlp)), built(ninja(againNinja))] },
  {
    work: 'first run of those, beside Snakemake',
    target: '',
    runs: 1,
    contestants: [ours(firstMlp, forgetChains(firstMlp)), snakemake(firstSnake, forgetChains(firstSnake))],
  },
  { work: 'no-op of those', target: '', contestants: [ours(againMlp), snakemake(firstSnake)] },
  {
    work: 'no-op, 10,000 files read by two stages',
    target: '<= 0.12 s',
    contestants: [built(ours(readMlp)), built(dvc(readDvc))],
  },
  {
    work: 'first run over 10,000 files: their first hash',
    target: '5 x faster',
    contestants: [
      ours(hashMlp, forget(hashMlp, '.mlp', 'pipeline.lock', 'a.txt', 'b.txt')),
      dvc(hashDvc, forget(hashDvc, ...dvcHashes, '.dvc/cache', 'dvc.lock', 'a.txt', 'b.txt')),
    ],
  },
  {
    work: 'hash of one file of 1 GiB (status)',
    target: '<= 1.15 x openssl',
    contestants: [
      ours(large, forget(large, '.mlp'), 'status'),
      { name: 'openssl', command: 'openssl', args: ['dgst', '-sha256', 'big'], cwd: large },
    ],
  },
  {
    work: '8 stages of 1 s, -j2',
    target: '<= 4.3 s',
    runs: 2,
    contestants: [
      ours(sleepMlp, forget(sleepMlp, '.mlp', 'pipeline.lock'), 'repro', '-j2'),
      dvc(sleepDvc, forget(sleepDvc, ...dvcHashes, '.dvc/cache', 'dvc.lock')),
    ],
  },
  {
    work: 'checkout of 10,000 files after `git checkout`',
    target: '5 x faster',
    contestants: [ours(copyMlp, otherRevisions[0], 'checkout'), dvc(copyDvc, otherRevisions[1], 'checkout', '-q')],
  },
];

console.log('| work | target | ours | peer | ours / peer |\n| --- | --- | ---: | ---: | ---: |');
for (const row of rows) {
  const [mine, peer] = alternate(row.contestants, row.runs ?? runs);
  if (mine === undefined || peer === undefined) continue;
  const cells = [
    `${mine.median.toFixed(3)} s`,
    `${peer.name} ${peer.median.toFixed(3)} s`,
    (mine.median / peer.median).toFixed(2),
  ];
  console.log(`| ${row.work} | ${row.target} | ${cells.join(' | ')} |`);
}
