import type { JsonValue } from '../core/json.ts';
import type { SourceRange } from '../core/source-range.ts';

type Scalar = null | boolean | number | string;

/** A document as written: every value with its place. Aliases share one node, so this may be a graph without cycles. */
export type RawNode = RawScalar | RawList | RawMap;

/** Offsets of the first character of a value and of the one after its last. */
export type Span = readonly [start: number, end: number];

export interface RawScalar {
  readonly kind: 'scalar';
  readonly value: Scalar;
  /** What it becomes inside other text: `true`, `0.5`, `1.0`. */
  readonly text: string;
  readonly at: SourceRange;
  readonly span: Span;
}

interface RawList {
  readonly kind: 'list';
  readonly items: readonly RawNode[];
  readonly at: SourceRange;
  readonly span: Span;
}

export interface RawMap {
  readonly kind: 'map';
  readonly entries: readonly RawEntry[];
  readonly at: SourceRange;
  readonly span: Span;
}

export interface RawEntry {
  readonly key: string;
  readonly keyAt: SourceRange;
  readonly keySpan: Span;
  readonly value: RawNode;
}

/** Plain data. Keys such as `__proto__` become own properties like any other. */
export function rawToJson(node: RawNode): JsonValue {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(rawToJson);
  return Object.fromEntries(node.entries.map(({ key, value }) => [key, rawToJson(value)]));
}

export const entryOf = (map: RawMap, key: string): RawEntry | undefined =>
  map.entries.find((entry) => entry.key === key);

/** How messages call what stands there. */
export function describeRaw(node: RawNode): string {
  if (node.kind === 'list') return 'a list';
  if (node.kind === 'map') return 'a map';
  if (node.value === null) return 'nothing';
  if (typeof node.value === 'string') return `the text ${JSON.stringify(shortened(node.value))}`;
  return typeof node.value === 'number' ? `the number ${node.text}` : `the flag ${node.text}`;
}

const shortened = (text: string): string => (text.length > 40 ? `${text.slice(0, 37)}...` : text);

/**
 * An integer that a double cannot hold exactly stays a string of its digits,
 * because two different seeds must never look the same.
 */
export function exactInteger(digits: bigint): { readonly value: number | string; readonly text: string } {
  const value = Number(digits);
  const text = digits.toString();
  return { value: Number.isSafeInteger(value) ? value : text, text };
}

/**
 * A floating-point number as Python prints it (`1.0`, `1e-05`, `1e+16`), because DVC's templates do
 * and commands made of them must stay the same text.
 */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const [mantissa = '', exponentText = ''] = value.toExponential().split('e');
  const exponent = Number(exponentText);
  if (exponent < -4 || exponent >= 16) {
    const size = String(Math.abs(exponent)).padStart(2, '0');
    return `${mantissa}e${exponent < 0 ? '-' : '+'}${size}`;
  }
  if (exponent < 0) {
    const sign = value < 0 ? '-' : '';
    return `${sign}0.${'0'.repeat(-exponent - 1)}${mantissa.replace(/[-.]/g, '')}`;
  }
  const plain = String(value);
  return plain.includes('.') ? plain : `${plain}.0`;
}
