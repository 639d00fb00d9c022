import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../core/random.ts';
import { cohenKappa, matthewsCorrelation } from './agreement.ts';
import { compareModels } from './compare-models.ts';
import { scoreIntervals } from './intervals.ts';
import { mcnemar } from './mcnemar.ts';
import { rankEachClass, rocAucOneVsOne, rocAucOneVsRest } from './multiclass-ranking.ts';
import { calibrationError, logLoss } from './probability.ts';

/** Truths and answers that are right with the probability given. */
function answers(rows: number, right: readonly number[], seed: number): { truth: Int32Array; said: Int32Array[] } {
  const random = seededRandom(seed);
  const truth = Int32Array.from({ length: rows }, () => Math.floor(random() * 3));
  const said = right.map((share) => truth.map((own) => (random() < share ? own : (own + 1) % 3)));
  return { truth, said };
}

describe('bootstrap intervals', () => {
  it('hold the true accuracy in about 95 of 100 samples, and are the same for the same seed', () => {
    let held = 0;
    for (let sample = 0; sample < 200; sample++) {
      const { truth, said } = answers(150, [0.8], sample);
      const found = scoreIntervals({ truth, predicted: said[0]!, classes: 3 }, sample);
      const [low, high] = found.accuracy;
      if (low <= 0.8 && 0.8 <= high) held++;
      if (sample === 0) expect(scoreIntervals({ truth, predicted: said[0]!, classes: 3 }, 0)).toEqual(found);
    }
    expect(held).toBeGreaterThan(178);
    expect(held).toBeLessThan(200);
  });
});

describe('two models on the same rows', () => {
  it('a clear winner is one: the interval is above 0 and the probability of chance small', () => {
    const { truth, said } = answers(800, [0.7, 0.8], 5);
    const found = compareModels({ truth, first: said[0]!, second: said[1]!, classes: 3 }, 1);
    expect(found.accuracy.gain).toBeCloseTo(found.accuracy.second - found.accuracy.first, 12);
    expect(found.accuracy.interval[0]).toBeGreaterThan(0);
    expect(found.macroF1.interval[0]).toBeGreaterThan(0);
    expect(found.mcnemar.exact).toBeLessThan(0.001);
  });

  it('the same answers are no gain at all, and turning the models round turns the gain round', () => {
    const { truth, said } = answers(300, [0.7, 0.75], 6);
    const [first, second] = [said[0]!, said[1]!];
    const same = compareModels({ truth, first, second: first, classes: 3 }, 1);
    expect(same).toMatchObject({ accuracy: { gain: 0, interval: [0, 0] }, mcnemar: { exact: 1, approximate: 1 } });
    const there = compareModels({ truth, first, second, classes: 3 }, 1);
    const back = compareModels({ truth, first: second, second: first, classes: 3 }, 1);
    expect(back.macroF1.gain).toBeCloseTo(-there.macroF1.gain, 12);
    expect(back.mcnemar.exact).toBe(there.mcnemar.exact);
  });

  it('equally good models are told apart by chance in at most 5 of 100 samples', () => {
    let found = 0;
    for (let sample = 0; sample < 400; sample++) {
      const { truth, said } = answers(200, [0.75, 0.75], sample);
      const both = truth.map((own, row) => (said[0]![row] === own ? 1 : 0));
      const onlyFirst = both.filter((hit, row) => hit === 1 && said[1]![row] !== truth[row]).length;
      const onlySecond = both.filter((hit, row) => hit === 0 && said[1]![row] === truth[row]).length;
      if (mcnemar({ onlyFirst, onlySecond }).exact < 0.05) found++;
    }
    expect(found / 400).toBeLessThan(0.06);
  });
});

describe('at the edges', () => {
  it('agreement says 0 where one class alone is known', () => {
    expect(matthewsCorrelation(Int32Array.of(5, 0, 0, 0), 2)).toBe(0);
    expect(cohenKappa(Int32Array.of(5, 0, 0, 0), 2)).toBe(0);
  });

  it('classes without rows are left out of ranked means', () => {
    const judged = {
      truth: Int32Array.of(0, 1, 0, 1),
      probabilities: Float64Array.of(0.7, 0.2, 0.1, 0.1, 0.8, 0.1, 0.4, 0.5, 0.1, 0.2, 0.6, 0.2),
      classes: 3,
    };
    const [ovr, ovo] = [rocAucOneVsRest(rankEachClass(judged)), rocAucOneVsOne(judged)];
    expect([ovr.macro, ovr.weighted, ovo.macro, ovo.weighted]).toEqual([1, 1, 1, 1]);
    expect([...ovr.each]).toEqual([1, 1, NaN]);
  });

  it('a sure mistake costs much, not everything', () => {
    const judged = { truth: Int32Array.of(1), probabilities: Float64Array.of(1, 0), classes: 2 };
    expect(logLoss(judged)).toBeCloseTo(-Math.log(Number.EPSILON), 12);
  });

  it('the calibration error is the gap between claim and truth, weighed by rows', () => {
    // Three rows claim 0.9 and two of them are right; one claims 0.6 and is right.
    const probabilities = Float64Array.of(0.9, 0.1, 0.9, 0.1, 0.1, 0.9, 0.4, 0.6);
    const judged = { truth: Int32Array.of(0, 1, 1, 1), probabilities, classes: 2 };
    expect(calibrationError(judged, 10)).toBeCloseTo((3 * (0.9 - 2 / 3) + 1 * 0.4) / 4, 12);
  });
});
