import { isJsonObject, type JsonValue } from '../core/json.ts';
import type { Assignment } from './assignment.ts';
import type { RawEntry, RawMap, RawNode } from './raw.ts';
import { formatOf } from './tree.ts';

/** Puts `insert` in the place of the characters from `start` to before `end`. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly insert: string;
}

/** A value in its surroundings; `entry` is absent for an item of a list and for the document itself. */
export interface Spot {
  readonly parent: RawNode;
  readonly entry: RawEntry | undefined;
  readonly value: RawNode;
}

/** Ways to put a new value where the old one stands, the prettiest first; the caller takes the first that reads back right. */
export function replacement(text: string, { entry, value }: Spot, { value: json, written }: Assignment): Edit[] {
  const [start, end] = value.span;
  // The span of a block value may take in the line break after it, and that of an absent one lies behind blanks and comments.
  const kept = text.slice(0, end).trimEnd().length;
  return renderings(json, written).flatMap((insert): Edit[] => {
    const inPlace = start < kept ? [{ start, end: kept, insert }] : [];
    if (entry === undefined) return inPlace;
    const colon = text.indexOf(':', entry.keySpan[1]) + 1;
    const afterColon = { start: colon, end: Math.max(colon, start < kept ? kept : colon), insert: ` ${insert}` };
    return value.kind === 'scalar' ? [...inPlace, afterColon] : [afterColon, ...inPlace];
  });
}

/** Ways to add `names` below an existing map, or below a key that has no value yet. */
export function addition(
  text: string,
  spot: Spot,
  { names, assignment, file }: { names: readonly string[]; assignment: Assignment; file: string },
): Edit[] {
  const { value: parent } = spot;
  const isJson = formatOf(file) === 'JSON';
  const [name = '', ...below] = names;
  return renderings(assignment.value, isJson ? undefined : assignment.written).flatMap((rendered) => {
    const nested = below.reduceRight((inner, key) => `{${keyText(key, isJson)}: ${inner}}`, rendered);
    const member = `${keyText(name, isJson)}: ${nested}`;
    if (parent.kind === 'map' && (parent.span[1] > 0 || text.trim() !== ''))
      return addToMap(text, parent, member, isJson);
    if (spot.entry === undefined)
      return [{ start: 0, end: text.length, insert: isJson ? `{${member}}\n` : `${text}${member}\n` }];
    const colon = text.indexOf(':', spot.entry.keySpan[1]) + 1;
    return [{ start: colon, end: isAbsent(text, parent) ? colon : parent.span[1], insert: ` {${member}}` }];
  });
}

const isAbsent = (text: string, { span }: RawNode): boolean => text.slice(...span).trim() === '';

function addToMap(text: string, map: RawMap, member: string, isJson: boolean): Edit[] {
  const first = map.entries[0];
  const last = map.entries.at(-1);
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  if (first === undefined || last === undefined) {
    const brace = text.indexOf('{', map.span[0]) + 1;
    if (brace > 0) return [{ start: brace, end: brace, insert: member }];
    return [{ start: text.length, end: text.length, insert: endedLine(text, text.length, lineEnd) + member + lineEnd }];
  }
  const indent = ' '.repeat(first.keyAt.column - 1);
  const inFlow = isJson || text.charAt(map.span[0]) === '{';
  if (inFlow) {
    const at = last.value.span[1];
    const isSpread = text.slice(...map.span).includes('\n');
    return [{ start: at, end: at, insert: isSpread ? `,${lineEnd}${indent}${member}` : `, ${member}` }];
  }
  const at = lineAfter(text, lastOffset(text, last));
  return [{ start: at, end: at, insert: `${endedLine(text, at, lineEnd)}${indent}${member}${lineEnd}` }];
}

/**
 * Where what is written of an entry ends. The span of a value that is absent lies somewhere behind the blanks and comments after
 * its key, and a block map that ends in one ends there too.
 */
function lastOffset(text: string, { value, keySpan }: RawEntry): number {
  const lastEntry = value.kind === 'map' && text.charAt(value.span[0]) !== '{' ? value.entries.at(-1) : undefined;
  if (lastEntry !== undefined && lastEntry.keySpan[0] > keySpan[0]) return lastOffset(text, lastEntry);
  const written = text.slice(...value.span).trimEnd();
  return written === '' ? keySpan[1] : value.span[0] + written.length;
}

/** Where the line after the one with the last character before `end` begins. */
function lineAfter(text: string, end: number): number {
  const lastCharacter = text.slice(0, end).trimEnd().length;
  const lineBreak = text.indexOf('\n', lastCharacter);
  return lineBreak < 0 ? text.length : lineBreak + 1;
}

const endedLine = (text: string, at: number, lineEnd: string): string =>
  at === 0 || text.charAt(at - 1) === '\n' ? '' : lineEnd;

/** The value as typed, where one was given that is safe inside a line, then in JSON's notation, which is YAML too. */
function renderings(value: JsonValue, written: string | undefined): string[] {
  const asTyped = written === undefined || /[\n\r]|\s#/.test(written) ? [] : [written];
  return [...asTyped, flowText(value)];
}

function flowText(value: JsonValue): string {
  if (typeof value === 'number' && !Number.isFinite(value))
    return Number.isNaN(value) ? '.nan' : value > 0 ? '.inf' : '-.inf';
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (isJsonObject(value)) {
    const members = Object.entries(value).map(([key, member]) => `${JSON.stringify(key)}: ${flowText(member)}`);
    return `{${members.join(', ')}}`;
  }
  return `[${value.map(flowText).join(', ')}]`;
}

const keyText = (key: string, isJson: boolean): string =>
  !isJson && /^[\p{L}_][\p{L}\p{N}_-]*$/u.test(key) && !/^(null|true|false)$/i.test(key) ? key : JSON.stringify(key);
