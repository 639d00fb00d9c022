import { isJsonObject, type JsonObject, type JsonValue } from '../core/json.ts';
import type { RawEntry, RawNode } from './raw.ts';

/** One step into nested values: the name or index taken, and what was found there. */
export interface Step<T> {
  readonly name: string;
  readonly node: T;
}

/**
 * Follows a dotted key such as `a.b`, `a[0].b` or `a.0.b`; undefined when nothing stands there.
 * A name may itself hold dots: of several readings the one that goes deepest first counts, so `{a: {b: 1}, "a.b": 2}` gives 1.
 */
export function followKey<T>(
  root: T,
  key: string,
  child: (node: T, name: string) => T | undefined,
): readonly Step<T>[] | undefined {
  const index = /^\[(\d+)\]\.?(?=.|$)/.exec(key);
  const readings = index === null ? nameReadings(key) : [{ name: index[1] ?? '', rest: key.slice(index[0].length) }];
  for (const { name, rest } of readings) {
    const node = child(root, name);
    if (node === undefined) continue;
    if (rest === '') return [{ name, node }];
    const below = followKey(node, rest, child);
    if (below !== undefined) return [{ name, node }, ...below];
  }
  return undefined;
}

/** Every way to split a first name off, shortest first. */
function nameReadings(key: string): { name: string; rest: string }[] {
  const readings: { name: string; rest: string }[] = [];
  for (const { index } of key.matchAll(/[.[]/g)) {
    if (index === 0 || index === key.length - 1) continue;
    readings.push({ name: key.slice(0, index), rest: key.slice(key[index] === '.' ? index + 1 : index) });
  }
  return [...readings, { name: key, rest: '' }];
}

export function jsonChild(node: JsonValue, name: string): JsonValue | undefined {
  if (Array.isArray(node)) return /^\d+$/.test(name) ? (node as readonly JsonValue[])[Number(name)] : undefined;
  return isJsonObject(node) && Object.hasOwn(node, name) ? node[name] : undefined;
}

export function rawChild(node: RawNode, name: string): RawNode | undefined {
  if (node.kind === 'list') return /^\d+$/.test(name) ? node.items[Number(name)] : undefined;
  return rawEntry(node, name)?.value;
}

export const rawEntry = (node: RawNode, name: string): RawEntry | undefined =>
  node.kind === 'map' ? node.entries.find(({ key }) => key === name) : undefined;

/** The same values with one replaced or added; `names` lead to it, and all but the last exist or are added as maps. */
export function withValue(node: JsonValue | undefined, names: readonly string[], value: JsonValue): JsonValue {
  const [name, ...rest] = names;
  if (name === undefined) return value;
  if (Array.isArray(node)) {
    return (node as readonly JsonValue[]).map((item, at) =>
      String(at) === name ? withValue(item, rest, value) : item,
    );
  }
  const object: JsonObject = isJsonObject(node) ? node : {};
  const old = Object.hasOwn(object, name) ? object[name] : undefined;
  return Object.fromEntries([...Object.entries(object), [name, withValue(old, rest, value)]]);
}

/** Every key that stands for something, maps and lists included, for nearest names. At most `most`. */
export function allKeys(values: JsonValue, most = 5000): string[] {
  const keys: string[] = [];
  const open: { prefix: string; value: JsonValue }[] = [{ prefix: '', value: values }];
  for (let next = open.pop(); next !== undefined && keys.length < most; next = open.pop()) {
    if (next.prefix !== '') keys.push(next.prefix);
    if (!isJsonObject(next.value)) continue;
    for (const [name, value] of Object.entries(next.value)) {
      open.push({ prefix: next.prefix === '' ? name : `${next.prefix}.${name}`, value });
    }
  }
  return keys;
}
