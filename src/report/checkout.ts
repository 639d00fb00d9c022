import type { Checkout } from '../pipeline/data/checkout.ts';
import { countOf } from './format.ts';
import type { Style } from './style.ts';
import { plainLine } from './terminal-text.ts';

const letters = { added: 'A', modified: 'M', deleted: 'D', relinked: 'L' } as const;

/** What `mlp checkout` changed, as git tells it; every line ended. */
export function renderCheckout(done: Checkout, { style }: { readonly style: Style }): string {
  const paint = { added: style.green, modified: style.yellow, deleted: style.red, relinked: style.dim };
  const lines = done.changes.map(({ path, change }) => `  ${paint[change](letters[change])}  ${plainLine(path)}`);
  const counts = (['added', 'modified', 'deleted', 'relinked'] as const).flatMap((kind) => {
    const count = done.changes.filter(({ change }) => change === kind).length;
    return count === 0 ? [] : [`${count} ${kind}`];
  });
  const as = done.unchanged === 0 ? [] : [`${done.unchanged} unchanged`];
  const summary = [...counts, ...as].join(', ');
  const never = done.neverBuilt.map(plainLine);
  return [
    ...lines,
    `  ${summary === '' ? 'nothing is recorded' : summary}`,
    ...(never.length === 0 ? [] : [`  ${countOf(never.length, 'stage')} never built: ${shortened(never)}`]),
    ...(never.length === 0 ? [] : [`  ${style.cyan('next:')} mlp repro`]),
    '',
  ].join('\n');
}

const shortened = (names: readonly string[]): string =>
  names.length <= 4 ? names.join(', ') : `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`;
