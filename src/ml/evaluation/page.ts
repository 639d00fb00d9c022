import type { ModelComparison } from '../metrics/compare-models.ts';
import type { ModelInfo } from '../package/types.ts';
import { curveSvg } from './curve-svg.ts';
import type { CurveChart, Line } from './curve-svg.ts';
import type { EvaluationCurves } from './curves.ts';
import type { Evaluation } from './evaluate.ts';
import type { ExplainedMistake } from './explain-mistakes.ts';
import { importanceTable } from './importance-table.ts';
import { classTable, confusionTable, figure, mistakeTable, name, sliceTable, termLists, tiles } from './page-parts.ts';
import { pageStyle } from './page-style.ts';
import type { Slice } from './slices.ts';
import type { TellingTerms } from './telling-terms.ts';
import type { TreeImportance } from './term-importance.ts';

/** All that the page shows. */
export interface EvaluationPage {
  readonly model: Pick<ModelInfo, 'name' | 'algorithm'>;
  readonly evaluation: Evaluation;
  readonly curves: EvaluationCurves;
  readonly slices: readonly Slice[];
  readonly terms: readonly TellingTerms[] | null;
  /** Of boosted trees. */
  readonly importance: TreeImportance | null;
  /** The mistakes that are shown. */
  readonly hardest: readonly ExplainedMistake[];
  readonly against: Against | null;
}

/** Another model that answered the same rows. */
export interface Against {
  readonly name: string;
  readonly comparison: ModelComparison;
}

/** More lines in one chart cannot be told apart. */
const mostLines = 8;
const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/**
 * The evaluation as one HTML page that needs nothing else: its policy forbids the network and every script. Whatever texts and labels
 * hold stands in it escaped.
 */
export function evaluationPage({
  model,
  evaluation,
  curves,
  slices,
  terms,
  importance,
  hardest,
  against,
}: EvaluationPage): string {
  const { length } = evaluation.mistakes;
  const told = hardest.some(({ terms: own }) => own !== undefined)
    ? ' Below each, the terms that counted most for the prediction, in log odds.'
    : '';
  const sections = [
    tiles(evaluation),
    ...(against === null ? [] : [section('Better than the other model?', comparison(against))]),
    section('Classes', classTable(evaluation)),
    section('Confusion', `<p class="soft">Truth by row, prediction by column.</p>${confusionTable(evaluation)}`),
    section('Curves', charts(evaluation, curves)),
    section('Where the mistakes are', sliceTable(slices)),
    section(
      'The hardest mistakes',
      `<p class="soft">${hardest.length} of ${length}: those that gave the truth the smallest probability.${told}</p>${mistakeTable(hardest)}`,
    ),
    ...(terms === null ? [] : [section('What speaks for each class', termLists(terms, importance?.set.rows))]),
    ...(importance === null ? [] : [section('Which terms count', importanceTable(importance, evaluation.classes))]),
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Evaluation of ${name(model.name).replaceAll(/<\/?bdi>/g, '')}</title>
<link rel="icon" href="data:,">
<style>${pageStyle}</style>
</head>
<body>
<h1>${name(model.name)}</h1>
<p class="soft">${name(model.algorithm)}, asked about ${evaluation.rows} rows that it did not learn from</p>
${sections.join('\n')}
</body>
</html>
`;
}

const section = (title: string, body: string): string => `<section><h2>${title}</h2>${body}</section>`;

function charts(evaluation: Evaluation, curves: EvaluationCurves): string {
  const { classes, scores } = evaluation;
  const shown = classes.map((_, c) => c).filter((c) => curves.roc[c] !== undefined);
  const most = shown.slice(0, mostLines);
  const note =
    shown.length > most.length ? `<p class="soft">The first ${most.length} of ${shown.length} classes.</p>` : '';
  const lines = (of: EvaluationCurves['roc'], area: Float64Array): Line[] =>
    most.flatMap((c, colour) => {
      const curve = of[c];
      return curve === undefined ? [] : [{ name: `${classes[c] ?? ''} ${figure(area[c] ?? NaN)}`, curve, colour }];
    });
  const bins = curves.reliability;
  const claims: Line = {
    name: `predictions, calibration error ${figure(scores.calibrationError)}`,
    curve: { x: Float64Array.from(bins, (bin) => bin.claimed), y: Float64Array.from(bins, (bin) => bin.observed) },
    colour: 0,
    shares: bins.map((bin) => bin.rows / evaluation.rows),
  };
  const drawn: readonly CurveChart[] = [
    {
      title: 'ROC, and the area under it',
      xLabel: 'share of false alarms',
      yLabel: 'share found',
      lines: lines(curves.roc, scores.oneVsRest.each),
      diagonal: true,
    },
    {
      title: 'Precision and recall, and the average precision',
      xLabel: 'recall',
      yLabel: 'precision',
      lines: lines(curves.precisionRecall, scores.averagePrecision.each),
      diagonal: false,
    },
    {
      title: 'Reliability: how often predictions are right, by how sure they are (area: rows)',
      xLabel: 'confidence',
      yLabel: 'accuracy',
      lines: [claims],
      diagonal: true,
    },
  ];
  return `${note}<div class="charts">${drawn.map(chart).join('')}</div>`;
}

function chart(chart: CurveChart): string {
  const key = chart.lines.map((line) => `<li><i class="c${line.colour % 8}"></i><span>${name(line.name)}</span></li>`);
  return `<figure><figcaption>${chart.title}</figcaption>${curveSvg(chart)}<ul class="key">${key.join('')}</ul></figure>`;
}

function comparison({ name: other, comparison: { rows, accuracy, macroF1, mcnemar } }: Against): string {
  const signed = (value: number): string => `${value < 0 ? '−' : '+'}${figure(Math.abs(value))}`;
  const line = (title: string, gain: ModelComparison['accuracy']): string => {
    const [low, high] = gain.interval;
    const values = [figure(gain.first), figure(gain.second), signed(gain.gain), `${signed(low)} to ${signed(high)}`];
    return `<tr><td>${title}</td>${values.map((value) => `<td class="n">${value}</td>`).join('')}</tr>`;
  };
  const [low, high] = macroF1.interval;
  const verdict = low > 0 ? 'better' : high < 0 ? 'worse' : 'not certainly different';
  const tested = `Only the other model is right on ${mcnemar.onlyFirst} rows, only this one on ${mcnemar.onlySecond}: McNemar's test, p = ${mcnemar.exact.toPrecision(2)}.`;
  const head = ['', 'other', 'this', 'gain', '95 % interval'].map((title) => `<th class="n">${title}</th>`).join('');
  return `<p>On the same ${rows} rows, this model is <b>${verdict}</b> by macro F1 than ${name(other)}. ${tested}</p>
<div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>${line('accuracy', accuracy)}${line('macro F1', macroF1)}</tbody></table></div>`;
}
