import type { ModelInput } from '../columns/column.ts';
import { explainTexts, type TermContribution } from '../explain/explain-texts.ts';
import type { TrainedModel } from '../package/trained-model.ts';
import type { Mistake } from './evaluate.ts';

/** More mistakes are listed without their terms: nobody reads so far, and each takes some milliseconds. */
const mostExplained = 100;
const mostTerms = 5;

export interface ExplainedMistake extends Mistake {
  /** What spoke for the wrong label, and against it, the strongest first: log odds. Missing where the model cannot be explained. */
  readonly terms?: readonly TermContribution[];
}

/** Mistakes with the terms that made them, of models that can be explained. `inputs` are all rows that were asked about. */
export function explainMistakes(
  model: TrainedModel,
  mistakes: readonly Mistake[],
  inputs: readonly ModelInput[],
): readonly ExplainedMistake[] {
  const asked = mistakes.slice(0, mostExplained).map(({ row, text }) => inputs[row] ?? text);
  const explained = explainTexts(model, asked, mostTerms);
  if (!explained.ok) return mistakes;
  return mistakes.map((mistake, at) => {
    const terms = explained.value[at]?.terms;
    if (terms === undefined) return mistake;
    return { ...mistake, terms: terms.map((own) => ({ ...own, contribution: Number(own.contribution.toFixed(4)) })) };
  });
}
