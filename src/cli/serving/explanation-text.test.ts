import { expect, it } from 'vitest';
import type { Explanation } from '../../ml/explain/explain-texts.ts';
import { styleFor } from '../../report/style.ts';
import { explanationText } from './explanation-text.ts';

const explanation: Explanation = {
  label: 'negative',
  probabilities: [0.9028, 0.0972],
  base: -0.552,
  terms: [
    { term: 'terrible', contribution: 3.531 },
    { term: ' is', contribution: -0.2664 },
  ],
  others: 0.0001,
  otherTerms: 3,
  absent: -0.543,
  score: 2.1697,
};

it('an explanation lists what adds up to the score, and the score; pieces of words show their blanks', () => {
  const text = explanationText([explanation], ['The mic\nis terrible'], { columns: 80, style: styleFor(false) });
  expect(text.split('\n')).toEqual([
    'negative 0.9028  The mic is terrible',
    '   +3.531  terrible',
    '   -0.266  " is"',
    '    0.000  3 other terms',
    '   -0.543  terms that it does not have',
    '   -0.552  before any term',
    ' = +2.170  the score, in log odds',
    '',
  ]);
});

it('every line fits the terminal', () => {
  const text = explanationText([explanation], ['word '.repeat(100)], { columns: 60, style: styleFor(false) });
  for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(60);
});
