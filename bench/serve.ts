// Requests a second and latency of `mlp serve`, beside a Flask server where MLP_TEST_PYTHON names a Python with flask and scikit-learn.
// Loopback only; about a minute. Build first: npm run build && node --import tsx bench/serve.ts
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom, shuffle } from '../src/core/random.ts';
import { readLabelledTexts } from '../src/ml/data/labelled-texts.ts';
import { trainPackage } from '../test/trained-package.ts';
import { postRequest, putUnderLoad, type LoadResult } from './http-load.ts';

const rounds = 5;
const secondsARound = 1;

interface Contestant {
  readonly name: string;
  readonly port: number;
  readonly child: ChildProcess;
}

const folder = mkdtempSync(join(tmpdir(), 'mlp-bench-'));
const contestants: Contestant[] = [];
try {
  await trainPackage(folder, { c: 1 });
  contestants.push(await startOurs());
  const reference = await startReference();
  if (reference !== undefined) contestants.push(reference);
  for (const scenario of await scenarios()) await measure(scenario);
} finally {
  for (const { child } of contestants) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
}

interface Scenario {
  readonly name: string;
  readonly request: Buffer;
  readonly connections: number;
}

async function scenarios(): Promise<Scenario[]> {
  const source = { path: 'data/comments.csv', textColumn: 'text', labelColumn: 'sentiment', labels: null };
  const data = await readLabelledTexts(source);
  if (!data.ok) throw new Error(data.error.reason);
  const order = data.value.texts.map((_, row) => row);
  shuffle(order, seededRandom(3));
  const batch = order.slice(0, 500).map((row) => data.value.texts[row] ?? '');
  const one = postRequest('/predict', { comments: batch.slice(0, 1) });
  const many = postRequest('/predict', { comments: batch });
  return [
    { name: 'one text, 1 connection', request: one, connections: 1 },
    { name: 'one text, 32 connections', request: one, connections: 32 },
    { name: '500 texts, 4 connections', request: many, connections: 4 },
  ];
}

/** All contestants take turns, so that what else the machine does meets them alike; the median round counts. */
async function measure({ name, request, connections }: Scenario): Promise<void> {
  const results = new Map<Contestant, LoadResult[]>(contestants.map((contestant) => [contestant, []]));
  for (let round = -1; round < rounds; round++) {
    for (const contestant of contestants) {
      const result = await putUnderLoad({ port: contestant.port, request, connections, seconds: secondsARound });
      if (round >= 0) results.get(contestant)?.push(result);
    }
  }
  const [ours, reference] = contestants.map((contestant) => medianOf(results.get(contestant) ?? []));
  console.log(name);
  contestants.forEach((contestant, i) => {
    const { perSecond, p50, p99 } = (i === 0 ? ours : reference) ?? { perSecond: 0, p50: 0, p99: 0 };
    console.log(
      `  ${contestant.name.padEnd(24)} ${perSecond.toFixed(0).padStart(7)} requests/s   p50 ${p50.toFixed(2).padStart(8)} ms   p99 ${p99.toFixed(2).padStart(8)} ms`,
    );
  });
  if (ours !== undefined && reference !== undefined) {
    const [rate, p99] = [ours.perSecond / reference.perSecond, reference.p99 / ours.p99];
    console.log(`  ratio: ${rate.toFixed(1)} x the requests, p99 ${p99.toFixed(1)} x shorter`);
  }
}

function medianOf(results: readonly LoadResult[]): LoadResult {
  const median = (pick: (result: LoadResult) => number): number =>
    results.map(pick).sort((a, b) => a - b)[results.length >> 1] ?? 0;
  return {
    perSecond: median(({ perSecond }) => perSecond),
    p50: median(({ p50 }) => p50),
    p99: median(({ p99 }) => p99),
  };
}

async function startOurs(): Promise<Contestant> {
  const words = ['bin/mlp.js', 'serve', '--package', folder, '--port', '0', '--json'];
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return { name: 'mlp serve', port: (JSON.parse(line) as { port: number }).port, child };
}

async function startReference(): Promise<Contestant | undefined> {
  const python = process.env['MLP_TEST_PYTHON'];
  if (python === undefined) {
    console.log('no reference: MLP_TEST_PYTHON names no Python with flask and scikit-learn');
    return undefined;
  }
  const port = 18_700 + (process.pid % 1_000);
  const child = spawn(python, ['bench/serve-reference.py', String(port), 'data/comments.csv'], { stdio: 'ignore' });
  for (let tries = 0; tries < 150 && child.exitCode === null; tries++) {
    if (await accepts(port)) return { name: 'Flask, scikit-learn', port, child };
    await sleep(200);
  }
  child.kill('SIGKILL');
  throw new Error('the reference did not start: does that Python have flask and scikit-learn?');
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => {
      resolve(false);
    });
  });
}
