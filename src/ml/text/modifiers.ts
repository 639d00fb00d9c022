import { negations } from './stop-words.ts';
import { TermTable } from './term-table.ts';

/** `english`: a word joins those before it that turn or weigh its meaning, so that "not very good" is seen as one. */
export type ModifierChoice = 'none' | 'english';

export const modifierChoices: readonly ModifierChoice[] = ['none', 'english'];

/** Modifiers in a row that one n-gram holds at most. */
export const mostModifiers = 3;

const degrees = `absolutely almost awfully barely completely entirely extremely fairly fully hardly highly incredibly kinda least less little
  more most mostly much perfectly pretty quite rather really scarcely seriously slightly so somewhat sorta such super terribly
  too totally truly utterly very`;

/** Negations, the same as they are typed without the apostrophe, and words of degree; undefined for `none`. */
export function modifierTable(choice: ModifierChoice): TermTable | undefined {
  if (choice === 'none') return undefined;
  return TermTable.of([...negations, ...negations.map((word) => word.replace("'", '')), ...degrees.split(/\s+/u)]);
}
