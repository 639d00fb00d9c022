import { describe, expect, it } from 'vitest';
import { renderFailure } from './failure.ts';
import { styleFor } from './style.ts';
import { parseLock } from '../record/lock-file.ts';
import { parseParamsFile } from '../config/params-file.ts';
import { parsePipeline } from '../config/parse-pipeline.ts';

const levels = 50_000;
const values: readonly (readonly [how: string, text: string])[] = [
  ['lists in one line', '['.repeat(levels) + ']'.repeat(levels)],
  ['maps in one line', '{a: '.repeat(5000) + '}'.repeat(5000)],
  ['list items in one line', `\n    ${'- '.repeat(levels)}x`],
];

describe('values nested without end', () => {
  for (const [how, text] of values) {
    it(`are refused within a second, and shown as quickly: ${how}`, () => {
      const startedAt = performance.now();
      const yaml = `vars:\n- l: ${text}\nstages: {s: {cmd: x}}\n`;
      const config = parsePipeline(yaml, 'pipeline.yaml', () => undefined);
      expect(config).toMatchObject({ ok: false, error: [{ reason: 'file-too-complex' }] });
      const [problem] = config.ok ? [] : config.error;
      if (problem === undefined) return;
      renderFailure(problem, { style: styleFor(false), columns: 80, readLines: () => yaml.split('\n') });
      expect(performance.now() - startedAt).toBeLessThan(3000);
    });
  }

  it('are refused in JSON, at their place far into a long line', () => {
    const json = `{"é": ${'['.repeat(levels)}${']'.repeat(levels)}}`;
    const startedAt = performance.now();
    const refused = parseParamsFile(json, 'params.json');
    expect(refused).toMatchObject({ ok: false, error: { reason: 'file-too-complex' } });
    if (refused.ok) return;
    renderFailure(refused.error, { style: styleFor(false), columns: 80, readLines: () => [json] });
    expect(performance.now() - startedAt).toBeLessThan(3000);
  });

  it('are refused in a lock file', async () => {
    const lock = await parseLock(`schema: '1'\nstages: ${'['.repeat(levels)}`, 'pipeline.lock');
    expect(lock).toMatchObject({ ok: false, error: { reason: 'lock-file-invalid' } });
  });
});
