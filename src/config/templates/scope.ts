import { rawChild } from '../key-path.ts';
import type { RawEntry, RawMap, RawNode } from '../raw.ts';

/** The values that `${...}` may name: those of an item before those of vars. */
export interface Scope {
  readonly vars: RawMap;
  /** `item` and `key` of a group's instance. */
  readonly local: ReadonlyMap<string, RawNode>;
}

export function lookUp({ vars, local }: Scope, names: readonly string[]): RawNode | undefined {
  const [first = '', ...rest] = names;
  let node = local.get(first) ?? rawChild(vars, first);
  for (const name of rest) node = node === undefined ? undefined : childAt(node, name);
  return node;
}

/** A negative index counts from the end, as in Python. */
function childAt(node: RawNode, name: string): RawNode | undefined {
  return node.kind === 'list' && /^-\d+$/.test(name) ? node.items.at(Number(name)) : rawChild(node, name);
}

/** Where two maps both set something that is not a map in both. */
export interface Clash {
  readonly name: string;
  readonly first: RawEntry;
  readonly second: RawEntry;
}

/** Both maps in one, maps inside them likewise; clashes keep the first and are told. */
export function merge(base: RawMap, more: RawMap, clashes: Clash[], prefix = ''): RawMap {
  const entries = new Map(base.entries.map((entry) => [entry.key, entry]));
  for (const second of more.entries) {
    const first = entries.get(second.key);
    const name = `${prefix}${second.key}`;
    if (first === undefined) entries.set(second.key, second);
    else if (first.value.kind === 'map' && second.value.kind === 'map') {
      entries.set(second.key, { ...first, value: merge(first.value, second.value, clashes, `${name}.`) });
    } else clashes.push({ name, first, second });
  }
  return { ...base, entries: [...entries.values()] };
}
