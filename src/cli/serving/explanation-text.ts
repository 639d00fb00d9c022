import type { Explanation } from '../../ml/explain/explain-texts.ts';
import { plainLine } from '../../report/terminal-text.ts';
import { fitWidth } from '../../report/display-width.ts';
import type { Screen } from '../print-result.ts';

/** Pieces of words show where they have a blank. */
const told = (term: string): string => (term.trim() === term ? plainLine(term) : `"${plainLine(term)}"`);

/** Three decimals; what rounds to nothing has no sign. */
function signed(value: number): string {
  const digits = Math.abs(value).toFixed(3);
  return Number(digits) === 0 ? digits : `${value < 0 ? '-' : '+'}${digits}`;
}

/** Of each text its label, and below what added to the label's score and what took from it. */
export function explanationText(
  explanations: readonly Explanation[],
  texts: readonly string[],
  { columns: width, style }: Screen,
): string {
  const blocks = explanations.map((explanation, i) => {
    const { label, probabilities, terms, others, otherTerms, absent, base, score } = explanation;
    const chance = Math.max(...probabilities).toFixed(4);
    const text = plainLine((texts[i] ?? '').replaceAll(/\r?\n/g, ' '));
    const head = `${label} ${chance}  `;
    const lines = [
      ...terms.map(({ term, contribution }) => [contribution, told(term)] as const),
      ...(otherTerms > 0 ? [[others, otherTerms === 1 ? '1 other term' : `${otherTerms} other terms`] as const] : []),
      ...(absent === 0 ? [] : [[absent, 'terms that it does not have'] as const]),
      [base, 'before any term'] as const,
    ];
    const shown = lines.map(
      ([value, what], line) => `${signed(value).padStart(9)}  ${line < terms.length ? what : style.dim(what)}`,
    );
    const sum = `= ${signed(score)}`.padStart(9);
    return [
      `${style.bold(label)} ${chance}  ${fitWidth(text, Math.max(20, width - head.length))}`,
      ...shown,
      `${sum}  ${style.dim('the score, in log odds')}`,
    ].join('\n');
  });
  return `${blocks.join('\n\n')}\n`;
}
