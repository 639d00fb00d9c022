import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { displayWidth } from '../../report/display-width.ts';
import { renderDiagnosis } from '../../report/doctor.ts';
import { styleFor } from '../../report/style.ts';
import { checkNode } from './check-machine.ts';
import type { Finding } from './finding.ts';
import { measureTick, tickFinding } from './measure-tick.ts';

describe('the version of Node', () => {
  it.each([
    ['18.20.0', 'problem'],
    ['20.18.9', 'problem'],
    ['20.19.0', 'ok'],
    ['22.1.0', 'ok'],
    ['26.0.0', 'ok'],
  ])('%s is a %s', (version, verdict) => {
    expect(checkNode(version).verdict).toBe(verdict);
  });
});

describe('the times of files', () => {
  const tick = { stepMs: 4, stillMs: 3.9, whole: false, aheadMs: 0 };

  it('are measured by writing', () => {
    const folder = mkdtempSync(join(tmpdir(), 'mlp-tick-'));
    const { stepMs, stillMs } = measureTick(join(folder, 'tick'));
    rmSync(folder, { recursive: true });
    expect(stepMs).toBeGreaterThan(0);
    expect(stillMs).toBeLessThan(300);
  });

  it.each([
    ['finer than mlp assumes', {}, 'ok'],
    [
      'coarser than mlp assumes, where two writes were seen with one time',
      { stillMs: 60, stepMs: undefined },
      'problem',
    ],
    ['whole seconds, which mlp knows', { whole: true, stillMs: 299, stepMs: undefined }, 'ok'],
    ["ahead of this machine's clock", { aheadMs: 5000 }, 'note'],
  ] as const)('%s', (_, measured, verdict) => {
    expect(tickFinding({ ...tick, ...measured }).verdict).toBe(verdict);
  });
});

describe('the screen', () => {
  const finding = (verdict: Finding['verdict'], text: string): Finding => ({
    area: 'cache',
    subject: '.mlp/cache',
    verdict,
    text,
    next: 'mlp doctor --fix sets them aside; the next mlp repro makes them again',
  });
  const long = '3 of 1200 objects damaged: 0011aabb.., 2233ccdd.., 4455eeff.. and then some more words';
  const render = (findings: readonly Finding[], columns: number): string =>
    renderDiagnosis({ findings, seconds: 0.1 }, { style: styleFor(false), columns });

  it.each([60, 80, 120])('breaks lines between words at %d columns', (columns) => {
    const text = render([finding('problem', long)], columns);
    expect(Math.max(...text.split('\n').map(displayWidth))).toBeLessThanOrEqual(columns);
    expect(text.replaceAll(/\s+/g, ' ')).toContain(long);
  });

  it('says at the end how many problems are left, and whether --fix mends them', () => {
    const mend = (): { ok: true; value: string } => ({ ok: true, value: 'done' });
    const ends = (findings: readonly Finding[]): string | undefined =>
      render(findings, 80).trimEnd().split('\n').at(-1);
    expect(ends([finding('note', 'x')])).toBe('  healthy (0.10s)');
    expect(ends([finding('problem', 'x')])).toBe('  1 problem (0.10s)');
    expect(ends([{ ...finding('problem', 'x'), mend }])).toBe('  1 problem; mlp doctor --fix mends it (0.10s)');
    const both = [{ ...finding('problem', 'x'), mend }, finding('problem', 'y')];
    expect(ends(both)).toBe('  2 problems; mlp doctor --fix mends 1 (0.10s)');
  });
});
