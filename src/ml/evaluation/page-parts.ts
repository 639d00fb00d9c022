import type { Evaluation, Mistake } from './evaluate.ts';
import { escapeMarkup, shorten } from './escape.ts';
import type { Slice } from './slices.ts';
import type { TellingTerms } from './telling-terms.ts';

export const name = (text: string): string => `<bdi>${escapeMarkup(shorten(text, 60))}</bdi>`;
const percent = (share: number, digits = 1): string => `${(share * 100).toFixed(digits)} %`;
export const figure = (value: number, digits = 4): string => (Number.isFinite(value) ? value.toFixed(digits) : '–');
const cells = (values: readonly string[]): string => values.map((value) => `<td class="n">${value}</td>`).join('');
const heads = (titles: readonly string[]): string => titles.map((title) => `<th class="n">${title}</th>`).join('');

/** The main figures, the two that everyone asks for first. */
export function tiles({ scores, rows, mistakes }: Evaluation): string {
  const { labels, intervals } = scores;
  const range = ([low, high]: readonly [number, number]): string => `95 %: ${figure(low)} to ${figure(high)}`;
  const shown: readonly (readonly [string, string, string])[] = [
    ['accuracy', figure(labels.accuracy), range(intervals.accuracy)],
    ['macro F1', figure(labels.macroF1), range(intervals.macroF1)],
    ['weighted F1', figure(labels.weighted.f1), 'classes count by their rows'],
    ['ROC AUC', figure(scores.oneVsRest.macro), 'one class against the rest'],
    ['average precision', figure(scores.averagePrecision.macro), 'mean over the classes'],
    ['Matthews', figure(scores.matthews), '0 is chance, 1 perfect'],
    ["Cohen's kappa", figure(scores.kappa), '0 is chance, 1 perfect'],
    ['log loss', figure(scores.logLoss), 'less is better'],
    ['Brier score', figure(scores.brier), 'less is better'],
    ['calibration error', figure(scores.calibrationError), 'less is better'],
    ['rows', String(rows), `${mistakes.length} of them wrong`],
  ];
  const tile = ([title, value, note]: (typeof shown)[number]): string =>
    `<div class="tile"><span>${title}</span><b>${value}</b><small>${note}</small></div>`;
  return `<div class="tiles">${shown.map(tile).join('')}</div>`;
}

export function classTable({ classes, scores }: Evaluation): string {
  const { labels, oneVsRest, averagePrecision } = scores;
  const rows = classes.map((label, c) => {
    const { precision = 0, recall = 0, f1 = 0, support = 0 } = labels.classes[c] ?? {};
    const ranked = [oneVsRest.each[c] ?? NaN, averagePrecision.each[c] ?? NaN];
    const values = [...[precision, recall, f1, ...ranked].map((value) => figure(value)), String(support)];
    return `<tr><td class="name">${name(label)}</td>${cells(values)}</tr>`;
  });
  const head = heads(['precision', 'recall', 'F1', 'ROC AUC', 'average precision', 'rows']);
  return `<div class="scroll"><table><thead><tr><th>class</th>${head}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}

/** More classes make no table that anyone reads. */
const mostClassesInTable = 30;

export function confusionTable({ classes, scores }: Evaluation): string {
  if (classes.length > mostClassesInTable) return '<p>There are too many classes for a table: see confusion.json.</p>';
  const { confusion } = scores.labels;
  const rows = classes.map((label, truth) => {
    const counts = Array.from(confusion.subarray(truth * classes.length, (truth + 1) * classes.length));
    const all = counts.reduce((sum, count) => sum + count, 0);
    const drawn = counts.map((count, predicted) => {
      const share = all === 0 ? 0 : count / all;
      const alpha = (count === 0 ? 0.04 : 0.1 + 0.55 * share).toFixed(3);
      const colour = `rgb(var(--${predicted === truth ? 'good' : 'bad'}) / ${alpha})`;
      return `<td style="background:${colour}"><b>${count}</b><span>${percent(share)}</span></td>`;
    });
    return `<tr><th class="side">${name(label)}</th>${drawn.join('')}</tr>`;
  });
  const head = classes.map((label) => `<th>${name(label)}</th>`).join('');
  return `<div class="scroll"><table class="confusion"><thead><tr><th></th>${head}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}

/** A length of CSS. */
const part = (share: number): string => `${(share * 100).toFixed(1)}%`;

export function sliceTable(slices: readonly Slice[]): string {
  const rows = slices.map((slice, at) => {
    const [low, high] = slice.interval;
    const whisker = `<u style="left:${part(low)};width:${part(high - low)}"></u>`;
    const bar = `<div class="bar"><i style="width:${part(slice.accuracy)}"></i>${whisker}</div>`;
    const isFirst = slice.by !== slices[at - 1]?.by;
    const values = [String(slice.rows), figure(slice.accuracy), figure(slice.macroF1)];
    const start = `<td class="soft">${isFirst ? slice.by : ''}</td><td class="name">${name(slice.name)}</td>`;
    return `<tr${isFirst && at > 0 ? ' class="first"' : ''}>${start}${cells(values)}<td>${bar}</td></tr>`;
  });
  const head = `<th>by</th><th>part</th>${heads(['rows', 'accuracy', 'macro F1'])}<th>accuracy, with its 95 % interval</th>`;
  return `<div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}

/** More of a text is not shown. */
const mostCharacters = 600;

export function mistakeTable(mistakes: readonly Mistake[]): string {
  const rows = mistakes.map(({ text, truth, predicted, probability, truth_probability: ofTruth }) => {
    const said = `<span class="tag wrong">${name(predicted)}</span> ${percent(probability, 0)}`;
    const right = `<span class="tag right">${name(truth)}</span> ${percent(ofTruth, 0)}`;
    return `<tr><td class="text"><bdi>${escapeMarkup(shorten(text, mostCharacters))}</bdi></td><td>${said}</td><td>${right}</td></tr>`;
  });
  return `<div class="scroll"><table class="mistakes"><thead><tr><th>text</th><th>predicted</th><th>truth</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}

export function termLists(terms: readonly TellingTerms[]): string {
  const list = (
    title: string,
    found: TellingTerms['words'],
    shown = (term: string) => term.replaceAll(' ', '␣'),
  ): string =>
    found.length === 0
      ? ''
      : `<p><span class="soft">${title}</span> ${found.map(({ term }) => `<bdi>${escapeMarkup(shown(term))}</bdi>`).join(', ')}</p>`;
  const blocks = terms.map(({ label, words, characters, columns = [] }) => {
    const lists = [
      list('words:', words),
      list('pieces of words:', characters),
      list('other columns:', columns, (term) => term),
    ];
    return `<div><b>${name(label)}</b>${lists.join('')}</div>`;
  });
  return `<div class="terms">${blocks.join('')}</div>`;
}
