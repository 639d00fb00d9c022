import type { RawMap, RawNode } from './raw.ts';
import type { YamlStyle } from './write-yaml.ts';

/** Whether a map or list stands in braces or brackets, or begins with something else that ends where it says (an alias, an anchor). */
export const isFlow = (text: string, node: RawNode): boolean => /[{[*&!]/.test(text.charAt(node.span[0]));

export const lineEndOf = (text: string): string => (text.includes('\r\n') ? '\r\n' : '\n');

/**
 * Where what is written of a value ends, without the comments and blank lines after it. `from`: the end of its key, for a value that is
 * absent. Values that an alias or a merge key brings in stand elsewhere in the text and do not count.
 */
export function contentEnd(text: string, node: RawNode, from = node.span[0]): number {
  if (node.kind !== 'scalar' && !isFlow(text, node)) {
    const parts =
      node.kind === 'map'
        ? node.entries.map(({ keySpan, value }) => ({ start: keySpan[0], key: keySpan[1], value }))
        : node.items.map((value) => ({ start: value.span[0], key: value.span[0], value }));
    const own = parts.filter(({ start }) => start >= node.span[0] && start <= node.span[1]);
    const last = own.reduce<(typeof own)[number] | undefined>(
      (latest, part) => (latest === undefined || part.start > latest.start ? part : latest),
      undefined,
    );
    if (last !== undefined) return contentEnd(text, last.value, last.key);
  }
  const written = text.slice(...node.span).trimEnd();
  if (written !== '') return node.span[0] + written.length;
  const colon = text.indexOf(':', from);
  return colon < 0 ? from : colon + 1;
}

/**
 * The beginning of the first line after `end` that is neither a comment indented by `indent` or more, nor blank with such a comment
 * below it: those belong to the last stage.
 */
export function afterComments(text: string, end: number, indent: number): number {
  let kept = nextLine(text, end);
  for (let at = kept; at < text.length;) {
    const next = nextLine(text, at);
    const line = text.slice(at, next);
    const margin = /^ */.exec(line)?.[0].length ?? 0;
    if (line.trim() !== '' && !(line.charAt(margin) === '#' && margin >= indent)) break;
    if (line.trim() !== '') kept = next;
    at = next;
  }
  return kept;
}

function nextLine(text: string, from: number): number {
  const lineBreak = text.indexOf('\n', from);
  return lineBreak < 0 ? text.length : lineBreak + 1;
}

/** As prettier and most hand-written files have it. */
const standardStyle: YamlStyle = { step: 2, dash: 2, flow: false };

/** How the stages of a file are laid out; what they do not show is as in most files. */
export function styleOf(text: string, stages: RawMap | undefined): YamlStyle {
  const steps: number[] = [];
  const dashes: number[] = [];
  let flow = 0;
  for (const { keyAt, value: stage } of stages?.entries ?? []) {
    if (stage.kind !== 'map' || stage.entries.some(({ keyAt: at }) => at.line < keyAt.line)) continue;
    const [first] = stage.entries;
    if (first !== undefined && first.keyAt.line > keyAt.line) steps.push(first.keyAt.column - keyAt.column);
    for (const { keyAt: at, value } of stage.entries) {
      if (value.kind !== 'list' || value.items.length === 0) continue;
      if (isFlow(text, value)) flow += 1;
      else dashes.push(value.at.column - at.column);
    }
  }
  return {
    step: Math.max(1, steps[0] ?? standardStyle.step),
    dash: Math.max(0, dashes[0] ?? standardStyle.dash),
    flow: flow > dashes.length,
  };
}
