import { isJsonObject, type JsonValue } from '../core/json.ts';
import type { Assignment } from './assignment.ts';
import type { Edit } from './edit-text.ts';
import type { RawMap, RawNode } from './raw.ts';

/** Ways to put a new value where the old one stands; none for a table with a header of its own, and none for nothing. */
export function tomlReplacement(text: string, value: RawNode, { value: json, written }: Assignment): Edit[] {
  const [start, end] = value.span;
  if (value.kind === 'map' && text.charAt(start) !== '{') return [];
  if (value.kind === 'list' && text.startsWith('[[', start)) return [];
  // A text that stands in quotes stays one, also where the new value could be a date or a number.
  const isQuoted = typeof json === 'string' && /["']/.test(text.charAt(start));
  return renderings(json, isQuoted ? undefined : written).map((insert) => ({ start, end, insert }));
}

/** Ways to add `names` to a table: after its last own line, inside its braces, or below its header. */
export function tomlAddition(
  text: string,
  table: RawMap,
  names: readonly string[],
  { value, written }: Assignment,
): Edit[] {
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  const key = names.map(keyText).join('.');
  return renderings(value, written).flatMap((rendered): Edit[] => {
    const member = `${key} = ${rendered}`;
    const own = table.entries.filter(({ keySpan }) => /^[ \t]*=/.test(text.slice(keySpan[1], keySpan[1] + 200)));
    const last = own.at(-1);
    if (text.charAt(table.span[0]) === '{' && table.span[0] > 0) {
      const at = last === undefined ? table.span[0] + 1 : last.value.span[1];
      return [{ start: at, end: at, insert: last === undefined ? ` ${member} ` : `, ${member}` }];
    }
    if (last === undefined) {
      const at = table.span[0] === 0 && !text.startsWith('[') ? 0 : lineAfter(text, table.span[1]);
      return [at, 0].map((start) => ({
        start,
        end: start,
        insert: `${broken(text, start, lineEnd)}${member}${lineEnd}`,
      }));
    }
    const at = lineAfter(text, last.value.span[1]);
    const lineStart = text.lastIndexOf('\n', last.keySpan[0] - 1) + 1;
    const before = text.slice(lineStart, last.keySpan[0]);
    return [{ start: at, end: at, insert: `${broken(text, at, lineEnd)}${before}${member}${lineEnd}` }];
  });
}

const broken = (text: string, at: number, lineEnd: string): string =>
  at === 0 || text.charAt(at - 1) === '\n' ? '' : lineEnd;

function lineAfter(text: string, offset: number): number {
  const lineBreak = text.indexOf('\n', offset);
  return lineBreak < 0 ? text.length : lineBreak + 1;
}

/** As typed, where that is TOML, then as we write it. */
function renderings(value: JsonValue, written: string | undefined): string[] {
  const rendered = tomlText(value);
  const asTyped = written === undefined || /[\n\r#]/.test(written) ? [] : [written];
  return rendered === undefined ? asTyped : [...asTyped, rendered];
}

/** Undefined for what holds nothing (`null`), which TOML cannot say. */
function tomlText(value: JsonValue): string | undefined {
  if (value === null) return undefined;
  if (typeof value === 'number' && !Number.isFinite(value))
    return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';
  if (typeof value === 'string') return JSON.stringify(value).replaceAll('\x7f', '\\u007f');
  if (typeof value !== 'object') return JSON.stringify(value);
  const members = isJsonObject(value)
    ? Object.entries(value).map(([key, member]) => withKey(key, tomlText(member)))
    : value.map(tomlText);
  if (!members.every((member) => member !== undefined)) return undefined;
  if (!isJsonObject(value)) return `[${members.join(', ')}]`;
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}

const withKey = (key: string, value: string | undefined): string | undefined =>
  value === undefined ? undefined : `${keyText(key)} = ${value}`;

const keyText = (key: string): string => (/^[\w-]+$/.test(key) ? key : JSON.stringify(key));
