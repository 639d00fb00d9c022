import { failure } from '../core/failure.ts';
import { canonicalJson, isJsonObject, type JsonObject, type JsonValue } from '../core/json.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { Edit } from './edit-text.ts';
import { entryOf, rawToJson, type RawEntry, type RawMap, type RawNode } from './raw.ts';
import { afterComments, contentEnd, isFlow, lineEndOf, styleOf } from './stage-layout.ts';
import { formatOf, parseTree } from './tree.ts';
import { yamlEntries, yamlScalar, type YamlStyle } from './write-yaml.ts';

export interface StageAddition {
  readonly name: string;
  /** Its fields as the file is to hold them. */
  readonly fields: JsonObject;
  /** Whether a stage of that name gives way. */
  readonly replace: boolean;
}

export interface StageAdded {
  readonly text: string;
  /** The lines of the stage, as they now stand in the file. */
  readonly written: string;
  readonly replaced: boolean;
}

/**
 * The text of a pipeline file with one more stage, laid out as its others are. All else stays as it is to the byte: the stage is spliced in,
 * and the result is read back and taken only when the file then holds exactly what it held, and the stage.
 */
export function addStage(before: string, file: string, stage: StageAddition): Result<StageAdded> {
  // YAML takes an empty file for a document, JSON does not.
  const text = formatOf(file) === 'JSON' && before.trim() === '' ? '{}\n' : before;
  const tree = parseTree(text, file, formatOf(file) ?? 'YAML');
  if (!tree.ok) return err(tree.error[0] ?? failure('empty-file', { file }));
  const stages = tree.value.kind === 'map' ? entryOf(tree.value, 'stages') : undefined;
  const present = stages?.value.kind === 'map' ? entryOf(stages.value, stage.name) : undefined;
  if (present !== undefined && !stage.replace) {
    return err(failure('stage-exists', { name: stage.name, file }, { at: present.keyAt }));
  }
  const wanted = canonicalJson(expected(rawToJson(tree.value), stage));
  for (const edit of candidates(text, file, { root: tree.value, stages, present, stage })) {
    const edited = text.slice(0, edit.start) + edit.insert + text.slice(edit.end);
    const again = parseTree(edited, file, formatOf(file) ?? 'YAML');
    if (!again.ok || canonicalJson(rawToJson(again.value)) !== wanted) continue;
    return ok({ text: edited, written: edit.insert, replaced: present !== undefined });
  }
  return err(failure('stage-not-added', { name: stage.name, file }, { at: (present ?? stages)?.keyAt }));
}

/** In the order of the keys, which decides the order of equal stages. */
function expected(root: JsonValue, { name, fields }: StageAddition): JsonValue {
  const top = isJsonObject(root) ? root : {};
  const stages = top['stages'];
  return { ...top, stages: { ...(isJsonObject(stages) ? stages : {}), [name]: fields } };
}

interface Place {
  readonly root: RawNode;
  readonly stages: RawEntry | undefined;
  readonly present: RawEntry | undefined;
  readonly stage: StageAddition;
}

/** Ways to write the stage, the prettiest first. */
function candidates(text: string, file: string, place: Place): Edit[] {
  const { stages, present } = place;
  if (stages === undefined) return firstStage(text, place);
  const map = stages.value;
  if (map.kind !== 'map' || (map.entries.length === 0 && !isFlow(text, map)))
    return afterKey(text, stages, place.stage);
  if (isFlow(text, map)) {
    if (map.entries.length === 0 && formatOf(file) !== 'JSON') return afterKey(text, stages, place.stage);
    return inFlow(text, map, place);
  }
  return present === undefined ? atEnd(text, map, place) : inPlaceOf(text, present, { map, stage: place.stage });
}

/** The stage in lines of its own, whatever its lists are. */
const stageRows = ({ name, fields }: StageAddition, indent: number, style: YamlStyle): string[] => [
  `${' '.repeat(indent)}${yamlScalar(name)}:`,
  ...yamlEntries(fields, indent + style.step, style),
];

/** A file without `stages`: they come last, or into the braces that hold all. */
function firstStage(text: string, { root, stage }: Place): Edit[] {
  const lineEnd = lineEndOf(text);
  const rows = ['stages:', ...stageRows(stage, 2, styleOf(text, undefined))];
  if (root.kind === 'map' && isFlow(text, root)) {
    const last = root.entries.at(-1);
    const at = last === undefined ? text.indexOf('{', root.span[0]) + 1 : last.value.span[1];
    const insert = `${last === undefined ? '' : ', '}"stages": ${JSON.stringify({ [stage.name]: stage.fields })}`;
    return [{ start: at, end: at, insert }];
  }
  const gap = text.trim() === '' || text.endsWith('\n') ? '' : lineEnd;
  return [{ start: text.length, end: text.length, insert: gap + rows.join(lineEnd) + lineEnd }];
}

/** `stages:` with nothing below it, or with `{}`. */
function afterKey(text: string, stages: RawEntry, stage: StageAddition): Edit[] {
  const lineEnd = lineEndOf(text);
  const colon = text.indexOf(':', stages.keySpan[1]) + 1;
  const indent = stages.keyAt.column - 1 + 2;
  const rows = stageRows(stage, indent, styleOf(text, undefined)).join(lineEnd);
  const valueEnd = text.slice(...stages.value.span).trim() === '' ? colon : stages.value.span[1];
  const lineBreak = text.indexOf('\n', valueEnd);
  const comment = text.slice(valueEnd, lineBreak < 0 ? text.length : lineBreak).trimEnd();
  const end = lineBreak < 0 ? text.length : lineBreak + 1;
  return [{ start: colon, end, insert: `${comment}${lineEnd}${rows}${lineEnd}` }];
}

/** Inside braces: beside the last one, or on lines of its own where the others stand so. */
function inFlow(text: string, map: RawMap, { present, stage }: Place): Edit[] {
  const first = map.entries[0];
  const isSpread = text.slice(...map.span).includes('\n');
  const margin = ' '.repeat((first?.keyAt.column ?? 3) - 1);
  const { step } = styleOf(text, map);
  const value = isSpread
    ? JSON.stringify(stage.fields, null, step).replaceAll('\n', `${lineEndOf(text)}${margin}`)
    : JSON.stringify(stage.fields);
  if (present !== undefined) return [{ start: present.value.span[0], end: present.value.span[1], insert: value }];
  const member = `${JSON.stringify(stage.name)}: ${value}`;
  const last = map.entries.at(-1);
  if (last === undefined) {
    const brace = text.indexOf('{', map.span[0]) + 1;
    return [{ start: brace, end: brace, insert: member }];
  }
  const at = last.value.span[1];
  return [{ start: at, end: at, insert: isSpread ? `,${lineEndOf(text)}${margin}${member}` : `, ${member}` }];
}

/** Below the last stage and the comments that belong to it, with a blank line before it where the stages have one. */
function atEnd(text: string, map: RawMap, { stage }: Place): Edit[] {
  const lineEnd = lineEndOf(text);
  const indent = (map.entries.find(({ keySpan }) => keySpan[0] >= map.span[0])?.keyAt.column ?? 3) - 1;
  const rows = stageRows(stage, indent, styleOf(text, map)).join(lineEnd) + lineEnd;
  const gap = hasGaps(text, map) ? lineEnd : '';
  const after = afterComments(text, contentEnd(text, map), indent);
  return [after, map.span[1], text.length].map((at) => {
    const ended = at === 0 || text.charAt(at - 1) === '\n' ? '' : lineEnd;
    return { start: at, end: at, insert: ended + gap + rows };
  });
}

function hasGaps(text: string, { entries }: RawMap): boolean {
  const [before, last] = entries.slice(-2);
  if (before === undefined || last === undefined || before.keySpan[0] > last.keySpan[0]) return false;
  return /\n[ \t]*\r?\n/.test(text.slice(before.keySpan[1], last.keySpan[0]));
}

/** From the stage's key to the end of what it holds; comments above it and after it stay. */
function inPlaceOf(
  text: string,
  present: RawEntry,
  { map, stage }: { readonly map: RawMap; readonly stage: StageAddition },
): Edit[] {
  const lineEnd = lineEndOf(text);
  const indent = present.keyAt.column - 1;
  const rows = stageRows(stage, indent, styleOf(text, map)).join(lineEnd);
  const end = contentEnd(text, present.value, present.keySpan[1]);
  const lineBreak = text.indexOf('\n', end);
  const rest = text.slice(end, lineBreak < 0 ? text.length : lineBreak);
  // A comment on the stage's last line is about what goes.
  const to = /^\s*#/.test(rest) ? end + rest.trimEnd().length : end;
  const insert = rows.slice(indent);
  return [
    { start: present.keySpan[0], end: to, insert },
    { start: present.keySpan[0], end: present.value.span[1], insert: insert + lineEnd },
  ];
}
