import type { SetContributions } from '../explain/explain-set.ts';
import type { FittedBlock } from '../features/block.ts';
import type { TrainedModel } from '../package/trained-model.ts';

interface TellingTerm {
  readonly term: string;
  /** What one unit of the term's column adds to the class's score; of trees, what it adds in the mean to texts that have it. */
  readonly weight: number;
}

/** Of one class: the terms that speak most for it, words, pieces of words and other columns apart, the strongest first. */
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

/** How strongly each column speaks for each class, [columns, classes] by rows. */
interface Strength {
  /** By which terms are ordered. */
  readonly order: Float64Array;
  weightOf(column: number, place: number): number;
}

/**
 * The most telling terms of each class, `most` of each kind; null where the algorithm gives columns no scores, nor is there what they added to a set of texts (trees),
 * or no column stands for anything that could be named. Of trees, terms are ordered by all that they added to texts that have them: often and strongly.
 */
export function tellingTerms(model: TrainedModel, most: number, set: SetContributions | null): TellingTerms[] | null {
  const { features, classifier } = model;
  const strength = strengthOf(classifier.columnScores(), set);
  if (strength === null || features.blocks.every((block) => kindOf(block) === null)) return null;
  const classes = classifier.classes;
  const columns = { words: columnsOf(model, 'words'), characters: columnsOf(model, 'characters') };
  const others = columnsOf(model, 'columns');
  return classes.map((label, c) => {
    const scoreOf = (column: number): number => strength.order[column * classes.length + c] ?? 0;
    const strongest = (among: readonly number[]): TellingTerm[] =>
      highest(among, most, scoreOf).map((column) => ({
        term: features.term(column).term,
        weight: Number(strength.weightOf(column, column * classes.length + c).toFixed(4)),
      }));
    const terms = { label, words: strongest(columns.words), characters: strongest(columns.characters) };
    return features.inputs.length === 0 ? terms : { ...terms, columns: strongest(others) };
  });
}

/** Those with the highest scores above 0, the highest first. `columns` are ascending, and of equal ones the first counts as higher. */
function highest(columns: readonly number[], most: number, scoreOf: (column: number) => number): number[] {
  const best: number[] = [];
  const scores: number[] = [];
  for (const column of columns) {
    const score = scoreOf(column);
    if (!(score > 0) || (best.length >= most && score <= (scores[most - 1] ?? Infinity))) continue;
    const place = scores.findLastIndex((own) => own >= score) + 1;
    best.splice(place, 0, column);
    scores.splice(place, 0, score);
    if (best.length > most) [best.length, scores.length] = [most, most];
  }
  return best;
}

function strengthOf(scores: Float64Array | null, set: SetContributions | null): Strength | null {
  if (scores !== null) return { order: scores, weightOf: (_, place) => scores[place] ?? 0 };
  if (set === null) return null;
  const { pushed, held } = set;
  return { order: pushed, weightOf: (column, place) => (pushed[place] ?? 0) / Math.max(1, held[column] ?? 0) };
}

function columnsOf({ features }: TrainedModel, kind: TermKind): number[] {
  const columns: number[] = [];
  let first = 0;
  for (const block of features.blocks) {
    if (kindOf(block) === kind) for (let own = 0; own < block.columns; own++) columns.push(first + own);
    first += block.columns;
  }
  return columns;
}
