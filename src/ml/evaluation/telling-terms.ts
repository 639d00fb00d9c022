import type { FittedBlock } from '../features/block.ts';
import type { TrainedModel } from '../package/trained-model.ts';

interface TellingTerm {
  readonly term: string;
  /** Score of the term's column for the class: what one unit of it adds. */
  readonly weight: number;
}

/** Of one class: the terms that speak most for it, words and pieces of words apart, the strongest first; other columns of the table where there are any. */
export interface TellingTerms {
  readonly label: string;
  readonly words: readonly TellingTerm[];
  readonly characters: readonly TellingTerm[];
  readonly columns?: readonly TellingTerm[];
}

type TermKind = 'words' | 'characters' | 'columns';

/** Null of a block whose columns have no names that would say anything. */
function kindOf({ unit, inputs }: FittedBlock): TermKind | null {
  if (inputs !== undefined) return 'columns';
  if (unit === null) return null;
  return unit === 'words' ? 'words' : 'characters';
}

/** The most telling terms of each class, `most` of each kind; null where the algorithm gives columns no scores, or no column stands for anything that could be named. */
export function tellingTerms({ features, classifier }: TrainedModel, most: number): TellingTerms[] | null {
  const scores = classifier.columnScores();
  if (scores === null || features.blocks.every((block) => kindOf(block) === null)) return null;
  const classes = classifier.classes;
  return classes.map((label, c) => {
    const strongest = (kind: TermKind): TellingTerm[] => {
      const columns: number[] = [];
      let first = 0;
      for (const block of features.blocks) {
        for (let column = first; kindOf(block) === kind && column < first + block.columns; column++) {
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
    const terms = { label, words: strongest('words'), characters: strongest('characters') };
    return features.inputs.length === 0 ? terms : { ...terms, columns: strongest('columns') };
  });
}
