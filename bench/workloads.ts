import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '../src/core/random.ts';

export const freshFolder = (name: string): string => mkdtempSync(join(tmpdir(), `mlp-bench-${name}-`));

/** Stages of `cat a > b` in chains of ten, as a pipeline.yaml, a build.ninja and a Snakefile. */
export function catChains(stages: number): string {
  const folder = freshFolder('chains');
  const pipeline = ['stages:'];
  const ninja = ['rule cat', '  command = cat $in > $out'];
  const snake: string[] = [];
  for (let index = 0; index < stages; index++) {
    const chain = Math.floor(index / 10);
    const from = index % 10 === 0 ? `in${chain}.txt` : `c${chain}_${(index % 10) - 1}.txt`;
    const to = `c${chain}_${index % 10}.txt`;
    if (index % 10 === 0) writeFileSync(join(folder, from), `chain ${chain}\n`);
    pipeline.push(`  s${index}:`, `    cmd: cat ${from} > ${to}`, `    deps: [${from}]`, `    outs: [${to}]`);
    ninja.push(`build ${to}: cat ${from}`);
    snake.push(`rule s${index}:\n    input: "${from}"\n    output: "${to}"\n    shell: "cat {input} > {output}"`);
  }
  const ends = Array.from({ length: stages / 10 }, (_, chain) => `"c${chain}_9.txt"`).join(', ');
  writeFileSync(join(folder, 'Snakefile'), `rule all:\n    input: ${ends}\n${snake.join('\n')}\n`);
  writeFileSync(join(folder, 'pipeline.yaml'), `${pipeline.join('\n')}\n`);
  writeFileSync(join(folder, 'build.ninja'), `${ninja.join('\n')}\n`);
  return folder;
}

/** A directory of small files of seeded sizes, 100 a folder, and the script that makes the same for a stage. */
export function writeFiles(folder: string, files: number, seed = 7): void {
  const random = seededRandom(seed);
  for (let index = 0; index < files; index++) {
    const sub = join(folder, String(Math.floor(index / 100)));
    if (index % 100 === 0) mkdirSync(sub, { recursive: true });
    writeFileSync(join(sub, `f${index}.txt`), `file ${index} of ${seed} ${'x'.repeat(Math.floor(random() * 3000))}\n`);
  }
}

/** Two stages that read one directory of so many files; for mlp (pipeline.yaml) or DVC (dvc.yaml). */
export function readersOf(files: number, pipelineFile: string): string {
  const folder = freshFolder('files');
  writeFiles(join(folder, 'data'), files);
  const stage = (name: string): string =>
    `  ${name}:\n    cmd: ls data > ${name}.txt\n    deps: [data]\n    outs: [${name}.txt]\n`;
  writeFileSync(join(folder, pipelineFile), `stages:\n${stage('a')}${stage('b')}`);
  return folder;
}

/** One stage that copies a directory of so many files, so that its out can be put back. */
export function copierOf(files: number, pipelineFile: string): string {
  const folder = freshFolder('copy');
  writeFiles(join(folder, 'data'), files);
  writeFileSync(
    join(folder, pipelineFile),
    'stages:\n  copy:\n    cmd: cp -r data out\n    deps: [data]\n    outs: [out]\n',
  );
  return folder;
}

/** Stages of one second each that do not wait for one another. */
export function sleepers(stages: number, pipelineFile: string): string {
  const folder = freshFolder('sleep');
  const all = Array.from(
    { length: stages },
    (_, i) => `  s${i}:\n    cmd: sleep 1 && echo ${i} > o${i}\n    outs: [o${i}]\n`,
  );
  writeFileSync(join(folder, pipelineFile), `stages:\n${all.join('')}`);
  return folder;
}
