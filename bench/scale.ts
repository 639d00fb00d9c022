// Time and peak memory from 10 to 10,000 stages, and of a directory of 100,000 files. Each line should grow as its first column does.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { mlp } from './projects.ts';
import { catChains, copierOf } from './workloads.ts';

/** Prints the peak of the process itself at its end, on standard error. */
const peak = `data:text/javascript,process.on('exit',()=>process.stderr.write('peak '+process.resourceUsage().maxRSS+'\\n'))`;

function measure(cwd: string, ...words: string[]): string {
  const startedAt = performance.now();
  const ended = spawnSync(process.execPath, ['--import', peak, mlp, ...words], {
    cwd,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  const seconds = (performance.now() - startedAt) / 1000;
  if (ended.status !== 0 && ended.status !== 3) throw new Error(`mlp ${words.join(' ')}: ${ended.stderr}`);
  const megabytes = Number(/peak (\d+)/.exec(ended.stderr)?.[1] ?? NaN) / 1024;
  return `${seconds.toFixed(2)} s ${megabytes.toFixed(0).padStart(4)} MB`;
}

const most = Number(process.argv[2] ?? 10_000);
console.log('stages | first run | no-op | status | dag');
for (let stages = 10; stages <= most; stages *= 10) {
  const folder = catChains(stages);
  const figures = [['repro'], ['repro'], ['status'], ['dag', '--dot']].map((words) => measure(folder, ...words));
  console.log([String(stages), ...figures].join(' | '));
  rmSync(folder, { recursive: true, force: true });
}

const files = Number(process.argv[3] ?? 100_000);
const folder = copierOf(files, 'pipeline.yaml');
console.log(`\n${files} files: ${measure(folder, 'repro')} hashed and stored, ${measure(folder, 'repro')} no-op`);
rmSync(join(folder, 'out'), { recursive: true });
console.log(`${measure(folder, 'repro')} put back`);
rmSync(folder, { recursive: true, force: true });
