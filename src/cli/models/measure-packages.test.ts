import { describe, expect, it } from 'vitest';
import { failure } from '../../core/failure.ts';
import { err, ok } from '../../core/result.ts';
import type { ModelInput } from '../../ml/columns/column.ts';
import type { ModelPackage, Prediction } from '../../ml/package/types.ts';
import { type MeasureTools, measurePackages } from './measure-packages.ts';

const classes = ['bad', 'good'];
/** Says `good` of texts that hold its word. */
const modelFor = (word: string, columns: readonly string[] = []): ModelPackage => {
  const predict = (input: ModelInput): Prediction =>
    (typeof input === 'string' ? input : input.text).includes(word)
      ? { label: 'good', probabilities: [0.1, 0.9] }
      : { label: 'bad', probabilities: [0.8, 0.2] };
  return {
    // The code under test reads no more of it.
    info: {
      classes,
      signature: { columns: columns.map((name) => ({ name, type: 'number' })) },
    } as unknown as ModelPackage['info'],
    predict: (texts) => texts.map(predict),
    reproduceExample: () => ({ same: true, expected: predict(word), got: predict(word), text: word, input: word }),
  };
};
const tools: MeasureTools = {
  load: (folder) =>
    Promise.resolve(
      folder === '/broken' ? err(failure('model-package-missing', { folder })) : ok(modelFor(folder.slice(1))),
    ),
  readTestSet: () =>
    Promise.resolve(ok({ texts: ['fine day', 'nice day', 'rain'], labels: ['good', 'good', 'sad'], blank: 0 })),
};
const testSet = { path: 't.csv', textColumn: 'text', labelColumn: 'label' };

describe('measurePackages', () => {
  it('gives both answers to every row, as places in one list of labels', async () => {
    const report = await measurePackages({ candidate: '/day', production: '/fine', testSet }, tools);
    if (!report.ok || report.value.testSet === undefined) throw new Error('no report');
    const { candidate, production, testSet: asked } = report.value;
    const { labels, truth } = asked;
    const named = (places: readonly number[] | undefined): (string | undefined)[] =>
      (places ?? []).map((at) => labels[at]);
    expect(named(truth)).toStrictEqual(['good', 'good', 'sad']);
    expect(candidate.loads && named(candidate.predictions)).toStrictEqual(['good', 'good', 'bad']);
    expect(production?.loads === true && named(production.predictions)).toStrictEqual(['good', 'bad', 'bad']);
  });

  it('gives the probability of the label that was said', async () => {
    const report = await measurePackages({ candidate: '/day' }, tools);
    expect(report).toMatchObject({ value: { candidate: { example: { got: { label: 'good', probability: 0.9 } } } } });
  });

  it('reports a package that does not load instead of failing', async () => {
    const report = await measurePackages({ candidate: '/broken', production: '/fine', testSet }, tools);
    expect(report).toMatchObject({ ok: true, value: { candidate: { loads: false }, production: { loads: true } } });
  });

  it('asks a model that takes other columns where the test set has them, and only there', async () => {
    const asked = async (columns: Record<string, string[]>): Promise<readonly number[] | undefined> => {
      const data = {
        texts: ['fine day', 'rain'],
        labels: ['good', 'bad'],
        blank: 0,
        columns: new Map(Object.entries(columns)),
      };
      const report = await measurePackages(
        { candidate: '/day', testSet },
        { load: () => Promise.resolve(ok(modelFor('day', ['likes']))), readTestSet: () => Promise.resolve(ok(data)) },
      );
      if (!report.ok || !report.value.candidate.loads) throw new Error('no report');
      return report.value.candidate.predictions;
    };
    expect(await asked({ likes: ['1', ''], more: ['x', 'y'] })).toEqual([0, 1]);
    expect(await asked({ more: ['x', 'y'] })).toBeUndefined();
    expect(await asked({ likes: ['1', 'many'] })).toBeUndefined();
  });

  it('fails when the test set cannot be read', async () => {
    const unreadable: MeasureTools = {
      ...tools,
      readTestSet: ({ path }) => Promise.resolve(err(failure('test-set-missing', { path }))),
    };
    expect(await measurePackages({ candidate: '/day', testSet }, unreadable)).toMatchObject({
      ok: false,
      error: { reason: 'test-set-missing' },
    });
  });
});
