import type { SetContributions } from '../explain/explain-set.ts';
import type { TrainedModel } from '../package/trained-model.ts';

interface TellingTerm {
  readonly term: string;
  /** What one unit of the term's column adds to the class's score; of trees, what it adds in the mean to texts that have it. */
  readonly weight: number;
}

/** Of one class: the terms that speak most for it, words and pieces of words apart, the strongest first. */
export interface TellingTerms {
  readonly label: string;
  readonly words: readonly TellingTerm[];
  readonly characters: readonly TellingTerm[];
}

/** How strongly each column speaks for each class, [columns, classes] by rows. */
interface Strength {
  /** By which terms are ordered. */
  readonly order: Float64Array;
  weightOf(column: number, place: number): number;
}

/**
 * The most telling terms of each class, `most` of each kind; null where the algorithm gives columns no scores, nor is there what they added to a set of texts (trees),
 * or no column stands for a term. Of trees, terms are ordered by all that they added to texts that have them: often and strongly.
 */
export function tellingTerms(model: TrainedModel, most: number, set: SetContributions | null): TellingTerms[] | null {
  const { features, classifier } = model;
  const strength = strengthOf(classifier.columnScores(), set);
  if (strength === null || features.blocks.every(({ unit }) => unit === null)) return null;
  const classes = classifier.classes;
  return classes.map((label, c) => {
    const scoreOf = (column: number): number => strength.order[column * classes.length + c] ?? 0;
    const strongest = (isOfWords: boolean): TellingTerm[] =>
      columnsOf(model, isOfWords)
        .filter((column) => scoreOf(column) > 0)
        .sort((a, b) => scoreOf(b) - scoreOf(a) || a - b)
        .slice(0, most)
        .map((column) => ({
          term: features.term(column).term,
          weight: Number(strength.weightOf(column, column * classes.length + c).toFixed(4)),
        }));
    return { label, words: strongest(true), characters: strongest(false) };
  });
}

function strengthOf(scores: Float64Array | null, set: SetContributions | null): Strength | null {
  if (scores !== null) return { order: scores, weightOf: (_, place) => scores[place] ?? 0 };
  if (set === null) return null;
  const { pushed, held } = set;
  return { order: pushed, weightOf: (column, place) => (pushed[place] ?? 0) / Math.max(1, held[column] ?? 0) };
}

function columnsOf({ features }: TrainedModel, isOfWords: boolean): number[] {
  const columns: number[] = [];
  let first = 0;
  for (const { unit, columns: count } of features.blocks) {
    if (unit !== null && (unit === 'words') === isOfWords)
      for (let column = first; column < first + count; column++) columns.push(column);
    first += count;
  }
  return columns;
}
