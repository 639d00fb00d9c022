import { figure, name, termText } from './page-parts.ts';
import type { TreeImportance } from './term-importance.ts';

const signed = (value: number, digits: number): string => `${value < 0 ? '−' : '+'}${figure(Math.abs(value), digits)}`;

/** Terms by how much they count, each with the class that it speaks for most where it stands. */
export function importanceTable({ set, shuffled, terms }: TreeImportance, classes: readonly string[]): string {
  const rows = terms.map(({ term, rows: held, mean_abs_shap: size, mean_shap: mean, permutation, gain, splits }) => {
    const most = mean.indexOf(Math.max(...mean));
    const speaks =
      held === 0 ? '' : `<span class="tag right">${name(classes[most] ?? '')}</span> ${signed(mean[most] ?? 0, 2)}`;
    const lost = `${signed(permutation[0] * 100, 2)} ± ${figure(permutation[1] * 100, 2)} %`;
    const values = [figure(size, 3), lost, `${figure(gain * 100, 1)} %`, String(splits), String(held)];
    const cells = values.map((value) => `<td class="n">${value}</td>`).join('');
    return `<tr><td class="name">${termText(term)}</td><td>${speaks}</td>${cells}</tr>`;
  });
  const titles = ['mean |SHAP|', 'accuracy lost when shuffled', 'share of gain', 'splits', 'texts with it'];
  const head = titles.map((title) => `<th class="n">${title}</th>`).join('');
  const note = `SHAP values are log odds, over ${set.rows} test rows; shuffled: dealt to other rows, over ${shuffled} test rows.`;
  return `<p class="soft">${note}</p><div class="scroll"><table><thead><tr><th>term</th><th>speaks for</th>${head}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}
