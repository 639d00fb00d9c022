/** One `${...}` in a text. */
export interface Reference {
  /** Offset of the `$`, and of the character after the `}`. */
  readonly start: number;
  readonly end: number;
  readonly expression: string;
}

/** Every `${...}` of a text but those behind a backslash. */
export function referencesIn(text: string): Reference[] {
  return [...text.matchAll(/(?<!\\)\$\{(.*?)\}/g)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
    expression: match[1] ?? '',
  }));
}

/** `\${` becomes `${` once nothing is left to fill in. */
export const withoutEscapes = (text: string): string => text.replaceAll('\\${', '${');

/** The names of `a.b`, `a[0].b`, `a[b]`; undefined when it is no such expression. Blanks around names do not count. */
export function namesOf(expression: string): string[] | undefined {
  if (!/^[^.[\]]+(?:\.[^.[\]]+|\[[^.[\]]+\])*$/.test(expression)) return undefined;
  const names = expression
    .replaceAll('[', '.')
    .replaceAll(']', '')
    .split('.')
    .map((name) => name.trim());
  return names.every((name) => name !== '') ? names : undefined;
}
