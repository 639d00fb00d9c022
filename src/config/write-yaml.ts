import { isJsonObject, type JsonObject, type JsonValue } from '../core/json.ts';

/** How a YAML file is laid out, as far as what is added to it should look alike. */
export interface YamlStyle {
  /** Columns from a key to the keys below it. */
  readonly step: number;
  /** Columns from a key to the dashes of a list below it. */
  readonly dash: number;
  /** Whether lists stand in brackets, where they fit. */
  readonly flow: boolean;
}

/** A flow list or map that is longer goes into lines of its own. */
const longestLine = 100;

/** `key: value` as lines without line ends, in blocks, in the order of the value's own keys. */
export function yamlEntry(key: string, value: JsonValue, indent: number, style: YamlStyle): string[] {
  const head = `${' '.repeat(indent)}${yamlScalar(key)}:`;
  if (value === null) return [head];
  if (typeof value === 'string' && isSeveralLines(value)) {
    const margin = ' '.repeat(indent + style.step);
    return [
      `${head} |`,
      ...value
        .slice(0, -1)
        .split('\n')
        .map((line) => (line === '' ? '' : margin + line)),
    ];
  }
  if (typeof value !== 'object') return [`${head} ${yamlScalar(value)}`];
  const short = `${head} ${yamlFlow(value)}`;
  const isEmpty = Array.isArray(value) ? value.length === 0 : Object.keys(value).length === 0;
  if (isEmpty || (style.flow && short.length <= longestLine)) return [short];
  if (!isJsonObject(value)) return [head, ...listItems(value, indent + style.dash, style)];
  return [head, ...yamlEntries(value, indent + style.step, style)];
}

/** The entries of a map, each as `yamlEntry` has it. */
export const yamlEntries = (map: JsonObject, indent: number, style: YamlStyle): string[] =>
  Object.entries(map).flatMap(([key, value]) => yamlEntry(key, value, indent, style));

/** A map in a list begins behind its dash, two columns further in. */
function listItems(items: readonly JsonValue[], indent: number, style: YamlStyle): string[] {
  const dash = `${' '.repeat(indent)}- `;
  return items.flatMap((item) => {
    if (!isJsonObject(item) || Object.keys(item).length === 0) return [`${dash}${yamlFlow(item)}`];
    const lines = yamlEntries(item, indent + 2, style);
    return lines.map((line, index) => (index === 0 ? dash + line.trimStart() : line));
  });
}

/** In one line, with brackets. */
export function yamlFlow(value: JsonValue): string {
  if (value === null || typeof value !== 'object') return yamlScalar(value, true);
  if (!isJsonObject(value)) return `[${value.map(yamlFlow).join(', ')}]`;
  const members = Object.entries(value).map(([key, member]) =>
    member === null ? `${yamlScalar(key, true)}: null` : `${yamlScalar(key, true)}: ${yamlFlow(member)}`,
  );
  return `{${members.join(', ')}}`;
}

/** Lines that a block can hold without hints on indentation or on line ends. */
const isSeveralLines = (text: string): boolean =>
  /^[^\s][^\n]*\n(?:[^\n]*\n)*$/.test(text) && !text.endsWith('\n\n') && onlyPrintable.test(text.replaceAll('\n', ''));

const onlyPrintable = /^[\x20-\x7e\p{L}\p{N}\p{P}\p{S}]*$/u;
const beginsPlain = /^[\p{L}\p{N}_./$(]/u;
/** What YAML, or YAML 1.1, which other tools still read, takes for something that is no text: a flag, a number, a date. */
const meansSomethingElse =
  /^(?:null|true|false|y|n|yes|no|on|off|\.nan|[-+]?\.inf|[.\d][\da-f_xo:.+-]*|\d{4}-\d\d?-\d\d?.*)$/i;

/** A scalar, in quotes only where some reader would take it for anything else. */
export function yamlScalar(value: boolean | number | string | null, inFlow = false): string {
  if (typeof value !== 'string') {
    if (typeof value !== 'number' || Number.isFinite(value)) return String(value);
    return Number.isNaN(value) ? '.nan' : value > 0 ? '.inf' : '-.inf';
  }
  if (!onlyPrintable.test(value)) return JSON.stringify(value);
  const plain =
    beginsPlain.test(value) &&
    !/: |:$| #| $/.test(value) &&
    !(inFlow && /[,[\]{}]|:["']/.test(value)) &&
    !meansSomethingElse.test(value);
  return plain ? value : `'${value.replaceAll("'", "''")}'`;
}
