// Fills a store with 100,000 runs from a seed and times what the commands ask of it.
// node --import tsx bench/tracking-scale.ts [RUNS]
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asRunId, type RunId } from '../src/core/brands.ts';
import { processIdentity } from '../src/core/process-identity.ts';
import { seededRandom } from '../src/core/random.ts';
import type { Result } from '../src/core/result.ts';
import { compareRuns } from '../src/tracking/compare-runs.ts';
import { openStoreFile } from '../src/tracking/database.ts';
import { openTrackingStore } from '../src/tracking/sqlite-store.ts';
import { Statements } from '../src/tracking/statements.ts';
import { insertMetrics, insertParams, insertRun } from '../src/tracking/write-run.ts';
import { median } from './alternate.ts';

const must = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(result.error.reason);
  return result.value;
};

const random = seededRandom(7);
const hex = (): string => Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16)).join('');
const kinds = ['tfidf', 'bow', 'char'];

function fill(file: string, runs: number): void {
  const db = must(openStoreFile(file, { access: 'create' }));
  const statements = new Statements(db);
  const process = processIdentity();
  for (let from = 0; from < runs; from += 5000) {
    statements.write(() => {
      for (let n = from; n < Math.min(runs, from + 5000); n++) {
        const id = asRunId(hex());
        const tags = { 'git.commit': hex(), message: `run ${n}`, user: 'ada' };
        const number = must(insertRun(statements, { id, experiment: 'sweep', startedAt: n, process, tags }));
        const params = Object.fromEntries(Array.from({ length: 18 }, (_, i) => [`fixed.p${i}`, i]));
        must(insertParams(statements, number, { ...params, c: random() * 10, kind: kinds[n % 3] ?? '' }));
        const macroF1 = random();
        insertMetrics(
          statements,
          number,
          { macro_f1: macroF1, accuracy: random(), log_loss: random() },
          { timestamp: n, step: 0 },
        );
        statements.run(`UPDATE runs SET status = 'FINISHED', ended_at = ? WHERE number = ?`, n + 10, number);
      }
    });
  }
  db.close();
}

async function timed(name: string, work: () => Promise<unknown>): Promise<void> {
  await work();
  const times: number[] = [];
  for (let i = 0; i < 7; i++) {
    const startedAt = performance.now();
    await work();
    times.push(performance.now() - startedAt);
  }
  console.log(`  ${name.padEnd(48)} ${median(times).toFixed(2).padStart(8)} ms`);
}

const runs = Number(process.argv[2] ?? 100_000);
const folder = mkdtempSync(join(tmpdir(), 'mlp-scale-'));
try {
  const file = join(folder, 'mlp.db');
  const startedAt = performance.now();
  fill(file, runs);
  const seconds = (performance.now() - startedAt) / 1000;
  console.log(
    `${runs} runs of 20 params, 3 metrics, 3 tags: ${seconds.toFixed(1)} s, ${(statSync(file).size / 1e6).toFixed(0)} MB`,
  );
  await timed('open and list the newest 20', async () => {
    const store = must(openTrackingStore(file, { access: 'existing' }));
    const rows = must(await store.listRuns({ limit: 20 }));
    must(await store.getRuns(rows.map(({ id }) => id)));
    await store.close();
  });
  const store = must(openTrackingStore(file, { access: 'existing' }));
  const middle = must(await store.findRun(String(Math.floor(runs / 2))));
  const idsOf = async (limit: number): Promise<RunId[]> => must(await store.listRuns({ limit })).map(({ id }) => id);
  await timed('compare 5', async () => compareRuns(must(await store.getRuns(await idsOf(5)))));
  await timed('compare 200', async () => compareRuns(must(await store.getRuns(await idsOf(200)))));
  await timed('page 20 deep in the list', async () => store.listRuns({ limit: 20, before: Math.floor(runs / 2) }));
  await timed('count', async () => store.countRuns({ statuses: ['FINISHED'] }));
  await timed('rare: metrics.macro_f1 > 0.9999', async () =>
    store.listRuns({ limit: 20, where: [{ on: 'metric', key: 'macro_f1', is: '>', value: 0.9999 }] }),
  );
  await timed('common: params.kind = tfidf and macro_f1 > 0.5', async () =>
    store.listRuns({
      limit: 20,
      where: [
        { on: 'param', key: 'kind', is: '=', value: 'tfidf' },
        { on: 'metric', key: 'macro_f1', is: '>', value: 0.5 },
      ],
    }),
  );
  await timed('best 20 by macro_f1', async () =>
    store.listRuns({ limit: 20, orderBy: { metric: 'macro_f1', direction: 'descending' } }),
  );
  await timed('find by name', async () => store.findRun(middle.name));
  await timed('find by the start of an id', async () => store.findRun(middle.id.slice(0, 12)));
  await store.close();
} finally {
  rmSync(folder, { recursive: true });
}
