import { failure, type Failure } from '../core/failure.ts';
import type { JsonObject, JsonValue } from '../core/json.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { SourceRange } from '../core/source-range.ts';
import { followKey, jsonChild, rawChild, rawEntry } from './key-path.ts';
import { describeRaw, rawToJson, type RawMap, type RawNode } from './raw.ts';
import { formatOf, parseTree } from './tree.ts';

/**
 * The values of a params or metrics file, YAML or JSON by its name; an empty file holds none. Numbers may be not-a-number or infinite.
 * Dates stay text, and so do the digits of integers that a double cannot hold exactly.
 */
export function parseParamsFile(text: string, file: string): Result<JsonObject> {
  const tree = parseParamsTree(text, file);
  return tree.ok ? ok(rawToJson(tree.value) as JsonObject) : tree;
}

/** As `parseParamsFile`, with the place of every value. */
export function parseParamsTree(text: string, file: string): Result<RawMap> {
  const format = formatOf(file);
  if (format === undefined) return err(failure('unsupported-format', { file }));
  const tree = text.trim() === '' ? ok(emptyTree(file)) : parseTree(text, file, format);
  if (!tree.ok) return err(firstOf(tree.error, file));
  const root = tree.value;
  if (root.kind === 'scalar' && root.value === null) return ok(emptyTree(file));
  if (root.kind === 'map') return ok(root);
  const detail = { field: 'the content', owner: file, expected: 'a map of parameters', found: describeRaw(root) };
  return err(failure('wrong-type', detail, { at: root.at }));
}

const emptyTree = (file: string): RawMap => ({
  kind: 'map',
  entries: [],
  at: { file, line: 1, column: 1, length: 1 },
  span: [0, 0],
});

const firstOf = (problems: readonly Failure[], file: string): Failure =>
  problems[0] ?? failure('unsupported-format', { file });

/** What a key of `params` stands for: a scalar, or all below it; undefined when the file lacks it. `a.b`, `a[0].b`. */
export const selectParams = (values: JsonObject, key: string): JsonValue | undefined =>
  followKey<JsonValue>(values, key, jsonChild)?.at(-1)?.node;

/** Where a key stands in its file, for `mlp explain`; undefined when it does not, or the file is malformed. */
export function paramPosition(text: string, file: string, key: string): SourceRange | undefined {
  const tree = parseParamsTree(text, file);
  if (!tree.ok) return undefined;
  const steps = followKey<RawNode>(tree.value, key, rawChild);
  const last = steps?.at(-1);
  if (last === undefined) return undefined;
  const parent = steps?.at(-2)?.node ?? tree.value;
  return rawEntry(parent, last.name)?.keyAt ?? last.node.at;
}
