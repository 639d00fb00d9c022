import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { ok } from '../core/result.ts';
import { LiveModels } from './live-models.ts';
import { versionNamed, WordModel } from './test-kit.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** As heavy as a real one: 4 MB of weights. */
class HeavyModel extends WordModel {
  readonly weights = new Float64Array(512 * 1024).fill(1);
}

describe('a hundred reloads', () => {
  it('leave one model in memory', async () => {
    const at = { version: 0 };
    const seen: WeakRef<HeavyModel>[] = [];
    const models = new LiveModels({
      source: {
        current: () => Promise.resolve(ok(versionNamed(String(at.version)))),
        load: () => {
          const model = new HeavyModel();
          seen.push(new WeakRef(model));
          return Promise.resolve(ok(model));
        },
      },
      clock: { now: () => 0 },
      tell: () => undefined,
    });
    const held = async (reloads: number): Promise<number> => {
      for (let i = 0; i < reloads; i++) {
        at.version += 1;
        await models.refresh();
      }
      // A WeakRef keeps its target until the job ends in which it was made.
      await new Promise((resolve) => setTimeout(resolve, 20));
      collect();
      // Buffers of dead arrays are freed by another thread.
      await new Promise((resolve) => setTimeout(resolve, 100));
      collect();
      return process.memoryUsage().arrayBuffers;
    };
    const early = await held(10);
    const late = await held(100);
    expect(seen).toHaveLength(110);
    expect(seen.filter((model) => model.deref() !== undefined)).toHaveLength(1);
    expect(late - early).toBeLessThan(4 * 1024 * 1024);
  });
});
