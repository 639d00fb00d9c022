import { failure } from '../../core/failure.ts';
import { nearestNames } from '../../core/nearest.ts';
import type { SourceRange } from '../../core/source-range.ts';
import { allKeys } from '../key-path.ts';
import type { Problems } from '../problems.ts';
import { describeRaw, rawToJson, type RawNode, type RawScalar } from '../raw.ts';
import { namesOf, referencesIn, withoutEscapes, type Reference } from './expression.ts';
import { lookUp, type Scope } from './scope.ts';
import { optionsText, scalarText } from './unpack.ts';

/** Whose field is filled in, and what it may become. */
export interface FillPlace {
  readonly field: string;
  readonly owner: string;
  readonly problems: Problems;
  /** `options`: a map becomes command-line options; `any`: a text that is one reference may become a list or map; else scalars only. */
  readonly takes: 'scalars' | 'options' | 'any';
}

/** The same tree with every `${...}` filled in, in keys too. What cannot be filled in is told and stays as it is. */
export function fill(node: RawNode, scope: Scope, place: FillPlace): RawNode {
  if (node.kind === 'scalar') return typeof node.value === 'string' ? fillText(node, node.value, scope, place) : node;
  if (node.kind === 'list') return { ...node, items: node.items.map((item) => fill(item, scope, place)) };
  return {
    ...node,
    entries: node.entries.map((entry) => {
      const value = fill(entry.value, scope, place);
      if (!entry.key.includes('${')) return { ...entry, value };
      const key = fill(textAt(entry.key, entry.keyAt), scope, { ...place, takes: 'scalars' });
      return { ...entry, key: key.kind === 'scalar' ? scalarText(key) : entry.key, value };
    }),
  };
}

const textAt = (text: string, at: SourceRange): RawScalar => ({ kind: 'scalar', value: text, text, at, span: [0, 0] });

function fillText(node: RawScalar, text: string, scope: Scope, place: FillPlace): RawNode {
  if (!text.includes('${')) return node;
  const references = referencesIn(text);
  const [only] = references;
  if (only !== undefined && only.end - only.start === text.length) return fillWhole(node, only, scope, place);
  let filled = '';
  let from = 0;
  for (const reference of references) {
    const value = valueOf(reference, node, scope, place);
    const inserted = value === undefined ? undefined : insertedText(value, reference, node, place);
    if (inserted === undefined) return node;
    filled += text.slice(from, reference.start) + inserted;
    from = reference.end;
  }
  const whole = withoutEscapes(filled + text.slice(from));
  return { ...node, value: whole, text: whole };
}

/** A text that is one reference and nothing else keeps the type of what it stands for. */
function fillWhole(node: RawScalar, reference: Reference, scope: Scope, place: FillPlace): RawNode {
  const value = valueOf(reference, node, scope, place);
  if (value === undefined) return node;
  if (value.kind === 'scalar' || place.takes === 'any') return { ...value, at: node.at, span: node.span };
  const text = insertedText(value, reference, node, place);
  return text === undefined ? node : { ...node, value: text, text };
}

function valueOf(reference: Reference, node: RawScalar, scope: Scope, place: FillPlace): RawNode | undefined {
  const { field, owner, problems } = place;
  const { expression } = reference;
  const at = placeOf(reference, node);
  const names = namesOf(expression);
  if (names === undefined) {
    problems.add(failure('bad-template', { expression, field, owner, problem: 'is no expression' }, { at }));
    return undefined;
  }
  const value = lookUp(scope, names);
  if (value === undefined) {
    const known = [...scope.local].flatMap(([name, local]) => [
      name,
      ...allKeys(rawToJson(local)).map((key) => `${name}.${key}`),
    ]);
    const near = nearestNames(expression, [...known, ...allKeys(rawToJson(scope.vars))]);
    problems.add(failure('unknown-variable', { expression, field, owner, near }, { at }));
  }
  return value;
}

function insertedText(
  value: RawNode,
  reference: Reference,
  node: RawScalar,
  { field, owner, problems, takes }: FillPlace,
): string | undefined {
  if (value.kind === 'scalar') return scalarText(value);
  const options = value.kind === 'map' && takes === 'options' ? optionsText(value) : undefined;
  if (options === undefined) {
    const inCommand = takes === 'options' && value.kind === 'map' ? ' with a list of lists or maps' : '';
    const problem = `stands for ${describeRaw(value)}${inCommand}; only text, numbers and flags fill in here`;
    const { expression } = reference;
    problems.add(failure('bad-template', { expression, field, owner, problem }, { at: placeOf(reference, node) }));
  }
  return options;
}

/** Where the reference stands, if the text is on one line and written without escapes; else where the text begins. */
function placeOf({ start, end }: Reference, { at, text }: RawScalar): SourceRange {
  const quotes = at.length - text.length;
  if (text.includes('\n') || (quotes !== 0 && quotes !== 2)) return at;
  return { ...at, column: at.column + quotes / 2 + start, length: end - start };
}
