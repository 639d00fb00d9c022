import { failure } from '../../core/failure.ts';
import type { Result } from '../../core/result.ts';
import { err, ok } from '../../core/result.ts';
import { splitRows } from '../columns/column.ts';
import type { ModelInput } from '../columns/column.ts';
import { predictMatrix } from '../package/trained-model.ts';
import type { TrainedModel } from '../package/trained-model.ts';
import type { Prediction } from '../package/types.ts';
import { explainerOf } from './contributions.ts';

/** A term of a text and what it adds to the label's score. */
export interface TermContribution {
  readonly term: string;
  readonly contribution: number;
}

/** Why a text got its label: numbers that add up to the label's score (see Contributions). */
export interface Explanation extends Prediction {
  /** Where the score begins: of a linear model its intercept, of trees their mean. */
  readonly base: number;
  /** Terms of the text, those that add or take most first. */
  readonly terms: readonly TermContribution[];
  /** The other terms of the text together, and how many those are. */
  readonly others: number;
  readonly otherTerms: number;
  /** All terms together that the text does not have. */
  readonly absent: number;
  readonly score: number;
}

/** One explanation a text or row, of the label that it gets. */
export function explainTexts(model: TrainedModel, inputs: readonly ModelInput[], most: number): Result<Explanation[]> {
  const { features, classifier } = model;
  const explain = explainerOf(classifier);
  if (typeof explain === 'string')
    return err(failure('explain-unsupported', { model: model.info.name, problem: explain }));
  const { texts, columns: others } = splitRows(inputs, features.inputs);
  const x = features.transform(texts, others);
  const classes = classifier.classes.length;
  return ok(
    predictMatrix(classifier, x).map((prediction, row) => {
      const label = classifier.classes.indexOf(prediction.label);
      const { base, columns } = explain(x, row);
      const own = new Set(x.indices.subarray(x.indptr[row], x.indptr[row + 1]));
      const of = (column: number): number => columns[column * classes + label] ?? 0;
      const present = [...own].sort((a, b) => Math.abs(of(b)) - Math.abs(of(a)) || a - b);
      const shown = present.slice(0, most).filter((column) => of(column) !== 0);
      const rest = present.slice(shown.length);
      let absent = 0;
      for (let column = 0; column * classes < columns.length; column++) {
        const added = of(column);
        // Most add nothing, which need not be looked up.
        if (added !== 0 && !own.has(column)) absent += added;
      }
      const sum = (list: readonly number[]): number => list.reduce((total, column) => total + of(column), 0);
      return {
        ...prediction,
        base: base[label] ?? 0,
        terms: shown.map((column) => ({ term: features.term(column).term, contribution: of(column) })),
        others: sum(rest),
        otherTerms: rest.length,
        absent,
        score: (base[label] ?? 0) + sum(present) + absent,
      };
    }),
  );
}
