import { failure, type Failure } from '../core/failure.ts';
import { canonicalJson, isJsonObject, type JsonValue } from '../core/json.ts';
import { nearestNames } from '../core/nearest.ts';
import { err, ok, type Result } from '../core/result.ts';
import { parseAssignment, type Assignment } from './assignment.ts';
import { addition, replacement, type Edit, type Spot } from './edit-text.ts';
import { tomlAddition, tomlReplacement } from './edit-toml.ts';
import { allKeys, followKey, rawChild, rawEntry, withValue, type Step } from './key-path.ts';
import { parseParamsTree } from './params-file.ts';
import { describeRaw, rawToJson, type RawMap, type RawNode } from './raw.ts';
import { formatOf } from './tree.ts';

/** A params file's text and what it holds: each change reads its own result back, and the next begins with that. */
interface ReadParams {
  readonly text: string;
  readonly root: RawMap;
}

/**
 * The text of a params file after some keys were set: comments, order, quotes and line ends of all else stay as they are.
 * Fails for an unknown key without `+`, a map that something else would replace, and values that an alias shares.
 */
export function setParams(text: string, file: string, assignments: readonly Assignment[]): Result<string> {
  let edited: ReadParams | undefined;
  for (const assignment of assignments) {
    const next = setParam(edited ?? text, file, assignment);
    if (!next.ok) return next;
    edited = next.value;
  }
  return ok(edited?.text ?? text);
}

/**
 * The new texts of all files that `-S` words change; `read` gives a file's present text. Either all words are good, or the first
 * failure comes back and nothing is to be written.
 */
export function editParams(
  words: readonly string[],
  read: (file: string) => Result<string>,
): Result<ReadonlyMap<string, string>> {
  const files = new Map<string, ReadParams>();
  for (const word of words) {
    const assignment = parseAssignment(word);
    if (!assignment.ok) return assignment;
    const { file } = assignment.value;
    const known = files.get(file);
    const before = known === undefined ? read(file) : ok(known);
    if (!before.ok) return before;
    const after = setParam(before.value, file, assignment.value);
    if (!after.ok) return after;
    files.set(file, after.value);
  }
  return ok(new Map(Array.from(files, ([file, { text }]) => [file, text])));
}

function setParam(before: string | ReadParams, file: string, assignment: Assignment): Result<ReadParams> {
  const format = formatOf(file);
  if (format === 'Python')
    return refused(assignment, `${file} is a program, which mlp reads but never changes; edit it`);
  const params = typeof before === 'string' ? readParams(before, file) : ok(before);
  if (!params.ok) return params;
  if (format === 'TOML' && assignment.value === null) return refused(assignment, 'TOML has no way to write "nothing"');
  const { text, root } = params.value;
  const steps = followKey<RawNode>(root, assignment.key, rawChild);
  if (steps !== undefined) return replaceValue(text, { root, steps, file }, assignment);
  return assignment.add ? addValue(text, { root, file }, assignment) : err(unknownKey(root, file, assignment));
}

function readParams(text: string, file: string): Result<ReadParams> {
  const root = parseParamsTree(text, file);
  return root.ok ? ok({ text, root: root.value }) : root;
}

function unknownKey(root: RawMap, file: string, { key }: Assignment): Failure {
  return failure('unknown-param', { key, file, near: nearestNames(key, allKeys(rawToJson(root))), addable: true });
}

interface Found {
  readonly root: RawMap;
  readonly steps: readonly Step<RawNode>[];
  readonly file: string;
}

function replaceValue(text: string, { root, steps, file }: Found, assignment: Assignment): Result<ReadParams> {
  const old = steps.at(-1)?.node ?? root;
  if (old.kind === 'map' && !isJsonObject(assignment.value)) {
    const members = old.entries.slice(0, 3).map(({ key }) => `${assignment.key}.${key}`);
    const problem = `${assignment.key} holds several parameters: set one of them (${members.join(', ')}), or give a map`;
    return refused(assignment, members.length === 0 ? `${assignment.key} is a map: give a map` : problem);
  }
  const names = steps.map(({ name }) => name);
  const parent = steps.at(-2)?.node ?? root;
  const spot: Spot = { parent, entry: rawEntry(parent, names.at(-1) ?? ''), value: old };
  const isToml = formatOf(file) === 'TOML';
  const edits = isToml ? tomlReplacement(text, old, assignment) : replacement(text, spot, assignment);
  return firstThatHolds({ text, root }, edits, {
    file,
    assignment,
    expected: withValue(rawToJson(root), names, assignment.value),
  });
}

function addValue(
  text: string,
  { root, file }: { root: RawMap; file: string },
  assignment: Assignment,
): Result<ReadParams> {
  const { parent, steps, missing } = deepestParent(root, assignment.key);
  const empty = parent.kind === 'scalar' && parent.value === null;
  if (parent.kind !== 'map' && !empty) {
    return refused(assignment, `${steps.map(({ name }) => name).join('.')} is ${describeRaw(parent)}, not a map`);
  }
  const spot: Spot = {
    parent: steps.at(-2)?.node ?? root,
    entry: rawEntry(steps.at(-2)?.node ?? root, steps.at(-1)?.name ?? ''),
    value: parent,
  };
  const names = [...steps.map(({ name }) => name), ...missing];
  const edits =
    parent.kind === 'map' && formatOf(file) === 'TOML'
      ? tomlAddition(text, parent, missing, assignment)
      : addition(text, spot, { names: missing, assignment, file });
  return firstThatHolds({ text, root }, edits, {
    file,
    assignment,
    expected: withValue(rawToJson(root), names, assignment.value),
  });
}

/** How far the dotted key leads into what is there, and the names that are missing below. */
function deepestParent(
  root: RawMap,
  key: string,
): { parent: RawNode; steps: readonly Step<RawNode>[]; missing: string[] } {
  const names = key.split('.');
  for (let known = names.length - 1; known > 0; known--) {
    const steps = followKey<RawNode>(root, names.slice(0, known).join('.'), rawChild);
    if (steps !== undefined) return { parent: steps.at(-1)?.node ?? root, steps, missing: names.slice(known) };
  }
  return { parent: root, steps: [], missing: names };
}

/**
 * Takes the first edit after which the file holds exactly the expected values. Reading the result back is what makes a splice safe:
 * quoting, indentation, aliases and merge keys cannot change anything unseen.
 */
function firstThatHolds(
  before: ReadParams,
  edits: readonly Edit[],
  { file, assignment, expected }: { file: string; assignment: Assignment; expected: JsonValue },
): Result<ReadParams> {
  const wanted = canonicalJson(expected);
  for (const { start, end, insert } of edits) {
    const text = before.text.slice(0, start) + insert + before.text.slice(end);
    const edited = text === before.text ? ok(before) : readParams(text, file);
    if (edited.ok && canonicalJson(rawToJson(edited.value.root)) === wanted) return edited;
  }
  return refused(
    assignment,
    `its place in ${file} cannot be changed alone (${formatOf(file) === 'TOML' ? 'it is a table with lines of its own' : 'an anchor, alias or merge key shares it'}); edit the file`,
  );
}

const refused = ({ text }: Assignment, problem: string) => err(failure('bad-assignment', { text, problem }));
