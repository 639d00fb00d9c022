import type { FittedClassifier } from '../estimator.ts';
import type { Parts } from '../io/parts.ts';
import type { LinearClassifier } from '../linear/linear-classifier.ts';
import { linearFromParts } from '../linear/linear-classifier.ts';
import { presence } from './discrete.ts';

/** A linear classifier that only sees which columns of a row are above 0: Bernoulli naive Bayes. */
export const presenceClassifier = (inner: LinearClassifier): FittedClassifier => ({
  algorithm: inner.algorithm,
  classes: inner.classes,
  columns: inner.columns,
  metrics: inner.metrics,
  probabilities: (x) => inner.probabilities(presence(x)),
  columnScores: () => inner.columnScores(),
  toParts: () => {
    const { meta, arrays } = inner.toParts();
    return { meta: { ...meta, kind: 'presence' }, arrays };
  },
});

/** Reads back what `toParts` gave; a text says what is wrong with it. */
export function presenceFromParts(
  parts: Parts,
  known: Pick<FittedClassifier, 'algorithm' | 'classes' | 'metrics'>,
): FittedClassifier | string {
  const inner = linearFromParts(parts, known);
  return typeof inner === 'string' ? inner : presenceClassifier(inner);
}
