import type { RawMap, RawNode, RawScalar } from '../raw.ts';

/**
 * A map as command-line options, for `${map}` inside cmd: `--k v`, nested `--a.b v`, lists `--l 1 2`, true `--k`, false nothing;
 * texts quoted for the shell. Undefined when a list holds a list or a map. Numbers and the rest look as Python prints them.
 */
export function optionsText(map: RawMap): string | undefined {
  const options: string[] = [];
  for (const [name, value] of leavesOf(map, '')) {
    if (value.kind === 'list') {
      const items = value.items.map(itemText);
      if (items.some((item) => item === undefined)) return undefined;
      if (items.length > 0) options.push(`--${name} ${items.join(' ')}`);
    } else if (value.kind === 'scalar') {
      const option = optionText(name, value);
      if (option !== '') options.push(option);
    }
  }
  return options.join(' ');
}

function leavesOf(map: RawMap, prefix: string): [string, RawNode][] {
  return map.entries.flatMap(({ key, value }): [string, RawNode][] =>
    value.kind === 'map' ? leavesOf(value, `${prefix}${key}.`) : [[`${prefix}${key}`, value]],
  );
}

function optionText(name: string, scalar: RawScalar): string {
  if (scalar.value === false) return '';
  if (scalar.value === true) return `--${name}`;
  return `--${name} ${typeof scalar.value === 'string' ? shellQuoted(scalar.value) : scalarText(scalar)}`;
}

function itemText(item: RawNode): string | undefined {
  if (item.kind !== 'scalar') return undefined;
  if (typeof item.value === 'string') return shellQuoted(item.value);
  return typeof item.value === 'boolean' ? (item.value ? 'True' : 'False') : scalarText(item);
}

/** Nothing is `None` in text, as in DVC. */
export const scalarText = ({ value, text }: RawScalar): string => (value === null ? 'None' : text);

/** One word for a POSIX shell. */
const shellQuoted = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'"'"'`)}'`;
