import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { otherEnds, otherRuns } from '../differential/deliberate.ts';
import { describeDisagreement, runCase, type CaseReport } from '../differential/run-case.ts';
import { DvcWorker } from '../differential/sides.ts';

/** 300 seeded projects; each runs once and then after each of two edits. */
const casesInAll = 300;
const casesAtOnce = 30;
const editsOfACase = 2;

const python = process.env['MLP_TEST_PYTHON'];
const hasDvc = python !== undefined && spawnSync(python, ['-c', 'import dvc.repo']).status === 0;
if (!hasDvc) process.stderr.write('comparison with DVC skipped: MLP_TEST_PYTHON names no Python that has dvc\n');

const reports: CaseReport[] = [];

async function runCases(from: number, dvc: DvcWorker): Promise<string[]> {
  const wrong: string[] = [];
  for (let seed = from; seed < from + casesAtOnce; seed++) {
    const folder = mkdtempSync(join(tmpdir(), 'mlp-beside-dvc-'));
    const report = await runCase(seed, { folder, dvc, edits: editsOfACase });
    reports.push(report);
    if (report.disagreement !== undefined) wrong.push(describeDisagreement(report.disagreement));
    rmSync(folder, { recursive: true, force: true });
  }
  return wrong;
}

function counted(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, count]) => `${name} ${count}`).join(', ');
}

describe.skipIf(!hasDvc).concurrent('mlp beside DVC', () => {
  const starts = Array.from({ length: casesInAll / casesAtOnce }, (_, index) => index * casesAtOnce);

  it.each(starts)(
    'seeded pipelines and edits run the same stages and leave the same bytes (from seed %i)',
    { timeout: 1_200_000 },
    async (start) => {
      const dvc = new DvcWorker(python ?? '');
      const wrong = await runCases(start, dvc);
      dvc.stop();
      expect(wrong.join('\n\n')).toBe('');
    },
  );

  afterAll(() => {
    const edits = reports.flatMap((report) => report.edits.map(({ name }) => name));
    process.stderr.write(
      `beside DVC: ${reports.length} cases, ${edits.length} runs of each; edits: ${counted(edits)}\n`,
    );
    process.stderr.write(`deliberate differences met: ${counted(reports.flatMap(({ explained }) => explained))}\n`);
  });
});

it('every deliberate difference stands in docs/dvc.md', () => {
  const page = readFileSync('docs/dvc.md', 'utf8').toLowerCase();
  for (const { name } of [...otherRuns, ...otherEnds]) expect(page, name).toContain(`| ${name} |`);
});
