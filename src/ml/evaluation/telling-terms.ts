import type { TrainedModel } from '../package/trained-model.ts';

interface TellingTerm {
  readonly term: string;
  /** Score of the term's column for the class: what one unit of it adds. */
  readonly weight: number;
}

/** Of one class: the terms that speak most for it, words and pieces of words apart, the strongest first. */
export interface TellingTerms {
  readonly label: string;
  readonly words: readonly TellingTerm[];
  readonly characters: readonly TellingTerm[];
}

/** The most telling terms of each class, `most` of each kind; null where the algorithm gives columns no scores, or no column stands for a term. */
export function tellingTerms({ features, classifier }: TrainedModel, most: number): TellingTerms[] | null {
  const scores = classifier.columnScores();
  if (scores === null || features.blocks.every(({ unit }) => unit === null)) return null;
  const classes = classifier.classes;
  return classes.map((label, c) => {
    const strongest = (isOfWords: boolean): TellingTerm[] => {
      const columns: number[] = [];
      let first = 0;
      for (const block of features.blocks) {
        const isKind = block.unit !== null && (block.unit === 'words') === isOfWords;
        for (let column = first; isKind && column < first + block.columns; column++) {
          if ((scores[column * classes.length + c] ?? 0) > 0) columns.push(column);
        }
        first += block.columns;
      }
      return columns
        .sort((a, b) => (scores[b * classes.length + c] ?? 0) - (scores[a * classes.length + c] ?? 0) || a - b)
        .slice(0, most)
        .map((column) => ({
          term: features.term(column).term,
          weight: Number((scores[column * classes.length + c] ?? 0).toFixed(4)),
        }));
    };
    return { label, words: strongest(true), characters: strongest(false) };
  });
}
