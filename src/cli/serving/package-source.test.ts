import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failure } from '../../core/failure.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { ModelPackage } from '../../ml/package/types.ts';
import { WordModel } from '../../serve/test-kit.ts';
import { PackageSource } from './package-source.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mlp-package-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function rig() {
  const at: { loads: number; outcome: Result<ModelPackage> } = { loads: 0, outcome: ok(new WordModel()) };
  const source = new PackageSource(folder, () => {
    at.loads += 1;
    return Promise.resolve(at.outcome);
  });
  return { at, source };
}

describe('PackageSource', () => {
  it('reads a package once while its files stay the same, and again when one changes', async () => {
    const { at, source } = rig();
    await writeFile(join(folder, 'model.json'), '{}');
    await writeFile(join(folder, 'weights.bin'), 'a');
    const first = await source.current();
    expect(first).toMatchObject({ value: { name: 'sentiment', version: 'local', stage: 'package' } });
    expect((await source.load()).ok).toBe(true);
    await source.current();
    expect(at.loads).toBe(1);
    await utimes(join(folder, 'weights.bin'), 1, 1);
    const second = await source.current();
    expect(at.loads).toBe(2);
    expect(first.ok && second.ok && first.value.hash !== second.value.hash).toBe(true);
  });

  it('does not read a package that fails over and over, only when more of it is there', async () => {
    const { at, source } = rig();
    await writeFile(join(folder, 'model.json'), '{}');
    at.outcome = err(failure('model-package-missing', { folder: 'half' }));
    expect((await source.current()).ok).toBe(false);
    expect((await source.current()).ok).toBe(false);
    expect(at.loads).toBe(1);
    at.outcome = ok(new WordModel());
    await writeFile(join(folder, 'weights.bin'), 'a');
    expect((await source.current()).ok).toBe(true);
  });

  it('says when the folder, or the model.json in it, is missing', async () => {
    const { source } = rig();
    expect(await source.current()).toMatchObject({ error: { reason: 'model-package-missing' } });
    await rm(folder, { recursive: true });
    expect(await source.current()).toMatchObject({ error: { reason: 'model-package-missing' } });
  });
});
