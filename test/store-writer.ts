// Started by two-writers.test.ts several times at once: FILE RUNS. Exits 0 when every write succeeded.
import { randomBytes } from 'node:crypto';
import { asRunId } from '../src/core/brands.ts';
import { failureMessage } from '../src/core/failure.ts';
import { processIdentity } from '../src/core/process-identity.ts';
import type { Result } from '../src/core/result.ts';
import { openTrackingStore } from '../src/tracking/sqlite-store.ts';

function must<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(failureMessage(result.error));
  return result.value;
}

const [file = '', runs = ''] = process.argv.slice(2);
const store = must(openTrackingStore(file));
for (let n = 0; n < Number(runs); n++) {
  const id = asRunId(randomBytes(16).toString('hex'));
  const tags = { writer: String(process.pid) };
  must(await store.createRun({ id, experiment: 'e', startedAt: Date.now(), process: processIdentity(), tags }));
  must(await store.logParams(id, { n }));
  must(await store.logMetrics(id, { f1: n }, { timestamp: Date.now(), step: 0 }));
  must(await store.finishRun(id, { status: 'FINISHED', endedAt: Date.now() }));
}
await store.close();
