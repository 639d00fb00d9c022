import { expect, it } from 'vitest';
import { modelCard } from './card.ts';
import type { ModelInfo } from './types.ts';

const spread = { mean: 0.1, quantiles: Array.from({ length: 21 }, (_, at) => at / 100) };

const info: ModelInfo = {
  formatVersion: 2,
  name: 'mood',
  algorithm: 'linear_svm',
  classes: ['neg', 'a | b', '```\n# x <script>'],
  createdBy: 'mlp',
  fingerprint: 'ab12',
  signature: {
    input: { name: 'text', type: 'string' },
    outputs: [
      { name: 'label', type: 'string' },
      { name: 'probabilities', type: 'number[]', length: 3 },
    ],
  },
  features: {},
  hyperparameters: { c: 1, loss: 'hinge' },
  metrics: { held_out_accuracy: 0.91 },
  profile: {
    rows: 10,
    classRows: [5, 3, 2],
    characters: spread,
    words: spread,
    unknownWords: spread,
    scripts: { Latin: 0.99, Greek: 0.01 },
    emoji: 0.2,
    blockColumns: [3, 4],
  },
};

it('the card tells what a model is, what it learned from, its scores, limits and use', () => {
  const card = modelCard(info, { input: 'so good', label: 'neg' });
  for (const part of [
    '# `mood`',
    '10 texts, 7 columns',
    '| `neg` | 5 | 50.0 % |',
    'held_out_accuracy',
    'of Greek it saw few',
  ]) {
    expect(card).toContain(part);
  }
  expect(card).toContain('mlp predict --package');
  expect(card).toContain('`so good` gives `neg`');
});

it('labels and texts cannot break out of their places', () => {
  const card = modelCard(info, { input: 'a\n\n## b `c`', label: 'neg' });
  expect(card).toContain('````` ``` # x <script> `````'.replaceAll('`````', '````'));
  expect(card).toContain('`a \\| b`');
  expect(card).not.toMatch(/^## b/m);
});

it('without a profile it says that nothing is known', () => {
  expect(modelCard({ ...info, profile: null }, { input: '', label: 'neg' })).toContain('## Trained on\n\nNot known.');
});
