import { failure } from '../core/failure.ts';
import { nearestNames } from '../core/nearest.ts';
import type { SourceRange } from '../core/source-range.ts';
import { longestDuration, parseDuration } from './duration.ts';
import { describeType, type FieldTable, type FieldType } from './field-types.ts';
import type { Problems } from './problems.ts';
import { describeRaw, type RawMap, type RawNode } from './raw.ts';

/** Where in the document a check stands, for messages. */
interface Place {
  readonly field: string;
  readonly owner: string;
  readonly problems: Problems;
}

/** Unknown, missing and duplicate fields of a map, and the shape of all below it. `at` is where missing ones are told. */
export function checkFields(
  map: RawMap,
  fields: FieldTable,
  place: { owner: string; at: SourceRange; problems: Problems },
): void {
  const { owner, at, problems } = place;
  for (const entry of map.entries) {
    const field = Object.hasOwn(fields, entry.key) ? fields[entry.key] : undefined;
    if (field === undefined) {
      const near = nearestNames(entry.key, Object.keys(fields));
      problems.add(failure('unknown-field', { field: entry.key, owner, near }, { at: entry.keyAt }));
    } else {
      checkType(entry.value, field.type, { field: entry.key, owner, problems });
    }
  }
  for (const [name, field] of Object.entries(fields)) {
    if (field.required === true && !map.entries.some(({ key }) => key === name)) {
      problems.add(failure('missing-field', { field: name, owner, example: field.example }, { at }));
    }
  }
}

/** Adds a problem for everything in `node` that does not fit `type`. */
function checkType(node: RawNode, type: FieldType, place: Place): void {
  const chosen = type.kind === 'either' ? type.types.find((alternative) => mayBe(node, alternative)) : type;
  if (chosen === undefined || !mayBe(node, chosen)) {
    addMismatch('wrong-type', node, type, place);
    return;
  }
  checkInside(node, chosen, place);
}

function checkInside(node: RawNode, type: FieldType, place: Place): void {
  if (type.kind === 'list' && node.kind === 'list') {
    for (const item of node.items) checkType(item, type.of, { ...place, field: `an entry of ${bare(place.field)}` });
  } else if (type.kind === 'map' && node.kind === 'map') {
    for (const { key, value } of node.entries) {
      checkType(value, type.of, { ...place, field: key, owner: `"${bare(place.field)}" of ${place.owner}` });
    }
  } else if (type.kind === 'object' && node.kind === 'map') {
    const owner = `"${place.field}" of ${place.owner}`;
    checkFields(node, type.fields, { owner, at: node.at, problems: place.problems });
  } else if (type.kind === 'number' && !numberFits(node, type)) {
    addMismatch('bad-value', node, type, place);
  } else if (type.kind === 'duration' && node.kind === 'scalar' && !durationFits(node.value)) {
    const expected = `${describeType(type)}, more than 0 and at most ${longestDuration.said}`;
    const detail = { field: place.field, owner: place.owner, value: describeRaw(node), expected };
    place.problems.add(failure('bad-value', detail, { at: node.at }));
  }
}

const bare = (field: string): string => field.replace(/^an entry of /, '');

/** Whether `node` is of the YAML kind that `type` takes; its inside is another question. */
function mayBe(node: RawNode, type: FieldType): boolean {
  if (type.kind === 'any') return true;
  if (type.kind === 'either') return type.types.some((alternative) => mayBe(node, alternative));
  if (type.kind === 'list') return node.kind === 'list';
  if (type.kind === 'map' || type.kind === 'object') return node.kind === 'map';
  if (node.kind !== 'scalar') return false;
  switch (type.kind) {
    case 'text':
      return typeof node.value === 'string';
    case 'flag':
      return typeof node.value === 'boolean';
    case 'null':
      return node.value === null;
    case 'number':
      return typeof node.value === 'number';
    case 'duration':
      return typeof node.value === 'number' || typeof node.value === 'string';
    case 'scalar':
      return true;
  }
}

function numberFits(node: RawNode, type: { integer?: boolean; min?: number; max?: number }): boolean {
  const value = node.kind === 'scalar' && typeof node.value === 'number' ? node.value : Number.NaN;
  if (!Number.isFinite(value) || (type.integer === true && !Number.isInteger(value))) return false;
  return value >= (type.min ?? -Infinity) && value <= (type.max ?? Infinity);
}

const durationFits = (value: unknown): boolean =>
  (typeof value === 'number' || typeof value === 'string') && parseDuration(value) !== undefined;

function addMismatch(reason: 'wrong-type' | 'bad-value', node: RawNode, type: FieldType, place: Place): void {
  const { field, owner, problems } = place;
  const expected = describeType(type);
  const found = describeRaw(node);
  problems.add(
    reason === 'wrong-type'
      ? failure('wrong-type', { field, owner, expected, found }, { at: node.at })
      : failure('bad-value', { field, owner, value: found, expected }, { at: node.at }),
  );
}
