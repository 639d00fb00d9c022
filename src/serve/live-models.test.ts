import { describe, expect, it } from 'vitest';
import { failure } from '../core/failure.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { ModelPackage } from '../ml/package/types.ts';
import type { ServeEvent } from './events.ts';
import { LiveModels } from './live-models.ts';
import type { ServedVersion } from './model-source.ts';
import { versionNamed, WordModel } from './test-kit.ts';

const gone = failure('no-model-to-serve', { stage: 'production' });

function rig() {
  const at: { now: number; version: Result<ServedVersion>; loads: number; model: () => Result<ModelPackage> } = {
    now: 0,
    version: ok(versionNamed('1')),
    loads: 0,
    model: () => ok(new WordModel()),
  };
  const events: ServeEvent[] = [];
  const models = new LiveModels({
    source: {
      current: () => Promise.resolve(at.version),
      load: () => {
        at.loads += 1;
        return Promise.resolve(at.model());
      },
    },
    clock: { now: () => at.now },
    tell: (event) => events.push(event),
  });
  return { at, events, models, kinds: () => events.map((event) => event.type) };
}

describe('LiveModels', () => {
  it('loads a version once and swaps when the source names another', async () => {
    const { at, models, events } = rig();
    await models.refresh();
    await models.refresh();
    expect(at.loads).toBe(1);
    const first = models.current;
    at.version = ok(versionNamed('2'));
    await models.refresh();
    expect(models.current?.version.version).toBe('2');
    expect(first?.version.version).toBe('1');
    expect(events).toEqual([
      { type: 'model-loaded', version: versionNamed('1') },
      { type: 'model-loaded', version: versionNamed('2'), was: versionNamed('1') },
    ]);
  });

  it('swaps when the content changes under the same version', async () => {
    const { at, models } = rig();
    await models.refresh();
    at.version = ok({ ...versionNamed('1'), hash: 'f'.repeat(64) });
    await models.refresh();
    expect(at.loads).toBe(2);
  });

  it('keeps what it has when the new version does not load, and backs off before it tries again', async () => {
    const { at, models, events } = rig();
    await models.refresh();
    at.version = ok(versionNamed('2'));
    at.model = () => err(failure('model-package-missing', { folder: 'x' }));
    const tried: number[] = [];
    for (at.now = 0; at.now <= 8_000; at.now += 500) {
      const before = at.loads;
      expect((await models.refresh()).ok).toBe(false);
      if (at.loads > before) tried.push(at.now);
    }
    expect(tried).toEqual([0, 1_000, 3_000, 7_000]);
    expect(models.current?.version.version).toBe('1');
    expect(events.filter((event) => event.type === 'model-failed').map((event) => event.retryInMs)).toEqual([
      1_000, 2_000, 4_000, 8_000,
    ]);
    at.now = 1e9;
    at.model = () => ok(new WordModel());
    await models.refresh();
    expect(models.current?.version.version).toBe('2');
  });

  it('never waits longer than a minute between two attempts', async () => {
    const { at, models, events } = rig();
    at.model = () => err(failure('model-package-missing', { folder: 'x' }));
    for (let i = 0; i < 12; i++) {
      await models.refresh();
      at.now += 60_000;
    }
    expect(at.loads).toBe(12);
    expect(events.at(-1)).toMatchObject({ retryInMs: 60_000 });
  });

  it('tries another version at once although the last one failed', async () => {
    const { at, models } = rig();
    at.model = () => err(failure('model-package-missing', { folder: 'x' }));
    await models.refresh();
    at.version = ok(versionNamed('2'));
    at.model = () => ok(new WordModel());
    await models.refresh();
    expect(models.current?.version.version).toBe('2');
  });

  it('does not serve a model that fails to reproduce its example', async () => {
    const { at, models } = rig();
    at.model = () => ok(new WordModel(false));
    const result = await models.refresh();
    expect(result.ok ? undefined : result.error.reason).toBe('example-not-reproduced');
    expect(models.current).toBeUndefined();
  });

  it('keeps serving when the source fails, and says so once', async () => {
    const { at, models, kinds } = rig();
    await models.refresh();
    at.version = err(gone);
    await models.refresh();
    await models.refresh();
    expect(models.current?.version.version).toBe('1');
    at.version = ok(versionNamed('1'));
    await models.refresh();
    expect(kinds()).toEqual(['model-loaded', 'source-failed', 'source-recovered']);
    expect(at.loads).toBe(1);
  });

  it('follows the source until it is stopped', async () => {
    const { at, models } = rig();
    await models.refresh();
    models.follow(5);
    at.version = ok(versionNamed('2'));
    await expect.poll(() => models.current?.version.version).toBe('2');
    models.stop();
    at.version = ok(versionNamed('3'));
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(models.current?.version.version).toBe('2');
  });
});
