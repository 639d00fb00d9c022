import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { changes, raise, signal, signalled, signalMemory } from './meeting.ts';

const memory = signalMemory(2);
/** Wakes whoever sleeps at the first place, and changes nothing. */
const code = `const { workerData } = require('node:worker_threads');
setInterval(() => Atomics.notify(workerData, 0), 2);
require('node:worker_threads').parentPort.postMessage('here');`;
let waker: Worker;

beforeAll(async () => {
  waker = new Worker(code, { eval: true, workerData: memory });
  await new Promise((resolve) => waker.once('message', resolve));
});
afterAll(async () => waker.terminate());

it('does not take being woken for a change', () => {
  for (let time = 0; time < 20; time++) expect(changes(memory, 0, { from: 0, after: 'step' })).toBe(false);
});

it('sees changes at once, each at its own place', () => {
  signal(memory, 0, 5);
  expect(raise(memory, 1)).toBe(0);
  expect([signalled(memory, 0), signalled(memory, 1)]).toEqual([5, 1]);
  expect(changes(memory, 0, { from: 0, after: 'tree' })).toBe(true);
});
