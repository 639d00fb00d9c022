import { describe, expect, test } from 'vitest';
import { asStageName } from '../core/brands.ts';
import { fingerprintOf } from './fingerprint.ts';
import { file, out, planInput, recorded, stage } from './plan-fixtures.ts';
import { planRun, stateBefore, viewOf, type PlanInput } from './plan-run.ts';
import { planStage } from './plan-stage.ts';
import type { StagePlan } from './types.ts';

const a = stage('a', { deps: ['in'], outs: ['a.out'] });
const b = stage('b', { deps: ['a.out'], outs: ['b.out'] });
const built = [file('in', '1'), file('a.out', 'A'), file('b.out', 'B')];
const evidence = {
  a: recorded(a, [file('in', '1')], [file('a.out', 'A')]),
  b: recorded(b, [file('a.out', 'A')], [file('b.out', 'B')]),
};

function plansOf(input: PlanInput): readonly StagePlan[] {
  const plan = planRun(input);
  if (!plan.ok) throw new Error(plan.error.map(({ reason }) => reason).join());
  return plan.value.stages;
}

const shortly = (input: PlanInput): string[] =>
  plansOf(input).map(
    ({ stage: name, action, certain, reasons }) =>
      `${name} ${action}${certain ? '' : '?'}${reasons.map(({ kind }) => ` ${kind}`).join('')}`,
  );

describe('a plan', () => {
  test('skips all when inputs and outs are as recorded', () => {
    expect(shortly(planInput({ stages: [a, b], standing: built, evidence }))).toEqual(['a skip', 'b skip']);
  });

  test('runs what is stale, and below it runs that are not certain', () => {
    const standing = [file('in', '2'), ...built.slice(1)];
    expect(shortly(planInput({ stages: [a, b], standing, evidence }))).toEqual([
      'a run dep-changed',
      'b run? upstream',
    ]);
    expect(plansOf(planInput({ stages: [a, b], standing, evidence }))[1]).not.toHaveProperty('fingerprint');
  });

  test('goes on with the known content of what it restores, also to a stage that is then up to date', () => {
    const standing = [file('in', '2'), file('a.out', 'other'), file('b.out', 'B')];
    const print = fingerprintOf({
      cmd: a.cmd,
      wdir: '.',
      deps: [file('in', '2')],
      params: {},
      env: {},
      outs: ['a.out'],
    });
    const known = new Map([[print, { outs: [file('a.out', 'A')], madeBy: 'calm-otter-1' }]]);
    const world = { stages: [a, b], standing, evidence, known };
    expect(shortly(planInput({ ...world, cached: [file('a.out', 'A')] }))).toEqual([
      'a restore dep-changed out-changed',
      'b skip',
    ]);
    expect(shortly(planInput({ ...world, cached: [] }))[0]).toBe('a run dep-changed out-changed');
  });

  test('knows a restored directory as a whole; a dep inside it waits for the stage', () => {
    const maker = stage('maker', { deps: ['in'], outs: ['dir'] });
    const whole = stage('whole', { deps: ['dir'] });
    const inside = stage('inside', { deps: ['dir/x'] });
    const dir = { ...file('dir', 'D'), files: 1 };
    const input = planInput({
      stages: [maker, whole, inside],
      standing: [file('in', '1')],
      cached: [dir],
      evidence: {
        maker: recorded(maker, [file('in', '1')], [dir]),
        whole: recorded(whole, [dir], []),
        inside: recorded(inside, [file('dir/x', 'x')], []),
      },
    });
    expect(shortly(input)).toEqual(['maker checkout out-missing', 'whole skip', 'inside run? upstream']);
  });

  test('puts recorded outs back only when every one can be had', () => {
    const two = stage('two', { outs: ['x', 'y'] });
    const entry = { two: recorded(two, [], [file('x', 'X'), file('y', 'Y')]) };
    const world = { stages: [two], evidence: entry, standing: [file('x', 'X')] };
    expect(shortly(planInput({ ...world, cached: [file('y', 'Y')] }))).toEqual(['two checkout out-missing']);
    expect(shortly(planInput(world))).toEqual(['two run out-missing']);
  });

  test('tells which outs the cache has lost, of those that it should keep', () => {
    const two = stage('two', { outs: ['x', out('y', { cache: false })] });
    const standing = [file('x', 'X'), file('y', 'Y')];
    const input = planInput({ stages: [two], standing, evidence: { two: recorded(two, [], standing) } });
    expect(plansOf(input)[0]).toMatchObject({ action: 'skip', uncached: ['x'] });
  });

  test('runs forced stages and always changed ones, certainly', () => {
    const always = stage('always', { deps: ['in'], outs: ['al'], alwaysChanged: true });
    const effect = stage('effect');
    const standing = [...built, file('al', 'x')];
    const input = planInput({
      stages: [a, b, always, effect],
      standing,
      evidence: {
        ...evidence,
        always: recorded(always, [file('in', '1')], [file('al', 'x')]),
        effect: recorded(effect, [], []),
      },
      forced: ['a'],
    });
    expect(shortly(input)).toEqual([
      'a run forced',
      'b run? upstream',
      'always run always-changed',
      'effect run always-changed',
    ]);
  });

  test('does not check a frozen stage, and cuts staleness off at it', () => {
    const frozen = stage('a', { deps: ['in'], outs: ['a.out'], frozen: true });
    const changed = [file('in', '2'), file('a.out', 'edited'), file('b.out', 'B')];
    expect(shortly(planInput({ stages: [frozen, b], standing: changed, evidence }))).toEqual([
      'a skip',
      'b run dep-changed',
    ]);
    const gone = planRun(planInput({ stages: [frozen, b], standing: [file('b.out', 'B')], evidence }));
    expect(gone).toMatchObject({ ok: false, error: [{ reason: 'frozen-out-missing' }, { reason: 'missing-dep' }] });
    const cached = [file('a.out', 'A')];
    expect(shortly(planInput({ stages: [frozen, b], standing: [file('b.out', 'B')], evidence, cached }))).toEqual([
      'a checkout out-missing',
      'b skip',
    ]);
  });

  test('never restores a result of a stage that adds to what it made before', () => {
    const adds = stage('adds', { deps: ['in'], outs: [out('log', { persist: true })] });
    const print = fingerprintOf({
      cmd: adds.cmd,
      wdir: '.',
      deps: [file('in', '1')],
      params: {},
      env: {},
      outs: ['log'],
    });
    const known = new Map([[print, { outs: [file('log', 'L')] }]]);
    const input = planInput({ stages: [adds], standing: [file('in', '1')], known, cached: [file('log', 'L')] });
    expect(shortly(input)).toEqual(['adds run never-run']);
  });

  test('does not take a known result that lacks an out', () => {
    const two = stage('two', { outs: ['x', 'y'] });
    const print = fingerprintOf({ cmd: two.cmd, wdir: '.', deps: [], params: {}, env: {}, outs: ['x', 'y'] });
    const known = new Map([[print, { outs: [file('x', 'X')] }]]);
    expect(shortly(planInput({ stages: [two], known, cached: [file('x', 'X')] }))).toEqual(['two run never-run']);
  });

  test('waits for a params file that a stage has yet to make, and does not call its keys removed or missing', () => {
    const at = { file: 'pipeline.yaml', line: 1, column: 1, length: 1 };
    const tune = stage('tune', { deps: ['in'], outs: ['best.yaml'] });
    const use = stage('use', { outs: ['u'], params: [{ file: 'best.yaml', at, keys: [{ key: 'c', at }] }] });
    const world = {
      stages: [tune, use],
      standing: [file('in', '2'), file('best.yaml', 'c: 1'), file('u', 'U')],
      evidence: {
        tune: recorded(tune, [file('in', '1')], [file('best.yaml', 'c: 1')]),
        use: { ...recorded(use, [], [file('u', 'U')]), params: { 'best.yaml': { c: 1 } } },
      },
      params: { use: { 'best.yaml': { c: 1 } } },
    };
    expect(shortly(planInput(world))).toEqual(['tune run dep-changed', 'use run? upstream']);
    const input = planInput({ ...world, params: {} });
    const missing = [{ file: 'best.yaml', key: 'c', near: [], at }];
    const lacking = {
      ...input,
      settingsOf: (of: { name: string }) => ({ params: {}, missingParams: of.name === 'use' ? missing : [], env: {} }),
    };
    expect(shortly(lacking)).toEqual(['tune run dep-changed', 'use run? upstream']);
  });

  test('fails, with all at once, for deps that nobody makes', () => {
    const c = stage('c', { deps: ['inn', 'gone'] });
    const problems = planRun(planInput({ stages: [a, c], standing: [file('in', '1')] }));
    expect(problems).toMatchObject({
      ok: false,
      error: [
        { reason: 'missing-dep', stage: 'c', detail: { path: 'inn', near: ['in'] } },
        { reason: 'missing-dep', stage: 'c', detail: { path: 'gone' } },
      ],
    });
  });

  test('of ten thousand stages takes no more than seconds', () => {
    const stages = Array.from({ length: 10_000 }, (_, i) =>
      stage(`s${i}`, { deps: i === 0 ? [] : [`o${i - 1}`], outs: [`o${i}`] }),
    );
    const makers = new Map(stages.map(({ name }, i) => [`o${i}`, [name]]));
    const input = { ...planInput({ stages }), makersOf: (path: string) => makers.get(path) ?? [] };
    const startedAt = performance.now();
    const plans = plansOf(input);
    expect(performance.now() - startedAt).toBeLessThan(5000);
    expect(plans.filter(({ action }) => action === 'run')).toHaveLength(10_000);
  });
});

test('early cut-off: once the stage above has left the recorded bytes, the one below is up to date', () => {
  const input = planInput({ stages: [a, b], standing: [file('in', '2'), ...built.slice(1)], evidence });
  const artifacts = new Map(input.artifacts);
  const decide = (pending: string[]): string =>
    planStage(viewOf(b, input, { ...stateBefore({ artifacts }), pending: new Set(pending.map(asStageName)) })).action;
  expect(decide(['a'])).toBe('run');
  expect(decide([])).toBe('skip');
  artifacts.set('a.out', file('a.out', 'another'));
  expect(decide([])).toBe('run');
});
