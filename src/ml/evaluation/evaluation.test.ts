import { describe, expect, it } from 'vitest';
import type { ModelPackage } from '../package/types.ts';
import { confusionSvg } from './confusion-svg.ts';
import { evaluateModel } from './evaluate.ts';
import { metricsOf } from './write-report.ts';

/** Says what the text names: `a 0.9` is class a with probability 0.9. */
const parrot = {
  info: { classes: ['a', 'b'] },
  predict: (texts: readonly string[]) =>
    texts.map((text) => {
      const [label = '', probability = ''] = text.split(' ');
      const own = Number(probability);
      return { label, probabilities: label === 'a' ? [own, 1 - own] : [1 - own, own] };
    }),
} as unknown as ModelPackage;

const evaluate = (texts: string[], labels: string[]): ReturnType<typeof evaluateModel> =>
  evaluateModel(parrot, { texts, labels, blank: 0 }, 'test.csv');

describe('an evaluation', () => {
  it('counts what was right, and puts the surest mistakes first', () => {
    const found = evaluate(['a 0.9', 'a 0.6', 'b 0.8', 'b 0.99'], ['a', 'b', 'b', 'a']);
    if (!found.ok) throw new Error(found.error.reason);
    expect(found.value.accuracy).toBe(0.5);
    expect(Array.from(found.value.confusion)).toEqual([1, 1, 1, 1]);
    expect(found.value.mistakes.map(({ text }) => text)).toEqual(['b 0.99', 'a 0.6']);
    const surprise = -(Math.log(0.9) + Math.log(0.4) + Math.log(0.8) + Math.log(1 - 0.99)) / 4;
    expect(found.value.logLoss).toBeCloseTo(surprise, 12);
    expect(metricsOf(found.value)).toMatchObject({ accuracy: 0.5, macro_f1: 0.5, classes: { a: { support: 2 } } });
  });

  it('a label that the model does not know is named with its row', () => {
    const found = evaluate(['a 0.9', 'a 0.6'], ['a', 'c']);
    expect(found.ok ? '' : found.error.detail).toMatchObject({ row: 3, label: 'c', known: ['a', 'b'] });
  });
});

it('the picture shows every count and share, and escapes names', () => {
  const svg = confusionSvg(['<a>', 'b & c'], Int32Array.of(3, 1, 0, 12));
  for (const part of ['&lt;a&gt;', 'b &amp; c', '>3<', '75.0 %', '>12<', '100.0 %', '0.0 %'])
    expect(svg).toContain(part);
  expect(svg).not.toContain('<a>');
});
