import { describe, expect, it } from 'vitest';
import { pairedGain } from './paired-gain.ts';

// Values that scikit-learn 1.9.1 gives for the same rows: f1_score(average="macro") and accuracy_score.
const truth = [0, 0, 0, 1, 1, 2, 2, 2, 1, 0];
const candidate = [0, 0, 1, 1, 1, 2, 2, 0, 1, 0];
const production = [0, 1, 1, 1, 0, 2, 2, 0, 1, 0];

describe('pairedGain', () => {
  it('scores both as scikit-learn does', () => {
    const f1 = pairedGain({ truth, candidate, production }, 'macro_f1', 1);
    expect(f1.candidate).toBeCloseTo(0.8023809523809525, 14);
    expect(f1.production).toBeCloseTo(0.6238095238095238, 14);
    const accuracy = pairedGain({ truth, candidate, production }, 'accuracy', 1);
    expect([accuracy.candidate, accuracy.production]).toStrictEqual([0.8, 0.6]);
    expect(accuracy.gain).toBeCloseTo(0.2, 14);
  });

  it('counts a label that only the model says with an F1 of 0', () => {
    const answers = { truth: [0, 0, 1, 1], candidate: [0, 3, 1, 1], production: [0, 0, 1, 1] };
    expect(pairedGain(answers, 'macro_f1', 1)).toMatchObject({
      candidate: expect.closeTo(0.5555555555555555, 14) as number,
      production: 1,
    });
  });

  const rows = Array.from({ length: 900 }, (_, i) => i);
  const large = {
    truth: rows.map((i) => i % 3),
    candidate: rows.map((i) => (i % 10 === 0 ? (i + 1) % 3 : i % 3)),
    production: rows.map((i) => (i % 7 === 0 ? (i + 2) % 3 : i % 3)),
  };

  it("has numpy's bootstrap interval, within what 1000 resamples leave open", () => {
    // 4,000 resamples with numpy and scikit-learn: 0.0124 to 0.0726.
    const { gain, interval } = pairedGain(large, 'macro_f1', 7);
    expect(gain).toBeCloseTo(0.0433333, 6);
    expect(interval[0]).toBeCloseTo(0.0124, 2);
    expect(interval[1]).toBeCloseTo(0.0726, 2);
  });

  it('has for accuracy the width that the variance of a paired difference gives', () => {
    const wins = rows.filter((i) => i % 10 !== 0 && i % 7 === 0).length / 900;
    const losses = rows.filter((i) => i % 10 === 0 && i % 7 !== 0).length / 900;
    const spread = Math.sqrt((wins + losses - (wins - losses) ** 2) / 900);
    const { interval } = pairedGain(large, 'accuracy', 3);
    const width = interval[1] - interval[0];
    expect(width / (2 * 1.96 * spread)).toBeGreaterThan(0.9);
    expect(width / (2 * 1.96 * spread)).toBeLessThan(1.1);
  });

  it('draws the same for the same seed and has no width where nothing differs', () => {
    expect(pairedGain(large, 'macro_f1', 5)).toStrictEqual(pairedGain(large, 'macro_f1', 5));
    const same = { ...large, production: large.candidate };
    expect(pairedGain(same, 'macro_f1', 5)).toMatchObject({ gain: 0, interval: [0, 0] });
  });
});
