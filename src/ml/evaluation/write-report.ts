import { splitRows } from '../columns/column.ts';
import type { ModelInput } from '../columns/column.ts';
import { formatCsv } from '../data/csv.ts';
import { writeWhole } from '../io/files.ts';
import type { TrainedModel } from '../package/trained-model.ts';
import { confusionSvg } from './confusion-svg.ts';
import { explainMistakes } from './explain-mistakes.ts';
import { curvesOf, precisionRecallTable, reliabilityTable, rocTable } from './curves.ts';
import type { CurveTable } from './curves.ts';
import type { Evaluation } from './evaluate.ts';
import { allScores, metricsOf } from './metrics-file.ts';
import { evaluationPage } from './page.ts';
import type { Against } from './page.ts';
import { errorSlices } from './slices.ts';
import type { Slice } from './slices.ts';
import { tellingTerms } from './telling-terms.ts';
import { treeImportance, type TreeImportance } from './term-importance.ts';

export const writeMetrics = (file: string, evaluation: Evaluation): Promise<void> =>
  writeWhole(file, json(metricsOf(evaluation)));

export interface ReportOptions {
  /** Most telling terms a class. */
  readonly terms: number;
  /** Hardest mistakes. */
  readonly mistakes: number;
  readonly against: Against | null;
  /** Of the shuffles that permutation importance needs. */
  readonly seed?: number;
}

/**
 * Writes report.html and what it is made of: all scores, confusion matrix (JSON, picture, and the table that `plots` draw), scores by class, curves,
 * slices, telling terms and the hardest mistakes. `inputs` are the rows that it was asked about. The same evaluation gives the same bytes.
 */
export async function writeEvaluation(
  folder: string,
  { evaluation, model, inputs }: { evaluation: Evaluation; model: TrainedModel; inputs: readonly ModelInput[] },
  options: ReportOptions,
): Promise<void> {
  const { classes, scores } = evaluation;
  const { confusion } = scores.labels;
  const rows = classes.map((_, c) => Array.from(confusion.subarray(c * classes.length, (c + 1) * classes.length)));
  const curves = curvesOf(evaluation);
  const slices = errorSlices(evaluation, splitRows(inputs, []).texts, model.features);
  const { against, seed = 42 } = options;
  const importance = treeImportance(model, { inputs, evaluation }, { most: options.terms, seed });
  const terms = tellingTerms(model, options.terms, importance?.set ?? null);
  const hardest = explainMistakes(model, evaluation.mistakes.slice(0, options.mistakes), inputs);
  const page = { model: model.info, evaluation, curves, slices, terms, importance, hardest, against };
  const files: Readonly<Record<string, string>> = {
    'report.html': evaluationPage(page),
    'evaluation.json': json({ ...allScores(evaluation), slices, against, ...importanceOf(importance) }),
    'confusion.json': json({ classes, truth_by_row_prediction_by_column: rows }),
    'confusion.svg': confusionSvg(classes, confusion),
    'predictions.csv': predictionsCsv(classes, rows),
    'scores.csv': scoresCsv(evaluation),
    'roc.csv': tableCsv(rocTable(curves.roc, classes)),
    'precision_recall.csv': tableCsv(precisionRecallTable(curves.precisionRecall, classes)),
    'reliability.csv': tableCsv(reliabilityTable(curves.reliability)),
    'slices.csv': slicesCsv(slices),
    'terms.json': json(terms),
    'mistakes.json': json(hardest),
  };
  for (const [file, content] of Object.entries(files)) await writeWhole(`${folder}/${file}`, content);
}

/** Only models that have it tell importance. */
const importanceOf = (importance: TreeImportance | null): object =>
  importance === null
    ? {}
    : { importance: { explained: importance.set.rows, shuffled: importance.shuffled, terms: importance.terms } };

const tableCsv = ({ fields, rows }: CurveTable): string => formatCsv(fields, rows);

/** A line for every text asked about, grouped by truth: the form in which plots of a confusion matrix want it. */
function predictionsCsv(classes: readonly string[], counts: readonly (readonly number[])[]): string {
  const lines = classes.flatMap((truth, t) =>
    classes.flatMap((predicted, p) => Array.from({ length: counts[t]?.[p] ?? 0 }, () => [truth, predicted])),
  );
  return formatCsv(['truth', 'prediction'], lines);
}

function scoresCsv({ classes, scores }: Evaluation): string {
  const lines = classes.map((label, c) => {
    const { precision = 0, recall = 0, f1 = 0 } = scores.labels.classes[c] ?? {};
    return [label, precision.toFixed(6), recall.toFixed(6), f1.toFixed(6)];
  });
  return formatCsv(['class', 'precision', 'recall', 'f1'], lines);
}

const slicesCsv = (slices: readonly Slice[]): string =>
  formatCsv(
    ['slice', 'rows', 'accuracy', 'macro_f1'],
    slices.map(({ name, rows, accuracy, macroF1 }) => [name, String(rows), accuracy.toFixed(6), macroF1.toFixed(6)]),
  );

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
