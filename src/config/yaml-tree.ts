import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  parseDocument,
  type Pair,
  type ParsedNode,
  type Scalar,
  type YAMLMap,
} from 'yaml';
import { failure, type Failure } from '../core/failure.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { SourceRange } from '../core/source-range.ts';
import { limits } from './limits.ts';
import { linesOf, type Lines } from './lines.ts';
import { malformed, newProblems, type Problems } from './problems.ts';
import { exactInteger, floatText, type RawEntry, type RawNode, type RawScalar, type Span } from './raw.ts';
import { yamlFailure } from './yaml-errors.ts';

/** A node with its size after every alias is written out, which is what walking it costs. */
interface Measured {
  readonly node: RawNode;
  readonly height: number;
  readonly weight: number;
}

interface Conversion {
  readonly lines: Lines;
  readonly problems: Problems;
  /** What `*name` means at this point; `open` while the anchored value itself is still being read. */
  readonly anchors: Map<string, Measured | 'open'>;
}

/** Reads one YAML 1.2 document (core schema, with merge keys). Offsets and columns count UTF-16 units. */
export function parseYamlTree(text: string, file: string): Result<RawNode, readonly Failure[]> {
  const lines = linesOf(text, file);
  const document = parsedOrTooDeep(text);
  const tooDeep = failure('file-too-complex', { problem: tooDeepText }, { at: lines.rangeOf(0, 1) });
  if (document === undefined) return err([tooDeep]);
  const broken = yamlFailure([...document.errors, ...document.warnings], lines);
  if (broken !== undefined) return err([broken]);

  const conversion: Conversion = { lines, problems: newProblems(), anchors: new Map() };
  const root = convert(document.contents, conversion, 0);
  if (root.weight > limits.nodes || root.height > limits.depth) {
    return err([failure('file-too-complex', { problem: excess(root) }, { at: lines.rangeOf(0, 1) })]);
  }
  return conversion.problems.any() ? err(conversion.problems.sorted()) : ok(root.node);
}

/** Undefined when the parser, which calls itself for each level, has no stack left: some thousand levels. */
function parsedOrTooDeep(text: string): ReturnType<typeof parse> | undefined {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

const parse = (text: string) =>
  parseDocument(text, {
    schema: 'core',
    intAsBigInt: true,
    resolveKnownTags: false,
    prettyErrors: false,
    // Checked by `addEntry`, which names both places and needs no comparison of all pairs.
    uniqueKeys: false,
    logLevel: 'error',
  });

const tooDeepText = 'its values are nested too deeply';

const excess = (root: Measured): string =>
  root.weight > limits.nodes ? `its aliases stand for more than ${limits.nodes} values` : tooDeepText;

function convert(node: ParsedNode | null, conversion: Conversion, depth: number): Measured {
  if (depth > limits.depth) return { node: nothing(conversion, [0, 0]), height: limits.depth + 1, weight: 1 };
  if (node === null) return leaf(nothing(conversion, [0, 0]));
  if (isAlias(node)) return resolveAlias(node.source, spanOf(node), conversion);
  const anchor = node.anchor;
  if (anchor !== undefined) conversion.anchors.set(anchor, 'open');
  const converted = convertValue(node, conversion, depth);
  if (anchor !== undefined) conversion.anchors.set(anchor, converted);
  return converted;
}

function convertValue(
  node: Exclude<ParsedNode, { source: string; value?: never }>,
  conversion: Conversion,
  depth: number,
): Measured {
  const span = spanOf(node);
  const at = conversion.lines.rangeOf(...span);
  if (isMap(node)) return convertMap(node, conversion, depth);
  if (isSeq(node)) {
    const items = node.items.map((item) => convert(item as ParsedNode | null, conversion, depth + 1));
    return { node: { kind: 'list', items: items.map((item) => item.node), at, span }, ...measure(items) };
  }
  return leaf(convertScalar(node, at, span));
}

function convertScalar(node: Scalar, at: SourceRange, span: Span): RawScalar {
  const { value } = node;
  if (typeof value === 'bigint') return { kind: 'scalar', ...exactInteger(value), at, span };
  if (typeof value === 'number') return { kind: 'scalar', value, text: floatText(value), at, span };
  if (typeof value === 'boolean') return { kind: 'scalar', value, text: String(value), at, span };
  if (typeof value === 'string') return { kind: 'scalar', value, text: value, at, span };
  return { kind: 'scalar', value: null, text: 'null', at, span };
}

function convertMap(map: YAMLMap<ParsedNode, ParsedNode | null>, conversion: Conversion, depth: number): Measured {
  // A map that was parsed is a ParsedNode; the type of the library says so only of its own subclass.
  const span = spanOf(map as unknown as ParsedNode);
  const entries = new Map<string, RawEntry>();
  const merged: RawNode[] = [];
  const children: Measured[] = [];
  for (const pair of map.items) {
    const value = convert(pair.value, conversion, depth + 1);
    children.push(value);
    if (isMergeKey(pair)) merged.push(value.node);
    else addEntry(entries, entryFor(pair, value.node, conversion), conversion);
  }
  const inherited = mergedEntries(merged, conversion).filter(({ key }) => !entries.has(key));
  const at = conversion.lines.rangeOf(...span);
  return { node: { kind: 'map', entries: [...inherited, ...entries.values()], at, span }, ...measure(children) };
}

const isMergeKey = ({ key }: Pair<ParsedNode, ParsedNode | null>): boolean =>
  isScalar(key) && key.type === 'PLAIN' && key.value === '<<';

function addEntry(entries: Map<string, RawEntry>, entry: RawEntry | undefined, { problems }: Conversion): void {
  if (entry === undefined) return;
  const first = entries.get(entry.key);
  if (first === undefined) entries.set(entry.key, entry);
  else problems.add(failure('duplicate-key', { key: entry.key, first: first.keyAt }, { at: entry.keyAt }));
}

function entryFor(
  pair: Pair<ParsedNode, ParsedNode | null>,
  value: RawNode,
  conversion: Conversion,
): RawEntry | undefined {
  const key = convert(pair.key, conversion, 0).node;
  if (key.kind === 'scalar' && (key.value !== null || key.at.length > 1)) {
    return { key: key.text, keyAt: key.at, keySpan: key.span, value };
  }
  conversion.problems.add(malformed('YAML', 'a key must be plain text', key.at, 'write key: value'));
  return undefined;
}

/** What `<<: *base` or `<<: [*a, *b]` adds: of one key in several maps, the first counts. */
function mergedEntries(sources: readonly RawNode[], conversion: Conversion): RawEntry[] {
  const entries = new Map<string, RawEntry>();
  for (const source of sources.flatMap((node) => (node.kind === 'list' ? node.items : [node]))) {
    if (source.kind !== 'map') {
      conversion.problems.add(malformed('YAML', '"<<" takes a map or a list of maps', source.at));
      continue;
    }
    for (const entry of source.entries) if (!entries.has(entry.key)) entries.set(entry.key, entry);
  }
  return [...entries.values()];
}

function resolveAlias(name: string, span: Span, conversion: Conversion): Measured {
  const target = conversion.anchors.get(name);
  const at = conversion.lines.rangeOf(...span);
  // The alias has the anchor's value, at a place of its own.
  if (target !== undefined && target !== 'open') return { ...target, node: { ...target.node, at, span } };
  const problem = target === 'open' ? `*${name} stands inside its own value` : `*${name} has no &${name} above it`;
  conversion.problems.add(malformed('YAML', problem, at, 'quote a value that begins with *'));
  return leaf(nothing(conversion, span));
}

const spanOf = (node: ParsedNode): Span => [node.range[0], node.range[1]];
const leaf = (node: RawNode): Measured => ({ node, height: 1, weight: 1 });
const nothing = ({ lines }: Conversion, span: Span): RawScalar => ({
  kind: 'scalar',
  value: null,
  text: 'null',
  at: lines.rangeOf(...span),
  span,
});

function measure(children: readonly Measured[]): { height: number; weight: number } {
  let height = 0;
  let weight = 1;
  for (const child of children) {
    height = Math.max(height, child.height);
    weight += child.weight;
  }
  return { height: height + 1, weight };
}
