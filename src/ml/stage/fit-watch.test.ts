import { expect, it } from 'vitest';
import { FitWatch } from './fit-watch.ts';

it('says at most once a second how far a fit is, and how long it still takes where that is known', () => {
  let now = 0;
  const lines: string[] = [];
  const watch = new FitWatch({ name: 'trees', say: (line) => lines.push(line), now: () => now });
  for (let iteration = 1; iteration <= 40; iteration++) {
    now += 100;
    watch.onProgress({ iteration, total: 40, value: 1 / iteration });
  }
  now += 1000;
  watch.onProgress({ iteration: 41, value: 496, measure: 'nodes' });
  now += 2000;
  watch.onProgress({ iteration: 3, value: 0.5, part: 'positive' });
  expect(lines).toEqual([
    'trees: iteration 10 of 40, 0.1000, about 3 s left',
    'trees: iteration 20 of 40, 0.05000, about 2 s left',
    'trees: iteration 30 of 40, 0.03333, about 1 s left',
    'trees: iteration 40 of 40, 0.02500',
    'trees: iteration 41, nodes 496',
    'trees, positive: iteration 3, 0.5000',
  ]);
});

it('keeps the whole curve, with names that hold commas', () => {
  const watch = new FitWatch({ name: 'x', say: () => undefined });
  watch.onProgress({ iteration: 1, value: 0.5 });
  watch.onProgress({ iteration: 1, value: 0.25, part: 'a, b' });
  expect(watch.curveCsv()).toBe('step,part,iteration,value\n1,,1,0.5\n2,"a, b",1,0.25\n');
});
