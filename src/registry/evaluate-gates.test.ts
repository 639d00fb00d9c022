import { describe, expect, it } from 'vitest';
import { productionGates, stagingGates } from './evaluate-gates.ts';
import { gateCount, type GateRules, isPassed } from './gates.ts';
import type { ProbedPackage } from './probe.ts';

const answer = { label: 'positive', probability: 0.93 };
const working: ProbedPackage = {
  loads: true,
  loadMs: 41,
  example: { same: true, expected: answer, got: answer },
  medianMs: 0.4,
};
const broken: ProbedPackage = { loads: false, problem: 'weights.bin is 12 bytes short' };
const rules = (...thresholds: GateRules['thresholds']): GateRules => ({ thresholds });
const staging = (thresholds: GateRules['thresholds'], metrics: Record<string, number>) =>
  stagingGates({ rules: { thresholds }, report: { candidate: working }, candidate: { metrics } });

describe('gates of Staging', () => {
  it('are that the package loads, that it reproduces its example, and the thresholds', () => {
    const gates = staging([{ metric: 'macro_f1', min: 0.75 }], { macro_f1: 0.8431 });
    expect(gates.map(({ gate, verdict }) => [gate, verdict])).toStrictEqual([
      ['loads', 'passed'],
      ['example', 'passed'],
      ['threshold', 'passed'],
    ]);
    expect(gateCount(gates)).toStrictEqual({ passed: 3, of: 3 });
  });

  it.each([
    [{ min: 0.75 }, 0.75, 'passed'],
    [{ min: 0.75 }, 0.7499999, 'refused'],
    [{ max: 0.5 }, 0.5, 'passed'],
    [{ max: 0.5 }, 0.51, 'refused'],
    [{ min: 0.75 }, NaN, 'refused'],
  ])('bound %j, and %d is %s', (bound, value, verdict) => {
    expect(staging([{ metric: 'm', ...bound }], { m: value })[2]).toMatchObject({ verdict, value });
  });

  it('refuse a metric that the run did not record', () => {
    expect(staging([{ metric: 'macro_f1', min: 0 }], { accuracy: 1 })[2]).toMatchObject({
      verdict: 'refused',
      value: null,
    });
  });

  it('refuse a package that does not load, and do not ask it further', () => {
    const gates = stagingGates({
      rules: { thresholds: [], maxLatencyMs: 5 },
      report: { candidate: broken },
      candidate: { metrics: {} },
    });
    expect(gates.map(({ verdict }) => verdict)).toStrictEqual(['refused', 'skipped', 'skipped']);
    expect(isPassed(gates)).toBe(false);
  });

  it('refuse another answer to the stored example, and one that is too slow', () => {
    const got = { label: 'negative', probability: 0.5 };
    const candidate = { ...working, example: { same: false, expected: answer, got } };
    const input = { report: { candidate }, candidate: { metrics: {} } };
    const gates = stagingGates({ ...input, rules: { thresholds: [], maxLatencyMs: 0.3 } });
    expect(gates.slice(1)).toStrictEqual([
      { gate: 'example', verdict: 'refused', expected: answer, got },
      { gate: 'latency', verdict: 'refused', limitMs: 0.3, medianMs: 0.4 },
    ]);
  });
});

describe('gates of Production', () => {
  const truth = [0, 0, 1, 1, 1, 0, 1, 0, 1, 1];
  const right = (n: number) => truth.map((label, row) => (row < n ? label : 1 - label));
  const gainOf = (thresholds: GateRules['thresholds'], rightRows: { candidate: number; production: number }) =>
    productionGates({
      rules: rules(...thresholds),
      report: {
        candidate: { ...working, predictions: right(rightRows.candidate) },
        production: { ...working, predictions: right(rightRows.production) },
        testSet: { labels: ['a', 'b'], truth },
      },
      candidate: { metrics: {} },
      production: { version: 1, metrics: {} },
      seed: 1,
    }).filter(({ gate }) => gate === 'gain');
  const accuracy = (minGain?: number) => [{ metric: 'accuracy', ...(minGain === undefined ? {} : { minGain }) }];

  it.each([
    ['equal', accuracy(0), [8, 8], 'passed'],
    ['better', accuracy(0), [9, 8], 'passed'],
    ['worse', accuracy(0), [7, 8], 'refused'],
    ['worse where no rule speaks of gain', accuracy(), [7, 8], 'refused'],
    ['better by just what is asked', accuracy(0.1), [9, 8], 'passed'],
    ['better by less than is asked', accuracy(0.2), [9, 8], 'refused'],
    ['worse by no more than is allowed', accuracy(-0.1), [7, 8], 'passed'],
  ])('ask both about the same rows: %s', (_case, thresholds, rightRows, verdict) => {
    const [candidate = 0, production = 0] = rightRows;
    const [gate, ...others] = gainOf(thresholds, { candidate, production });
    expect(others).toStrictEqual([]);
    expect(gate).toMatchObject({ verdict, rows: 10, against: 1, metric: 'accuracy' });
    expect(gate).toHaveProperty('gain', expect.closeTo((candidate - production) / 10, 12));
  });

  it('ask about every metric that has a rule for gain', () => {
    const thresholds = [...accuracy(0), { metric: 'macro_f1', minGain: -0.5 }];
    expect(gainOf(thresholds, { candidate: 7, production: 8 }).map(({ verdict }) => verdict)).toStrictEqual([
      'refused',
      'passed',
    ]);
  });

  const recorded = (
    thresholds: GateRules['thresholds'],
    value: Record<string, number>,
    was: Record<string, number> | null,
  ) =>
    productionGates({
      rules: rules(...thresholds),
      report: { candidate: working, production: broken },
      candidate: { metrics: value },
      production: was === null ? null : { version: 4, metrics: was },
      seed: 1,
    }).at(-1);

  it('compare recorded metrics when there is no test set or the former model cannot be asked', () => {
    expect(recorded(accuracy(0), { accuracy: 0.9 }, { accuracy: 0.85 })).toMatchObject({
      verdict: 'passed',
      gain: expect.closeTo(0.05, 12) as number,
      interval: null,
      rows: null,
    });
  });

  it('know that less is better of a metric that has an upper bound only', () => {
    const loss = [{ metric: 'log_loss', max: 1 }];
    expect(recorded(loss, { log_loss: 0.4 }, { log_loss: 0.5 })).toMatchObject({
      verdict: 'passed',
      gain: expect.closeTo(0.1, 12) as number,
    });
    expect(recorded(loss, { log_loss: 0.6 }, { log_loss: 0.5 })).toMatchObject({ verdict: 'refused' });
  });

  it('have nothing to lose against when Production is empty', () => {
    expect(recorded(accuracy(0), { accuracy: 0.1 }, null)).toMatchObject({ verdict: 'skipped', against: null });
  });

  it('refuse when a metric that a rule names cannot be compared, and skip one that nobody named', () => {
    expect(recorded(accuracy(0), {}, { accuracy: 0.8 })).toMatchObject({ verdict: 'refused', gain: null });
    expect(recorded([], {}, {})).toMatchObject({ verdict: 'skipped', metric: 'macro_f1' });
  });

  it('refuse not-a-number', () => {
    expect(recorded(accuracy(0), { accuracy: NaN }, { accuracy: 0.8 })).toMatchObject({ verdict: 'refused' });
  });
});
