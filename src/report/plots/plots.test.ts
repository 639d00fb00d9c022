import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../core/random.ts';
import { styleFor } from '../style.ts';
import { barsOf } from './bars.ts';
import { confusionOf } from './confusion.ts';
import { thinCloud, thinLine } from './downsample.ts';
import type { ChartPlot, PlotSeries, PlotTemplate, PlotValue } from './model.ts';
import { renderPlotsPage } from './page.ts';
import { numberTicks, pointsOf, scaleOf } from './scale.ts';
import { smoothed } from './smooth.ts';
import { renderPlotsText } from './text-plots.ts';

const series = (xs: readonly PlotValue[], ys: readonly PlotValue[], revision = 'workspace'): PlotSeries => ({
  revision,
  file: 'f.csv',
  field: 'y',
  xs,
  ys,
});
const plot = (template: PlotTemplate, ...all: PlotSeries[]): ChartPlot => ({
  kind: 'chart',
  id: 'f.csv',
  title: 'f.csv',
  template,
  xLabel: 'x',
  yLabel: 'y',
  series: all,
});
const page = (...plots: ChartPlot[]) => ({ revisions: ['workspace'], plots, remarks: [] });

describe('an axis', () => {
  it('has marks at multiples of 1, 2 or 5', () => {
    expect(numberTicks(0, 1, 5).map(({ text }) => text)).toEqual(['0.0', '0.2', '0.4', '0.6', '0.8', '1.0']);
    expect(numberTicks(-3, 12, 4).map(({ at }) => at)).toEqual([0, 5, 10]);
  });

  it('leaves out what is no number, and breaks the line there', () => {
    const some = series([0, 1, 2, 3], ['1', 'nan', '3', 'x']);
    const points = pointsOf(some, scaleOf([some.xs]), scaleOf([some.ys]));
    expect(points.map((point) => point?.y)).toEqual([1, undefined, 3, undefined]);
  });

  it('has a place for each text where values are texts', () => {
    const scale = scaleOf([['b', 'a', 'b', 1]]);
    expect(['b', 'a', 1, 'c'].map((value) => scale.valueOf(value))).toEqual([0, 1, 2, undefined]);
  });
});

describe('fewer points', () => {
  it('keep the first, the last and every lowest and highest', () => {
    const random = seededRandom(1);
    const points = Array.from({ length: 100_000 }, (_, row) => ({ x: row, y: row === 54_321 ? 99 : random(), row }));
    const thin = thinLine(points, 1600);
    expect(thin.length).toBeLessThanOrEqual(1700);
    expect([thin[0]?.row, thin.at(-1)?.row]).toEqual([0, 99_999]);
    expect(Math.max(...thin.map((point) => point?.y ?? 0))).toBe(99);
    expect(thinCloud(points, 2500).length).toBeLessThanOrEqual(2500);
  });

  it('draw a straight line smoothly where points lie on one', () => {
    const line = Array.from({ length: 50 }, (_, row) => ({ x: row, y: 3 * row - 7, row }));
    for (const { x, y } of smoothed(line)) expect(y).toBeCloseTo(3 * x - 7, 8);
  });
});

describe('a confusion matrix', () => {
  it('counts pairs, or gives their share of the column', () => {
    const pairs = series(['a', 'a', 'a', 'b'], ['a', 'a', 'b', 'b']);
    const { cell, xs } = confusionOf(pairs, false);
    expect(xs).toEqual(['a', 'b']);
    expect([cell('a', 'a'), cell('a', 'b'), cell('b', 'b'), cell('b', 'a')]).toEqual([2, 1, 1, 0]);
    expect(confusionOf(pairs, true).cell('a', 'b')).toBeCloseTo(1 / 3);
  });
});

describe('bars', () => {
  it('are as long as x, named by y, and sorted where asked for', () => {
    const { rows } = barsOf(plot('bar_horizontal_sorted', series([1, 3, 2], ['p', 'q', 'r'])));
    expect(rows).toEqual([
      { name: 'q', lengths: [3] },
      { name: 'r', lengths: [2] },
      { name: 'p', lengths: [1] },
    ]);
  });
});

describe('the page', () => {
  it('holds nothing of the data as markup', () => {
    const evil = `</script><script>alert(1)</script>"'><img src=x onerror=alert(2)>\u0000`;
    const all = (['linear', 'scatter', 'smooth', 'bar_horizontal', 'confusion'] as const).map((template) => ({
      ...plot(template, { ...series([evil, 1, 2], [1, evil, 3], evil), file: evil, field: evil }),
      id: evil,
      title: evil,
      xLabel: evil,
      yLabel: evil,
    }));
    const html = renderPlotsPage({ revisions: [evil], plots: all, remarks: [evil] });
    expect(html.match(/<script/g)).toHaveLength(1);
    expect(html).not.toMatch(/<img|onerror=alert\(2\)>|\0/);
  });

  it('draws a million rows in a few thousand marks, and says so', () => {
    const random = seededRandom(2);
    const xs = Array.from({ length: 1_000_000 }, (_, row) => row);
    const started = performance.now();
    const html = renderPlotsPage(
      page(
        plot(
          'linear',
          series(
            xs,
            xs.map(() => random()),
          ),
        ),
      ),
    );
    expect(html.length).toBeLessThan(300_000);
    expect(html).toMatch(/of 1000000 points drawn/);
    expect(performance.now() - started).toBeLessThan(20_000);
  });

  it.each([
    [[], []],
    [
      [Number.NaN, Infinity],
      [null, -Infinity],
    ],
    [
      [0, 0],
      [5, 5],
    ],
    [
      ['a', 1, true],
      [null, 'x', 2],
    ],
  ])('can draw what has nothing to draw: %#', (xs, ys) => {
    for (const template of ['linear', 'scatter', 'smooth', 'bar_horizontal_sorted', 'confusion_normalized'] as const) {
      const one = page(plot(template, series(xs, ys)));
      expect(/<main>.*<\/main>/s.exec(renderPlotsPage(one))?.[0]).not.toMatch(/NaN[ "]|Infinity[ "]|undefined/);
      expect(renderPlotsText(one, { style: styleFor(false), columns: 80 })).not.toContain('undefined');
    }
  });
});

describe('plots as text', () => {
  it('fit 80 columns and are right without colour', () => {
    const xs = Array.from({ length: 200 }, (_, row) => row);
    const all = page(
      plot(
        'linear',
        series(
          xs,
          xs.map((x) => Math.sin(x / 9)),
        ),
      ),
      plot('bar_horizontal', series([1, -3.25], ['a name that is much too long for its place', 'q'])),
      plot('confusion', series(['a', 'b', 'b'], ['a', 'b', 'a'])),
    );
    const text = renderPlotsText(all, { style: styleFor(false), columns: 80 });
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(text).toMatch(/b +0 +1 █/);
    expect(text).toContain('-3.25');
  });

  it('the ends of the axis below are the first and the last value, whichever round numbers lie between', () => {
    const shown = (xs: readonly PlotValue[]): string =>
      renderPlotsText(page(plot('linear', series(xs, [1, 2, 3]))), { style: styleFor(false), columns: 60 });
    expect(shown([1, 21, 43])).toMatch(/^ +1 .* 43$/m);
    expect(shown(['mon', 'tue', 'wed'])).toMatch(/^ +mon .* wed$/m);
  });
});
