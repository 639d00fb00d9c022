import { failure } from '../core/failure.ts';
import { canonicalJson } from '../core/json.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { Edit } from './edit-text.ts';
import { withValue } from './key-path.ts';
import { entryOf, rawToJson, type RawEntry, type RawMap } from './raw.ts';
import { formatOf, parseTree } from './tree.ts';

/** A stage or a group by its name in the text, and whether it is to be frozen. */
export interface Freezing {
  readonly name: string;
  readonly frozen: boolean;
}

/**
 * The text of a pipeline file with one stage, or all of a group, frozen or no longer frozen; all else stays to the byte. A field that
 * freezing adds comes first, and unfreezing removes it there, so both together leave no trace. A `frozen` in any other place was written
 * by hand: it stays, with the other value.
 */
export function setFrozen(text: string, file: string, { name, frozen }: Freezing): Result<string> {
  const format = formatOf(file) ?? 'YAML';
  const tree = parseTree(text, file, format);
  if (!tree.ok) return err(tree.error[0] ?? refused(name, 'its file cannot be read').error);
  const body = bodyOf(tree.value.kind === 'map' ? tree.value : undefined, name);
  if (body === undefined) return refused(name, `${file} does not hold it as a map`);
  const written = entryOf(body.map, 'frozen');
  if (written !== undefined && (written.value.kind !== 'scalar' || typeof written.value.value !== 'boolean')) {
    return refused(name, `its "frozen" in ${file} is no plain true or false: edit the file`);
  }
  const isFrozen = written?.value.kind === 'scalar' && written.value.value === true;
  if (isFrozen === frozen) return ok(text);
  const isAdded = written === undefined || written.keySpan[0] === firstField(body.map)?.keySpan[0];
  const value = frozen ? true : isAdded ? undefined : false;
  const edit =
    value === undefined
      ? removal(text, body.map, written)
      : written === undefined
        ? insertion(text, body.map)
        : over(written, value);
  const edited = edit === undefined ? text : text.slice(0, edit.start) + edit.insert + text.slice(edit.end);
  // Read back, because a map may be shared by an alias, and text may mean something else where it was put.
  const after = parseTree(edited, file, format);
  const expected = canonicalJson(withValue(rawToJson(tree.value), body.path, frozenIn(body.map, value)));
  if (after.ok && canonicalJson(rawToJson(after.value)) === expected) return ok(edited);
  return refused(name, `its place in ${file} cannot be changed alone (an anchor or alias shares it): edit the file`);
}

const refused = (name: string, problem: string) => err(failure('cannot-freeze', { name, problem, group: undefined }));

interface Body {
  readonly map: RawMap;
  /** The keys that lead to it. */
  readonly path: readonly string[];
}

/** The fields of a stage; of a `foreach` group, those of its `do`. */
function bodyOf(root: RawMap | undefined, name: string): Body | undefined {
  const stages = root === undefined ? undefined : entryOf(root, 'stages')?.value;
  const own = stages?.kind === 'map' ? entryOf(stages, name)?.value : undefined;
  if (own?.kind !== 'map') return undefined;
  const common = entryOf(own, 'do')?.value;
  if (common === undefined) return { map: own, path: ['stages', name] };
  return common.kind === 'map' ? { map: common, path: ['stages', name, 'do'] } : undefined;
}

function frozenIn(map: RawMap, value: boolean | undefined) {
  const others = map.entries.filter(({ key }) => key !== 'frozen').map(({ key, value }) => [key, rawToJson(value)]);
  return Object.fromEntries(value === undefined ? others : [['frozen', value], ...others]) as ReturnType<
    typeof rawToJson
  >;
}

const over = ({ value: { span } }: RawEntry, value: boolean): Edit => ({
  start: span[0],
  end: span[1],
  insert: String(value),
});

/** Fields that a merge key brings stand elsewhere. */
const firstField = (map: RawMap): RawEntry | undefined =>
  map.entries
    .filter(({ keySpan }) => keySpan[0] >= map.span[0] && keySpan[1] <= map.span[1])
    .sort((a, b) => a.keySpan[0] - b.keySpan[0])[0];

const isFlow = (text: string, map: RawMap): boolean => text.charAt(map.span[0]) === '{';

/** Before the first field: whatever follows, that is a place of its own line, or of its own between brackets. */
function insertion(text: string, map: RawMap): Edit | undefined {
  const own = firstField(map);
  if (own === undefined) return undefined;
  const [start] = own.keySpan;
  const before = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  const separator = before.trim() === '' ? `${lineEnd}${before}` : ' ';
  const key = text.charAt(start) === '"' ? '"frozen"' : 'frozen';
  const insert = isFlow(text, map) ? `${key}: true,${separator}` : `${key}: true${lineEnd}${before}`;
  return { start, end: start, insert };
}

/** The whole line in a block, with its comment; between brackets, the field with the comma that parts it from the others. */
function removal(text: string, map: RawMap, entry: RawEntry | undefined): Edit | undefined {
  if (entry === undefined) return undefined;
  const [keyStart] = entry.keySpan;
  const end = entry.value.span[0] + text.slice(...entry.value.span).trimEnd().length;
  if (isFlow(text, map)) {
    const following = /^\s*,\s*/.exec(text.slice(end))?.[0].length;
    if (following !== undefined) return { start: keyStart, end: end + following, insert: '' };
    const leading = /,?\s*$/.exec(text.slice(0, keyStart))?.[0].length ?? 0;
    return { start: keyStart - leading, end, insert: '' };
  }
  const lineStart = text.lastIndexOf('\n', keyStart - 1) + 1;
  const lineEnd = text.indexOf('\n', end);
  if (lineEnd >= 0) return { start: lineStart, end: lineEnd + 1, insert: '' };
  return {
    start: lineStart - (/\r?\n$/.exec(text.slice(0, lineStart))?.[0].length ?? 0),
    end: text.length,
    insert: '',
  };
}
